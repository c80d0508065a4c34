"""Which sessions under way could go on under a new text, and which stay with the one they pinned, and why.

A session could move if everything in its log happens on the new text too, step by step, and it comes out in the same
scene. The rest it plays under stays as the session keeps it. Nothing is moved here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from simulator.engine import NotAllowed
from simulator.events import BadEvent, Chance, Choose, Event, Inject, Predict, Rewind, Unprompted
from simulator.library import Bundle, Text, bundle_from_texts
from simulator.log import LogError, SessionRow, Store
from simulator.problems import Unreadable
from simulator.reading import Read, Shelf, check, read_text
from simulator.session import Play, Session, begin, fold, game_of
from simulator.speaking import words_of


@dataclass(frozen=True, slots=True)
class Moving:
    """What an edit means for one session. `scene`: where it stands; `step`: the event (from 1) that does not fit."""

    session: str
    scene: str
    can_move: bool
    why: str = ""
    step: int | None = None


def moving(store: Store, old: Read, new: Read) -> tuple[Moving, ...]:
    """Every unfinished session that plays a text of this id, last played first, unless it plays the new one already."""
    return tuple(_moving(store, old, new))


def _moving(store: Store, old: Read, new: Read) -> Iterator[Moving]:
    kind = str(new.kind)
    digest = hashlib.sha256(new.source.original.encode()).hexdigest()
    for row in store.sessions(finished=False):
        if getattr(row, kind) not in (old.value.id, new.value.id):
            continue
        try:
            session = Session.reopen(store, row.id)
        except (LogError, Unreadable, BadEvent) as error:
            yield Moving(row.id, "", False, f"it cannot be read: {str(error).splitlines()[0]}")
            continue
        if any(text.kind == kind and text.digest == digest for text in session.bundle.texts):
            continue
        yield _judge(row, session, kind, Text(kind, new.value.id, digest, new.source.original, new.source.file))


def _judge(row: SessionRow, session: Session, kind: str, text: Text) -> Moving:
    stands = session.state.scene
    try:
        bundle = _bundle(session, kind, text)
    except Unreadable as error:
        problem = error.problems[0]
        return Moving(row.id, stands, False, f"the new text does not fit what it is played under: {problem.message}")
    plays: list[Play] = []
    for number, event in enumerate(session.events):
        try:
            play = begin(game_of(bundle), event) if not plays else fold(plays[-1], event, plays)  # type: ignore[arg-type]
        except (NotAllowed, KeyError) as error:
            return Moving(row.id, stands, False, _step(number, event, plays[-1], session, str(error)), number)
        plays.append(play)
    if (ends := plays[-1].state.scene) != stands:
        return Moving(row.id, stands, False, f"it stands in “{stands}”, and the same choices now lead to “{ends}”")
    return Moving(row.id, stands, True)


def _bundle(session: Session, kind: str, text: Text) -> Bundle:
    """The session's own texts, with the new one in its place. Raises Unreadable, also when a name leads nowhere now."""
    texts = [text if kept.kind == kind else kept for kept in session.bundle.texts]
    fresh = read_text(kind, text.text, text.path)
    # Any agreement may be played, so an objective's duties need not be in it; words and principles must exist.
    errors = check(fresh, Shelf(vocabulary=session.bundle.vocabulary, framework=session.bundle.framework))
    if not fresh.sound:
        raise Unreadable(problem for problem in errors if problem.severity == "error")
    return bundle_from_texts(texts)


def _step(number: int, event: Event, before: Play, session: Session, said: str) -> str:
    """Which step does not fit, in words."""
    scene = before.state.scene
    if isinstance(event, Choose):
        what = f"“{event.seat}: {event.action}”"
    elif isinstance(event, Chance):
        what = f"“chance: {event.action}”"
    elif isinstance(event, Unprompted):
        what = f"“{event.seat}: {words_of(event)}”"
    elif isinstance(event, Inject):
        what = f"“inject: {event.inject}”"
    elif isinstance(event, Predict):
        what = f"{event.seat}'s guess"
    else:
        what = f"“{event.kind}”"
    undone = any(isinstance(later, Rewind) and later.to < number for later in session.events[number:])
    return f"step {number}, {what} in “{scene}”{' (since taken back)' if undone else ''}: {said.rstrip('.')}"
