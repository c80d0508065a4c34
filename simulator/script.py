"""Scripts: one choice a line, `seat: action-id`; `chance: action-id` fixes what chance brings, `inject: inject-id` is what
whoever runs the room brings by hand; `#` begins a comment.

What is said unprompted has a verb before what it is about: `advocate: tell officer gun_in_truck by phone`. No action's id
holds a space, so the two cannot be taken for each other. `Session.transcript` writes scripts, `handoff play --script`
plays them: a transcript doubles as a test.
"""

from __future__ import annotations

from typing import NamedTuple

from simulator.engine import NotAllowed, options, outcomes, turn
from simulator.events import Ask, AskRelease, Call, Consult, Revoke, Tell, Unprompted
from simulator.session import Session
from simulator.speaking import BY_WORD, words_of

SPOKEN = """\
call SEAT · tell SEAT ITEM in person | by phone | by message · ask SEAT ITEM · ask-release RELEASE · revoke RELEASE · \
consult WHOM"""
_VERBS = ("call", "tell", "ask", "ask-release", "revoke", "consult")
_BY = {word: channel for channel, word in BY_WORD.items()}


class ScriptLine(NamedTuple):
    """One choice and the line (from 1) it stands on. `seat`: who chooses; `chance`, or `inject` for the room's facilitator.
    `action`: an action's id, or what is said, as `words_of` writes it."""

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
        lines.append(ScriptLine(number, seat, " ".join(action.split())))
    return tuple(lines)


def is_speech(words: str) -> bool:
    """Whether these words of a script mean something said unprompted, rightly written or not."""
    return " " in words and words.split()[0] in _VERBS


def spoken(seat: str, words: str) -> Unprompted | None:
    """The event that `words_of` writes as these words; None if they are not written so. Whether it can be said is another matter."""
    match words.split():
        case ["call", to]:
            return Call(seat=seat, to=to)
        case ["tell", to, item, *how] if (channel := _BY.get(" ".join(how))) is not None:
            return Tell(seat=seat, to=to, item=item, channel=channel)
        case ["ask", to, item]:
            return Ask(seat=seat, to=to, item=item)
        case ["ask-release", form]:
            return AskRelease(seat=seat, form=form)
        case ["revoke", form]:
            return Revoke(seat=seat, form=form)
        case ["consult", whom]:
            return Consult(seat=seat, whom=whom)
        case _:
            return None


def play_line(session: Session, line: ScriptLine, name: str = "script") -> None:
    """Make the choice of one line, or say what it says. Raises BadScript when the play is not at that point."""
    state = session.state
    where = f"{name}:{line.number}: “{line.seat}: {line.action}” cannot be played in “{state.scene}”"
    if state.ended:
        raise BadScript(f"{where}: the play has ended")
    speech = is_speech(line.action)
    try:
        if line.seat == "chance":
            session.bring(line.action)
        elif line.seat == "inject":
            session.inject(line.action)
        elif not speech:
            session.choose(line.seat, line.action)
        elif (event := spoken(line.seat, line.action)) is not None:
            session.say(event)
        else:
            raise BadScript(f"{where}: what is said is written {SPOKEN}")
    except NotAllowed as error:
        possible = _sayable(session, line.seat) if speech else _possible(session)
        raise BadScript(f"{where}: {error}; {possible}") from None


def _possible(session: Session) -> str:
    state = session.state
    found = [f"chance: {outcome.id}" for outcome in outcomes(state)]
    for seat in turn(state):
        found += [f"{seat}: {option.action.id}" for option in options(state, seat) if option.open]
    said = [f"{seat}: {words_of(each.event)}" for seat in turn(state) for each in session.view(seat).sayable[:1]]
    also = f", or something said, such as “{said[0]}”" if said else ""
    return f"what could stand here: {', '.join(found)}{also}"


def _sayable(session: Session, seat: str) -> str:
    """What the seat could say now, or why it can say nothing."""
    if seat not in turn(session.state):
        return _possible(session)
    found = [words_of(each.event) for each in session.view(seat).sayable]
    if not found:
        return f"nothing can be said unprompted here; {_possible(session)}"
    return f"what {seat} could say here: {', '.join(found)}"
