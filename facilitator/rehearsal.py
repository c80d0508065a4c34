"""A play that is kept nowhere: a session in memory, from the opening or from any scene with any facts.

A jump is written as the author would write it: narrations without words before the scene, which record what is wanted.
So the engine needs no second way in, and a jump means the same after each edit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, cast

from simulator import engine
from simulator.events import Chance, Choose, Event, Inject, Start, Unprompted
from simulator.library import Bundle
from simulator.log import Place
from simulator.model import Branch, Scene
from simulator.problems import did_you_mean
from simulator.script import SPOKEN, is_speech, spoken
from simulator.session import Session, fold
from simulator.speaking import words_of


class BadJump(ValueError):
    """A jump that leads nowhere; the message is one sentence for the author."""


class Choice(NamedTuple):
    """One recorded choice: a seat's, chance's (`seat` is `chance`), or an inject by hand (`seat` is `inject`). `action`: its id, or
    what was said, as scripts write it."""

    seat: str
    action: str

    def __str__(self) -> str:
        return f"{self.seat}: {self.action}"


@dataclass(frozen=True, slots=True)
class Jump:
    """A scene to begin in, and what is true there already. `facts`: how often each has happened."""

    scene: str
    facts: Mapping[str, int] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)
    meters: Mapping[str, int] = field(default_factory=dict)
    known: tuple[tuple[str, str], ...] = ()  # seat, item
    signed: tuple[str, ...] = ()  # release forms


class Rehearsal(Session):
    """A session that writes nothing. Every seat is human, and chance is chosen too."""

    def __init__(self, bundle: Bundle) -> None:
        seats = bundle.scenario.seats
        start = Start(scenario=bundle.scenario.id, texts={}, seats=dict.fromkeys(seats, "human"), seed=0)
        super().__init__(cast(Any, None), "rehearsal", bundle, start, [Place(seat, "", "human") for seat in seats])

    def _append(self, events: Iterable[Event]) -> None:
        for event in events:
            self._plays.append(fold(self.play, event, self._plays))
            self._events.append(event)

    def run_others(self, limit: int = 10_000, *, chance_alone: bool = False) -> list[Event]:
        return []

    def take(self, choice: Choice) -> None:
        """Make one choice. Raises NotAllowed."""
        if choice.seat == "chance":
            self.bring(choice.action)
        elif choice.seat == "inject":
            self.inject(choice.action)
        elif is_speech(choice.action):
            event = spoken(choice.seat, choice.action)
            if event is None:
                raise engine.NotAllowed(f"what is said is written {SPOKEN}")
            self.say(event)
        else:
            self.choose(choice.seat, choice.action)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The choices made so far."""
        moving = Choose | Chance | Unprompted | Inject
        return tuple(_choice(event) for event in self.events if isinstance(event, moving))


def _choice(event: Choose | Chance | Unprompted | Inject) -> Choice:
    if isinstance(event, Chance):
        return Choice("chance", event.action)
    if isinstance(event, Inject):
        return Choice("inject", event.inject)
    return Choice(event.seat, event.action if isinstance(event, Choose) else words_of(event))


def rehearse(bundle: Bundle, jump: Jump | None = None) -> Rehearsal:
    """A new play, from the opening or from a jump. Raises BadJump when the jump does not fit this text."""
    return Rehearsal(bundle if jump is None else _with(bundle, jump))


def replay(bundle: Bundle, jump: Jump | None, choices: Sequence[Choice]) -> tuple[Rehearsal, Choice | None, str]:
    """The same choices on this text, as far as they go; then the first that does not, and why. Raises BadJump."""
    play = rehearse(bundle, jump)
    for choice in choices:
        scene = play.state.scene
        if play.finished:
            return play, choice, f"the play ends in “{scene}” now"
        try:
            play.take(choice)
        except engine.NotAllowed as error:
            return play, choice, _why(play, choice, str(error))
    return play, None, ""


def _why(play: Rehearsal, choice: Choice, said: str) -> str:
    scene = play.state.game.scenes[play.state.scene]
    if is_speech(choice.action):
        return f"in “{scene.id}” {said}"
    if choice.action not in scene.actions:
        elsewhere = [s.id for s in play.state.game.scenes.values() if choice.action in s.actions]
        also = f"; there is one in “{elsewhere[0]}”" if elsewhere else ""
        return f"“{scene.id}” has no action “{choice.action}” now{also}"
    found = next((o for o in engine.options(play.state, choice.seat) if o.action.id == choice.action), None)
    if found is not None and not found.open:
        return f"it is closed now in “{scene.id}”: {found.reason}"
    return f"in “{scene.id}” {said}"


