"""Ways of looking at a chart: each lens gives every scene a mark, and says in words what the mark means.

Colour never stands alone: `tone` only repeats what the letters say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from facilitator.chart import Chart
from scoring.cohort import SceneFigure
from scoring.conditions import Condition, Names, reads
from scoring.rules import Duty
from simulator.game import Game
from simulator.model import Action, Scene

LensName = Literal["seat", "duty", "coverage", "cost", "unreviewed", "loss"]
# Those that need nothing but the scenario; `loss` shows what people did, and comes from a cohort's figures.
LENSES: tuple[LensName, ...] = ("seat", "duty", "coverage", "cost", "unreviewed")
Tone = Literal["first", "second", "third", "fourth", "good", "attention", "bad", "quiet"]
Measure = Callable[[Chart, LensName], Mapping[str, float] | None]

NOT_MEASURED = "not measured"
_SEAT_TONES: tuple[Tone, ...] = ("first", "second", "third", "fourth")
_UNFINISHED = ("TODO", "FIXME")  # what authors leave where something is still to be written


@dataclass(frozen=True, slots=True)
class Mark:
    """What a lens shows at one scene: up to four characters, and the same in words."""

    letters: str
    words: str
    tone: Tone = "quiet"


@dataclass(frozen=True, slots=True)
class Lens:
    """A mark for each scene, and a line that explains the marks."""

    name: LensName
    legend: str
    marks: Mapping[str, Mark]


def nothing_measured(chart: Chart, lens: LensName) -> Mapping[str, float] | None:
    """A measure for when nobody has explored the scenario: no figures."""
    return None


def look(chart: Chart, lens: LensName, values: Mapping[str, float] | None = None) -> Lens:
    """The chart through a lens.

    values: only for `coverage` (scene → share of plays that came there, 0 to 1) and `cost` (scene → of 100
        choices made at random there, how many give something away). A scene without a value, or no values at all, is marked “not measured”.
    """
    match lens:
        case "seat":
            return _seats(chart)
        case "duty":
            return _duties(chart)
        case "coverage":
            return _coverage(chart, values)
        case "cost":
            return _cost(chart, values)
        case "unreviewed":
            return _unreviewed(chart)
        case "loss":
            return loss(chart, ())


def _seats(chart: Chart) -> Lens:
    tones = {seat: _SEAT_TONES[index % len(_SEAT_TONES)] for index, seat in enumerate(chart.letters)}
    marks: dict[str, Mark] = {}
    for scene in chart.scenes.values():
        kind = chart.kind(scene.id)
        if kind in ("decision", "together"):
            letters = "".join(chart.letters[seat] for seat in scene.turn)
            marks[scene.id] = Mark(letters, chart.who(scene.id), tones[scene.turn[0]])
        else:
            sign = {"chance": "?", "narration": "…", "ending": "■"}[kind]
            marks[scene.id] = Mark(sign, chart.who(scene.id), "quiet")
    seats = chart.bundle.scenario.seats
    who = " · ".join(f"{letter} {seats[seat].name}" for seat, letter in chart.letters.items())
    return Lens("seat", f"{who} · ? chance · … nobody · ■ ending", marks)


def _duties(chart: Chart) -> Lens:
    bundle = chart.bundle
    game = Game(bundle.scenario, bundle.mou, bundle.jurisdiction, bundle.framework, bundle.vocabulary)
    roles = {seat.role for seat in bundle.scenario.seats.values()}
    played = [duty for duty in bundle.mou.duties.values() if roles & set(bundle.mou.parties[duty.party].roles)]
    about = [(duty, _parts(duty, game.names)) for duty in played]
    marks = {scene.id: _duty_mark(_facts(scene), about) for scene in chart.scenes.values()}
    return Lens("duty", "duties: T can begin here · K can be kept here · B can be broken here · – none", marks)


def _parts(duty: Duty, names: Names) -> dict[str, frozenset[str]]:
    def read(*conditions: Condition | None) -> frozenset[str]:
        return frozenset[str]().union(*(reads(each, names).names for each in conditions if each is not None))

    return {"T": read(duty.when), "K": read(duty.must, duty.each), "B": read(duty.never)}


def _duty_mark(facts: frozenset[str], about: list[tuple[Duty, dict[str, frozenset[str]]]]) -> Mark:
    verbs = {"T": "can begin", "K": "can be kept", "B": "can be broken"}
    found: dict[str, list[str]] = {}
    for duty, parts in about:
        for letter, names in parts.items():
            if names & facts:
                found.setdefault(letter, []).append(duty.id)
    if not found:
        return Mark("–", "touches no duty", "quiet")
    words = "; ".join(f"{verbs[letter]}: {', '.join(found[letter])}" for letter in verbs if letter in found)
    tone: Tone = "bad" if "B" in found else "good" if "K" in found else "attention"
    return Mark("".join(letter for letter in verbs if letter in found), words, tone)


def _facts(scene: Scene) -> frozenset[str]:
    """Every name of the record that something here can change."""
    found: set[str] = set()
    for effects in (scene, *scene.actions.values()):
        found.update(effects.records, effects.change, effects.set)
    return frozenset(found)


def _coverage(chart: Chart, values: Mapping[str, float] | None) -> Lens:
    def mark(share: float) -> Mark:
        tone: Tone = "bad" if share <= 0 else "attention" if share < 0.1 else "good"
        return Mark(f"{round(share * 100)}%", f"in {round(share * 100)} of 100 random plays", tone)

    return _measured(chart, "coverage", "coverage: how many of 100 random plays come here", values, mark)


def _cost(chart: Chart, values: Mapping[str, float] | None) -> Lens:
    highest = max(values.values(), default=0) if values else 0

    def mark(cost: float) -> Mark:
        tone: Tone = "quiet" if cost <= 0 else "bad" if cost >= highest / 2 else "attention"
        return Mark(f"{round(cost)}", f"{round(cost)} of 100 random choices here give something away", tone)

    return _measured(
        chart,
        "cost",
        "cost: of 100 random choices, how many give something away",
        values,
        mark,
    )


def _measured(
    chart: Chart, name: LensName, legend: str, values: Mapping[str, float] | None, mark: Callable[[float], Mark]
) -> Lens:
    known = values or {}
    none = Mark("–", NOT_MEASURED)
    marks = {scene: mark(known[scene]) if scene in known else none for scene in chart.scenes}
    return Lens(name, f"{legend} · – {NOT_MEASURED}" if known else f"{name}: {NOT_MEASURED}", marks)


def loss(chart: Chart, figures: Sequence[SceneFigure], seat: str = "") -> Lens:
    """Where one seat's choices narrowed what was possible, in a cohort. `figures`: those of that seat, named `seat`.

    A share that may not be shown, and a scene in which this seat chose nothing, get no number.
    """
    known = {figure.scene: figure.losing for figure in figures}
    highest = max((figure.value or 0 for figure in known.values()), default=0)

    def mark(scene: str) -> Mark:
        figure = known.get(scene)
        if figure is None:
            return Mark("–", "this seat chose nothing here")
        words = f"choices that narrowed what was possible: {figure.words}"
        if figure.value is None:
            return Mark("?", words)
        tone: Tone = "quiet" if figure.value <= 0 else "bad" if figure.value >= highest / 2 else "attention"
        return Mark("<1%" if 0 < figure.value < 0.005 else f"{round(100 * figure.value)}%", words, tone)

    legend = f"loss{f', {seat}' if seat else ''}: share of choices here that narrowed what was possible · ? too few to say · – none"
    gone = sum(scene not in chart.scenes for scene in known)
    if gone:
        legend += f" · {gone} scene{'s' * (gone != 1)} of the figures {'are' if gone != 1 else 'is'} not in this file any more"
    return Lens("loss", legend, {scene: mark(scene) for scene in chart.scenes})


def _unreviewed(chart: Chart) -> Lens:
    marks: dict[str, Mark] = {}
    for scene in chart.scenes.values():
        open_points = tuple(_open_points(scene))
        if open_points:
            marks[scene.id] = Mark(f"!{len(open_points)}", "; ".join(open_points), "attention")
        else:
            marks[scene.id] = Mark("–", "nothing is missing", "quiet")
    waiting = [sign.id for sign in chart.bundle.scenario.sign_offs.values() if "await" in sign.name.lower()]
    signed = len(chart.bundle.scenario.sign_offs) - len(waiting)
    legend = f"unreviewed: !n points for a reviewer · – none · sign-offs: {signed} given"
    return Lens("unreviewed", legend + (f", {', '.join(waiting)} awaited" if waiting else ""), marks)


def _open_points(scene: Scene) -> list[str]:
    """What a reviewer would ask about a scene."""
    found: list[str] = []
    if not scene.text and not scene.private and scene.ending is None:
        found.append("the scene has no text")
    if scene.judgement is not None and len(scene.judgement.both_sides) < 2:
        found.append("the dilemma does not say what speaks for both sides")
    texts = [scene.text, scene.title, *scene.private.values()]
    if _unwritten(texts):
        found.append("the text is not finished")
    rated = any(action.practice for action in scene.actions.values())
    for action in scene.actions.values():
        found += _about_action(action, rated=rated)
    return found


def _about_action(action: Action, *, rated: bool) -> list[str]:
    found = []
    if action.practice and not action.because:
        found.append(f"{action.id} is rated without a reason")
    if rated and not action.practice:
        found.append(f"{action.id} is not rated though others are")
    if _unwritten([action.text, action.because, action.says or "", action.felt or ""]):
        found.append(f"{action.id} is not finished")
    return found


def _unwritten(texts: list[str]) -> bool:
    return any(sign in text for sign in _UNFINISHED for text in texts)
