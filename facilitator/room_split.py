"""How the pairs of a room decided: at each decision how many went which way, what it cost, and why it is rated so. Without a name.

Only what people chose counts, and of each pair only its first time in a scene. Where fewer than three pairs decided, nothing is counted
and nothing is told that only those who were there could have brought about.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.discretion import discreet

if TYPE_CHECKING:
    from scoring.scorecard import Decision
    from simulator.library import Bundle
    from simulator.session import Session

ENOUGH = 3  # pairs from which on ways are counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One open option. `pairs`: how many took it; None where that is not told. `cost`: what more could have been, one sentence each."""

    text: str
    pairs: int | None
    because: str
    felt: str
    cost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A decision of a seat. `pairs`: how many decided it; None for fewer than three. `question`, `sides`: where there is no right answer.

    `turning`: whether it was a turning point for somebody, where ways are counted.
    """

    title: str
    seat: str
    pairs: int | None
    ways: tuple[Way, ...]
    question: str = ""
    sides: tuple[str, ...] = ()
    turning: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """A room's debrief: `pairs` that were looked at, its decisions in the story's order, the author's questions."""

    title: str
    pairs: int
    splits: tuple[Split, ...]
    prompts: tuple[str, ...]


def together(sessions: Sequence[Session]) -> Together:
    """What a room decided. Of several scenarios the one that most played; blocks like `Session.hindsight`, once a pair. Raises LogError."""
    if not sessions:
        return Together(title="", pairs=0, splits=(), prompts=())
    [(texts, _)] = Counter(_texts(session) for session in sessions).most_common(1)
    alike = [session for session in sessions if _texts(session) == texts]
    bundle = alike[0].bundle.drawn({})  # in the words as written, whatever each play drew
    prompts = bundle.scenario.guide.prompts if bundle.scenario.guide is not None else ()
    splits = tuple(_splits(bundle, [discreet(session) for session in alike]))
    return Together(title=bundle.scenario.title, pairs=len(alike), splits=splits, prompts=prompts)


def _texts(session: Session) -> tuple[str, ...]:
    return tuple(text.digest for text in session.bundle.texts)


def _splits(bundle: Bundle, sessions: Sequence[Session]) -> Iterator[Split]:
    taken: dict[tuple[str, str], list[str]] = defaultdict(list)
    offered: dict[tuple[str, str], set[str]] = defaultdict(set)
    costs: dict[tuple[str, str, str], dict[str, None]] = defaultdict(dict)
    for session in sessions:
        actions = _by_text(session)
        for decision in _decisions(session):
            taken[decision.scene, decision.seat].append(decision.chosen.action)
            offered[decision.scene, decision.seat] |= {option.action for option in decision.open}
        found = session.hindsight()
        for point in found.points if found is not None else ():
            action = actions.get((point.scene, point.chosen))
            if action is not None and not point.by_computer:
                costs[point.scene, point.seat, action] |= dict.fromkeys(point.could_still)
    for scene in bundle.scenario.scenes.values():
        for seat in bundle.scenario.seats.values():
            here = taken.get((scene.id, seat.id), [])
            if not here:
                continue
            told = len(here) >= ENOUGH
            judgement = scene.judgement
            ways = tuple(
                Way(
                    text=action.text,
                    pairs=here.count(action.id) if told else None,
                    because=action.because,
                    felt=action.felt or "",
                    cost=tuple(costs.get((scene.id, seat.id, action.id), ())) if told and judgement is None else (),
                )
                for action in scene.actions.values()
                if action.seat in (None, seat.id) and (not told or action.id in offered[scene.id, seat.id])
            )
            yield Split(
                title=scene.title or scene.id,
                seat=seat.name,
                pairs=len(here) if told else None,
                ways=ways,
                question=judgement.question if judgement is not None else "",
                sides=judgement.both_sides if judgement is not None else (),
                turning=told and any((scene.id, seat.id, way) in costs for way in here),
            )


def _decisions(session: Session) -> Iterator[Decision]:
    """What people chose, of each scene and seat the first; what was said unprompted is no way that somebody else could have not taken."""
    seen: set[tuple[str, str]] = set()
    scenes = session.bundle.scenario.scenes
    for decision in session.scorecard().decisions:
        where = (decision.scene, decision.seat)
        if decision.by_computer or where in seen or decision.chosen.action not in scenes[decision.scene].actions:
            continue
        seen.add(where)
        yield decision


def _by_text(session: Session) -> dict[tuple[str, str], str]:
    """Scene and an action's words, as this play drew them → the action."""
    scenes = session.bundle.scenario.scenes.values()
    return {(scene.id, action.text): action.id for scene in scenes for action in scene.actions.values()}
