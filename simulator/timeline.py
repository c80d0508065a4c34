"""What happened, for the debrief: every seat's private knowledge open, each line saying who alone saw it then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from simulator.engine import State, chain, said
from simulator.events import Unprompted
from simulator.injecting import readers, witnesses
from simulator.view import acted_until, acts


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One line of the debrief's timeline. `private_to`: the seats that alone saw it during play; empty for all."""

    step: int
    at: datetime
    kind: str  # scene, choice, chance, inject, message, learned, private
    text: str
    who: str | None
    private_to: tuple[str, ...]


def timeline(state: State) -> tuple[Moment, ...]:
    """What happened, in order, with what only some of the seats knew at the time."""
    return tuple(_moments(state))


def _moments(state: State) -> Iterator[Moment]:
    game = state.game
    seats = game.scenario.seats

    def only(present: frozenset[str], scene: str) -> tuple[str, ...]:
        """Who alone saw it; nobody in particular, if all who were in the story by then did."""
        return () if present >= game.attendance.at(scene) else tuple(seats[s].name for s in game.seats if s in present)

    for number, at in enumerate(chain(state)):
        began = at.prev.now if at.prev is not None else 0
        for who, action in acts(at):
            assert at.prev is not None
            spoken = said(at).speech if isinstance(at.event, Unprompted) else None
            present = game.scenes[at.prev.scene].present | ({who} if who is not None else set())
            present = spoken.heard_by if spoken is not None else present
            name = seats[who].name if who is not None else None
            yield Moment(
                step=number,
                at=game.calendar.at(began),
                kind="choice" if who is not None else "chance",
                text=action.text,
                who=name,
                private_to=only(frozenset(present), at.prev.scene),
            )
            when = game.calendar.at(acted_until(at))
            for message in () if spoken is not None else action.message:
                to = frozenset({who, *message.to}) if who is not None else frozenset(message.to)
                yield Moment(
                    step=number,
                    at=when,
                    kind="message",
                    text=message.text,
                    who=name,
                    private_to=only(to, at.prev.scene),
                )
        if at.prev is not None:
            for (seat, item), knowing in at.record.known.items():
                if (seat, item) not in at.prev.record.known:
                    source = seats[knowing.source].name if knowing.source in seats else knowing.source
                    yield Moment(
                        step=number,
                        at=game.calendar.at(knowing.minute),
                        kind="learned",
                        text=f"{seats[seat].name} learns {game.scenario.items[item].text} (from {source})",
                        who=seats[seat].name,
                        private_to=(seats[seat].name,),
                    )
        for scene_id, minute in at.entered:
            scene = game.scenes[scene_id]
            if scene.scene.text:
                yield Moment(
                    step=number,
                    at=game.calendar.at(minute),
                    kind="scene",
                    text=scene.scene.title or scene.scene.text,
                    who=None,
                    private_to=only(scene.present, scene_id),
                )
            for seat, text in scene.scene.private.items():
                yield Moment(
                    step=number,
                    at=game.calendar.at(minute),
                    kind="private",
                    text=text,
                    who=seats[seat].name,
                    private_to=(seats[seat].name,),
                )
        for inject_id, minute in at.injected:
            inject = game.injects[inject_id]
            when = game.calendar.at(minute)
            if inject.inject.text:
                yield Moment(
                    step=number,
                    at=when,
                    kind="inject",
                    text=inject.inject.text,
                    who=None,
                    private_to=only(witnesses(game, inject_id, at.scene), at.scene),
                )
            for seat in [each for each in game.seats if each in readers(game, inject_id, at.scene)]:
                text = inject.inject.private[seat]
                name = seats[seat].name
                yield Moment(step=number, at=when, kind="private", text=text, who=name, private_to=(name,))
