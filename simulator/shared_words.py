"""A pair's private answers in sentences: what was guessed, how it came, and what that comes to. Blame-free; it weighs nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from scoring.scorecard import Calibration, DistressGuess, DutyGuess, Prediction, SharedPicture

EARNS_NOTHING = "knowing that a line would be crossed earns nothing"


def guessed(guess: Prediction, names: Mapping[str, str]) -> tuple[str, str]:
    """What was guessed of a partner's step, and how it came."""
    came = "as you thought" if guess.agreed else "not as you thought"
    note = f"; {EARNS_NOTHING}" if guess.agreed and not guess.credited else ""
    said = f"{names[guess.seat]} guessed that {names[guess.of]} would: {guess.guess}"
    return said, f"It came {came}: {guess.happened}{note}"


def placed(duty: DutyGuess, names: Mapping[str, str], *, pair: str = "You") -> tuple[str, str]:
    """What was answered to “whose duty is this?”, and what the agreement says. `pair`: how those who answered are spoken of."""
    said = "; ".join(f"{names[seat]} said “{answer}”" for seat, answer, _ in duty.answers)
    same = {True: f" {pair} answered the same.", False: f" {pair} answered differently.", None: ""}[duty.same]
    return f"Whose duty is this? {duty.what}", f"{said}.{same} {by_agreement(duty)}"


def by_agreement(duty: DutyGuess) -> str:
    """What the agreement that is played says, with its clauses."""
    if not duty.clauses:
        return "This agreement says nothing of it, so it is nobody's duty here."
    by = f"By clause {' and '.join(duty.clauses)}"
    return f"{by} it is: {duty.answer}."


def felt(guess: DistressGuess, names: Mapping[str, str]) -> tuple[str, str]:
    """How distressing a step was thought to be, and how it was by the scenario's own account."""
    apart = guess.guess - guess.account
    if apart:
        said = f"{names[guess.seat]} thought it {_less_or_more(apart)} distressing than the scenario's own account"
    else:
        said = f"{names[guess.seat]} thought it as distressing as the scenario's own account"
    after = f" After: {guess.after}" if guess.after else ""
    return f"{guess.question}{after}", f"{said}: {guess.guess} of 10, and {guess.account} by that account."


def summed(picture: SharedPicture, names: Mapping[str, str], *, pair: str = "you") -> Iterator[str]:
    """What all of it comes to, in a sentence each; nothing where nobody answered."""
    if picture.foreseen:
        guesses, right = (sum(getattr(each, what) for each in picture.foreseen) for what in ("guesses", "right"))
        ways = "; ".join(f"{names[f.seat]} of {names[f.of]} {f.right} of {f.guesses}" for f in picture.foreseen)
        yield f"What {pair} foresaw of each other came true {right} of {_times(guesses)} ({ways}). A breach foreseen is not counted."
    if picture.placed:
        ways = "; ".join(f"{names[p.seat]} {p.right} of {p.answers}" for p in picture.placed)
        same = (
            f"{pair.capitalize()} said the same {picture.same} of {_times(picture.asked_both)}. "
            if picture.asked_both
            else ""
        )
        yield f"Whose duty it is: {same}As the agreement has it: {ways}."
    for each in picture.distress:
        yield calibration(each, names)


def calibration(each: Calibration, names: Mapping[str, str]) -> str:
    """How a seat's guesses at distress lie to the scenario's own account, on average, with how many there were."""
    said = f"{each.guesses} answer{'s' * (each.guesses != 1)}"
    if not each.apart:
        return f"{names[each.seat]} thought it as distressing as the scenario's own account, on average ({said})."
    points = _number(abs(each.apart))
    return (
        f"{names[each.seat]} thought it {_less_or_more(each.apart)} distressing than the scenario's own account: on average "
        f"{points} point{'' if points == '1' else 's'} {'below' if each.apart < 0 else 'above'} ({said})."
    )


def _less_or_more(apart: Fraction | int) -> str:
    return "less" if apart < 0 else "more"


def _times(number: int) -> str:
    return f"{number} time{'s' * (number != 1)}"


def _number(value: Fraction) -> str:
    return f"{float(value):.1f}".removesuffix(".0")
