"""The next episode of a series: made ready from the session before, for every way to play."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from scoring.duties import status
from scoring.rules import Duty
from simulator.assess import pardoned
from simulator.continuing import carry, facts_carried
from simulator.engine import State
from simulator.library import Bundle, Library
from simulator.log import Place
from simulator.series import Series, seat_map
from simulator.session import Session
from simulator.variants import Wanted


class CannotFollow(ValueError):
    """The next episode cannot go on from that session; the message says why, in one sentence."""


@dataclass(frozen=True, slots=True)
class Next:
    """An episode ready to be begun: what it plays, who sits where, and what is drawn."""

    bundle: Bundle
    places: tuple[Place, ...]
    draw: Wanted


def place_in(bundle: Bundle) -> str:
    """“Episode 2 of 3: The series' title”; empty outside a series."""
    if bundle.series is None:
        return ""
    return f"Episode {bundle.episode} of {len(bundle.series.episodes)}: {bundle.series.title}"


def next_of(session: Session) -> int | None:
    """The number of the episode that would come next; None outside a series, before the ending, and after the last."""
    series = session.bundle.series
    return series.next_number(session.bundle.episode) if series is not None and session.finished else None


def following(library: Library, session: Session, series: str | Path | None = None) -> Next:
    """The next episode, with what this session carries over to it. Raises CannotFollow, Unreadable.

    `series`: where the series is to be found, if not by its id.
    """
    played = session.bundle.series
    if played is None:
        raise CannotFollow(f"the session {session.id} belongs to no series, so nothing follows it")
    if not session.finished:
        raise CannotFollow(f"the session {session.id} has not ended yet; go on with: handoff resume {session.id}")
    number = played.next_number(session.bundle.episode)
    if number is None:
        raise CannotFollow(f"the session {session.id} was the last episode of “{played.title}”")
    setting = session.bundle.mou.id, session.bundle.jurisdiction.id
    bundle = library.episode(series or played.id, number, mou=setting[0], jurisdiction=setting[1])
    now = bundle.series
    assert now is not None
    if now.id != played.id or now.episodes[number - 2].scenario != session.bundle.scenario.id:
        raise CannotFollow(
            f"the session {session.id} played “{session.bundle.scenario.title}”, and episode {number - 1} of “{now.title}” is another"
        )
    episode = now.episodes[number - 1]
    carried = carry(session.state, episode, now.taken_over(number), bundle.scenario)
    there = session.bundle.scenario.seats
    seats = {new: old for old, new in seat_map(episode, there, bundle.scenario.seats).items()}
    return Next(
        replace(bundle, follows=session.id, carried=carried),
        _places(session, bundle, seats),
        same_draw(session.bundle, bundle),
    )


def same_draw(before: Bundle, after: Bundle) -> Wanted:
    """The same names and places in the next episode, as far as it has the same lists."""
    lists = after.scenario.variants
    return Wanted({name: n for name, n in before.draw.items() if name in lists and n < len(lists[name])})


def _places(session: Session, bundle: Bundle, seats: dict[str, str]) -> tuple[Place, ...]:
    """Whoever sat in a seat sits in the one that it is played on by; others join the people, or the computer's seats."""
    before = {place.seat: place for place in session.places}
    others = next((place.player for place in session.places if place.player != "human"), "human")
    return tuple(
        Place(seat, old.alias if old.player == "human" else "", old.player, old.agency)
        if (old := before.get(seats.get(seat, ""))) is not None
        else Place(seat, "", others)
        for seat in bundle.scenario.seats
    )


def carries_on(session: Session) -> tuple[str, ...]:
    """For the debrief: what the next episode takes over, in sentences; nothing outside a series and after its last."""
    series, number = session.bundle.series, next_of(session)
    if series is None or number is None:
        return ()
    return tuple(_carries_on(session, series, number))


def _carries_on(session: Session, series: Series, number: int) -> Iterator[str]:
    """The headline; then what is still open, if anything; then the rest."""
    state, game = session.state, session.state.game
    carries, scenario = series.taken_over(number), session.state.game.scenario
    yield f"Episode {number} of {len(series.episodes)} goes on from here."
    facts = facts_carried(game, carries)
    if still := list(_still_open(state, facts)):
        yield "Still open then: " + " ".join(still)
    kinds = {**game.vocabulary.facts, **scenario.facts}
    if happened := [kinds[fact].text.rstrip(".") for fact in facts if fact in state.record.facts]:
        yield "What has happened stays so: " + " ".join(f"{text}." for text in happened)
    stands = [scenario.meters[name].label for name in carries.meters if name in scenario.meters]
    stands += [scenario.statuses[name].label or name for name in carries.statuses if name in scenario.statuses]
    if stands:
        yield f"It begins with how these stand: {'; '.join(stands)}."
    if items := [scenario.items[name].text for name in carries.items if name in scenario.items]:
        yield f"Whoever knows it still knows {'; '.join(items)}."
    if forms := [scenario.releases[name].purpose for name in carries.releases if name in scenario.releases]:
        yield f"Releases run on, or have run out: {'; '.join(form.rstrip('.') for form in forms)}."
    if carries.voice is not None:
        yield "It opens with what the survivor says now."


def _still_open(state: State, facts: Container[str]) -> Iterator[str]:
    excused = pardoned(state)
    for key, rule in state.game.watchers.items():
        if not isinstance(rule.rule, Duty) or not any(name in facts for name in rule.names):
            continue
        for index, watch in enumerate(state.watches[key]):
            if status(rule, watch, state.now, ended=True) == "open at the end" and (key, index) not in excused:
                yield f"{rule.rule.text.rstrip('.')} (clause {rule.rule.clause})."
