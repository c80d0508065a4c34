"""Rating objectives by hand: `handoff rate`, and what the app's screen for it shares with it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import cast

from facilitator.plain_data import plain_data
from facilitator.playing import find_session
from scoring.objectives import LETTERS
from scoring.scorecard import Letter
from simulator.by_hand import ByHand, by_hand, give_reason
from simulator.engine import NotAllowed
from simulator.log import LogError, open_store
from simulator.session import Session

TAKEN_BACK = "-"
MEANS: Mapping[Letter, str] = {  # HSEEP's four, as FACTS §9 gives them
    "P": "Every task was done, without harm to others and within law and plans.",
    "S": "Every task was done, but it took longer, or did less, than it should.",
    "M": "It was done, but with harm, added risk, or a breach of law or agreement.",
    "U": "It was not done.",
}
SHOWN = "The program's letters of this play have been shown, so what is rated now stays out of the agreement figures."
NOT_SHOWN = "The program's letters of this play have not been shown to anybody outside the pair's debrief."


def show_letters(session: Session) -> None:
    """To be called before the program's letters are shown to anybody outside the pair's debrief: the log says so, once.

    Somebody who may only read may read all the same; who cannot write to the store can rate nothing in it either.
    """
    with suppress(LogError):
        session.reveal()


def may_have_seen(session: Session) -> bool:
    """Whether a rater can have seen the program's letters though the log does not say so: over the pair's shoulders."""
    return not session.play.revealed and session.debrief_phase is not None


def unrated(session: Session) -> tuple[str, ...]:
    """The objectives that nobody rated by hand yet."""
    return tuple(each for each in session.bundle.scenario.objectives if each not in session.play.ratings)


def rate_one(session: Session, objective: str, letter: Letter | None, *, blind: bool, why: str | None) -> None:
    """Keep a rating and its line why; `why` None leaves the line as it was. A rating taken back takes its line along.

    Raises NotAllowed, LogError.
    """
    session.rate(objective, letter, blind=blind)
    if letter is None or why is not None:
        give_reason(session, objective, why or "" if letter is not None else "")


def rate(args: argparse.Namespace) -> int:
    """`handoff rate`. Exit code 2 for an objective or a letter that there is none of; then nothing is kept."""
    store = open_store(args.store)
    try:
        session = Session.reopen(store, find_session(store, args.session))
        try:
            wanted = _wanted(args.ratings, args.why, session)
        except NotAllowed as error:
            print(f"handoff: {error}", file=sys.stderr)
            return 2
        for objective, letter in wanted:
            rate_one(session, objective, letter, blind=not args.seen, why=args.why)
        letters = by_hand(session)
    finally:
        store.close()
    if args.json:
        print(json.dumps(_as_json(session, letters), ensure_ascii=False))
    elif wanted:
        _print_kept(session, letters, [objective for objective, _ in wanted])
    else:
        _print_all(session, letters)
    return 0


def _wanted(given: Sequence[str], why: str | None, session: Session) -> list[tuple[str, Letter | None]]:
    """What the command line asks for, all of it looked at before any is kept. Raises NotAllowed."""
    known = session.bundle.scenario.objectives
    wanted: dict[str, Letter | None] = {}
    for text in given:
        objective, equals, letter = (part.strip() for part in text.partition("="))
        if not equals:
            raise NotAllowed(
                f"“{text}” is no rating; write OBJECTIVE=LETTER, such as {next(iter(known), 'objective')}=S"
            )
        if objective not in known:
            raise NotAllowed(f"there is no objective “{objective}” here; there is {', '.join(known) or 'none'}")
        if letter != TAKEN_BACK and letter.upper() not in LETTERS:
            raise NotAllowed(f"“{letter}” is no letter; write {', '.join(LETTERS)}, or - to take a rating back")
        if objective in wanted:
            raise NotAllowed(f"“{objective}” is rated twice here; say which of the two")
        wanted[objective] = None if letter == TAKEN_BACK else cast("Letter", letter.upper())
    if why is not None and len(wanted) != 1:
        raise NotAllowed("--why says why of one rating; name one objective with it, and rate the others after it")
    return list(wanted.items())


def _example(text: str, known: Mapping[str, object]) -> str:
    return text if text in known else next(iter(known), "objective")


def _print_all(session: Session, letters: Mapping[str, ByHand]) -> None:
    scenario = session.bundle.scenario
    print(f"{scenario.title}: {len(scenario.objectives)} objective{'s' * (len(scenario.objectives) != 1)}")
    for objective in scenario.objectives.values():
        print(f"\n  {objective.id}\n    {objective.text.rstrip('.')}.")
        print(f"    {letters[objective.id].words if objective.id in letters else 'Not rated by hand.'}")
    print("\nWhat the letters mean")
    for letter, name in LETTERS.items():
        print(f"  {letter}  {name}. {MEANS[letter]}")
    print(f"\n{SHOWN if session.play.revealed else NOT_SHOWN}")
    if scenario.objectives:
        print(
            f"Rate with: handoff rate {session.id} {_example('', scenario.objectives)}=S --why “a line, no real people”"
        )


def _print_kept(session: Session, letters: Mapping[str, ByHand], asked: Sequence[str]) -> None:
    for objective in asked:
        said = letters[objective].words if objective in letters else "taken back."
        print(f"{objective}: {said[0].lower()}{said[1:]}")
    if session.play.revealed:
        print(SHOWN)
    elif may_have_seen(session) and any(letters[each].blind for each in asked if each in letters):
        print("If you saw the program's letters in the pair's debrief, say so: rate again with --seen.")


def _as_json(session: Session, letters: Mapping[str, ByHand]) -> dict[str, object]:
    scenario = session.bundle.scenario
    return {
        "session": session.id,
        "scenario": scenario.id,
        "title": scenario.title,
        "finished": session.finished,
        "shown": session.play.revealed,
        "objectives": [
            {"objective": each.id, "text": each.text, "by_hand": plain_data(letters.get(each.id))}
            for each in scenario.objectives.values()
        ],
        "letters": {letter: {"name": name, "means": MEANS[letter]} for letter, name in LETTERS.items()},
    }
