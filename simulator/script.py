"""Scripts: one choice a line, `seat: action-id`; `chance: action-id` fixes what chance brings; `#` begins a comment.

`Session.transcript` writes them, `handoff play --script` plays them: a transcript doubles as a test.
"""

from __future__ import annotations

from typing import NamedTuple

from simulator.engine import NotAllowed, options, outcomes, turn
from simulator.session import Session


class ScriptLine(NamedTuple):
    """One choice and the line (from 1) it stands on."""

    number: int
    seat: str
    action: str


class BadScript(ValueError):
    """The script cannot be played; the message names the line and what could stand there."""


def parse(text: str, name: str = "script") -> tuple[ScriptLine, ...]:
    """Read a script. Raises BadScript."""
    lines = []
    for number, raw in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        line = raw.split("#", 1)[0].strip()
        if not line:
            continue
        seat, colon, action = (part.strip() for part in line.partition(":"))
        if not (seat and colon and action):
            raise BadScript(f"{name}:{number}: “{line}” is no choice; write “seat: action-id”")
        lines.append(ScriptLine(number, seat, action))
    return tuple(lines)


def play_line(session: Session, line: ScriptLine, name: str = "script") -> None:
    """Make the choice of one line. Raises BadScript when the play is not at that point."""
    state = session.state
    where = f"{name}:{line.number}: “{line.seat}: {line.action}” cannot be played in “{state.scene}”"
    if state.ended:
        raise BadScript(f"{where}: the play has ended")
    try:
        if line.seat == "chance":
            session.bring(line.action)
        else:
            session.choose(line.seat, line.action)
    except NotAllowed as error:
        raise BadScript(f"{where}: {error}; what could stand here: {_possible(session)}") from None


def _possible(session: Session) -> str:
    state = session.state
    found = [f"chance: {outcome.id}" for outcome in outcomes(state)]
    for seat in turn(state):
        found += [f"{seat}: {option.action.id}" for option in options(state, seat) if option.open]
    return ", ".join(found)