def parse_jump(words: Sequence[str], bundle: Bundle) -> Jump:
    """A jump as it is typed: SCENE, then `fact`, `fact=2`, `status=value`, `meter=3`, `knows:SEAT:ITEM`, `signed:FORM`.

    Raises BadJump.
    """
    scenario = bundle.scenario
    if not words:
        raise BadJump("where to? Write “jump SCENE”, and after it what is true there already")
    facts: dict[str, int] = {}
    statuses: dict[str, str] = {}
    meters: dict[str, int] = {}
    known: list[tuple[str, str]] = []
    signed: list[str] = []
    for word in words[1:]:
        name, equals, value = word.partition("=")
        if word.startswith("knows:"):
            seat, _, item = word.removeprefix("knows:").partition(":")
            known.append((_one_of(seat, scenario.seats, "seat"), _one_of(item, scenario.items, "item")))
        elif word.startswith("signed:"):
            signed.append(_one_of(word.removeprefix("signed:"), scenario.releases, "release"))
        elif name in scenario.statuses and equals:
            statuses[name] = _one_of(value, scenario.statuses[name].values, "value")
        elif name in scenario.meters and equals:
            meters[name] = _number(word, value)
        else:
            facts[name] = _number(word, value) if equals else 1
    jump = Jump(words[0], facts, statuses, meters, tuple(known), tuple(signed))
    _with(bundle, jump)
    return jump


def jump_to(state: engine.State) -> Jump:
    """The jump that leads to where a play stands; only how long ago things happened is lost."""
    record = state.record
    return Jump(
        state.scene,
        {fact: len(times) for fact, times in record.facts.items()},
        record.statuses,
        record.meters,
        tuple(sorted(record.known)),
        tuple(form for form, held in record.forms.items() if held.valid_at(record.now)),
    )


def written(jump: Jump) -> str:
    """A jump as it is typed."""
    facts = [fact + (f"={times}" if times > 1 else "") for fact, times in jump.facts.items()]
    values = [f"{name}={value}" for name, value in (*jump.statuses.items(), *jump.meters.items())]
    known = [f"knows:{seat}:{item}" for seat, item in jump.known]
    return " ".join([jump.scene, *facts, *values, *known, *(f"signed:{form}" for form in jump.signed)])


def _number(word: str, value: str) -> int:
    if not value.isdecimal() or int(value) > 999:
        raise BadJump(f"“{word}”: a whole number is wanted after “=”")
    return int(value)


def _one_of(name: str, known: Iterable[str], kind: str) -> str:
    choices = tuple(known)
    if name not in choices:
        raise BadJump(f"there is no {kind} “{name}”. {did_you_mean(name, choices, kind)}")
    return name


def _with(bundle: Bundle, jump: Jump) -> Bundle:
    """The bundle with an opening that leads straight to the jump's scene. Raises BadJump."""
    scenario, facts = bundle.scenario, {**bundle.vocabulary.facts, **bundle.scenario.facts}
    _one_of(jump.scene, scenario.scenes, "scene")
    for fact in jump.facts:
        _one_of(fact, (*facts, *scenario.statuses, *scenario.meters), "fact")
        if fact not in facts:
            raise BadJump(f"“{fact}” needs a value: write “{fact}=…”")
    for name, level in jump.meters.items():
        meter = scenario.meters[_one_of(name, scenario.meters, "meter")]
        if not meter.low <= level <= meter.high:
            raise BadJump(f"“{name}” runs from {meter.low} to {meter.high}, so it cannot be {level}")
    for name, value in jump.statuses.items():
        _one_of(name, scenario.statuses, "status")
        _one_of(value, scenario.statuses[name].values, "value")
    learn: dict[str, tuple[str, ...]] = {}
    for seat, item in jump.known:
        _one_of(seat, scenario.seats, "seat")
        learn[seat] = (*learn.get(seat, ()), _one_of(item, scenario.items, "item"))
    steps: list[Mapping[str, Any]] = [
        {
            "records": tuple(fact for fact, times in jump.facts.items() for _ in range(times)),
            "set": dict(jump.statuses),
            "learn": learn,
        },
        *({"signs_release": _one_of(form, scenario.releases, "release")} for form in jump.signed),
    ]
    scenes, to = {}, jump.scene
    for number, effects in reversed(list(enumerate(steps, 1))):
        ident = f"the jump ({number})"
        scenes[ident] = Scene(id=ident, to=(Branch(to=to),), **effects)
        to = ident
    meters = {m.id: replace(m, start=jump.meters.get(m.id, m.start)) for m in scenario.meters.values()}
    return replace(bundle, scenario=replace(scenario, opening=to, meters=meters, scenes={**scenes, **scenario.scenes}))
