"""What a pair's private answers come to: how often each foresaw the other, knew whose duty it was, and felt what it was like.

Sums only, of one play. A breach that was foreseen counts as a guess that was not right; nobody is ranked, and nothing of
this enters a score or an outlook.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from scoring.scorecard import (
    Calibration,
    DistressGuess,
    DutyGuess,
    Foreseen,
    Placed,
    Prediction,
    Scorecard,
    SharedPicture,
)


def picture(
    predictions: Iterable[Prediction], duties: Sequence[DutyGuess], distress: Iterable[DistressGuess]
) -> SharedPicture:
    """The sums over a play, seat by seat in the order in which they first answered; what was passed is in none of them."""
    foreseen: dict[tuple[str, str], list[bool]] = {}
    for guess in predictions:
        if guess.guess is not None:
            foreseen.setdefault((guess.seat, guess.of), []).append(guess.credited)
    placed: dict[str, list[bool]] = {}
    for duty in duties:
        for seat, _, right in duty.answers:
            placed.setdefault(seat, []).append(right)
    apart: dict[str, list[int]] = {}
    for felt in distress:
        apart.setdefault(felt.seat, []).append(felt.guess - felt.account)
    both = [duty.same for duty in duties if duty.same is not None]
    return SharedPicture(
        foreseen=tuple(
            Foreseen(seat=seat, of=of, guesses=len(right), right=sum(right)) for (seat, of), right in foreseen.items()
        ),
        placed=tuple(Placed(seat=seat, answers=len(right), right=sum(right)) for seat, right in placed.items()),
        asked_both=len(both),
        same=sum(both),
        distress=tuple(
            Calibration(seat=seat, guesses=len(each), apart=Fraction(sum(each), len(each)))
            for seat, each in apart.items()
        ),
    )


def of_people(card: Scorecard, people: Collection[str]) -> Scorecard:
    """The card with the private answers of these seats alone, and guesses about them alone."""
    predictions = tuple(guess for guess in card.predictions if guess.seat in people and guess.of in people)
    duties = []
    for duty in card.whose_duties:
        answers = tuple(answer for answer in duty.answers if answer[0] in people)
        same = len({said for _, said, _ in answers}) == 1 if len(answers) > 1 else None
        if answers:
            duties.append(replace(duty, answers=answers, same=same))
    distress = tuple(each for each in card.distress if each.seat in people)
    return replace(
        card,
        predictions=predictions,
        whose_duties=tuple(duties),
        distress=distress,
        picture=picture(predictions, duties, distress),
    )
