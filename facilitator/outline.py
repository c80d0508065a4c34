"""A chart in words: the outline of the whole story, and the card of one scene. For keyboards and screen readers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from facilitator.chart import Chart, Way
from facilitator.lenses import Lens
from simulator.model import Action, Effects, Inject, Scene


@dataclass(frozen=True, slots=True)
class Entry:
    """One line below a scene in the outline: an action, or the way the scene goes on by itself."""

    text: str
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a card: a heading, and what stands below it."""

    heading: str
    lines: tuple[str, ...]


def heading(chart: Chart, lens: Lens, scene: str) -> str:
    """A scene in one line: id, title, who acts, and what the lens says of it."""
    mark = lens.marks[scene]
    name = chart.name(scene)
    parts = [scene if name == scene else f"{scene}: {name}", chart.who(scene)]
    if lens.name != "seat":
        parts.append(f"{lens.name}: {mark.words}")
    if scene not in chart.reached:
        parts.append("nothing leads here")
    return " — ".join(parts)


def entries(chart: Chart, scene: str) -> tuple[Entry, ...]:
    """What can happen in a scene, and where it leads."""
    found: list[Entry] = []
    for action in chart.scenes[scene].actions.values():
        ways = chart.ways_from(scene, action.id)
        who = chart.letters.get(action.seat or "", "")
        text = " ".join(filter(None, (action.id, f"({who})" if who else "", _leads(chart, scene, ways))))
        found.append(Entry(f"{text}: {action.text}", _targets(ways)))
    ways = chart.ways_from(scene, "")
    if ways:
        found.append(Entry(f"goes on {_leads(chart, scene, ways)}", _targets(ways)))
    return tuple(found)


def outline(chart: Chart, lens: Lens) -> Iterator[str]:
    """The whole chart in lines, in the order of the story."""
    endings = sum(chart.kind(scene) == "ending" for scene in chart.scenes)
    yield f"{chart.title} ({chart.id}): {len(chart.scenes)} scenes, {len(chart.ways)} ways, {endings} endings"
    yield f"Marks: {lens.legend}"
    for number, scene in enumerate(chart.order, 1):
        yield ""
        yield f"{number}. [{lens.marks[scene].letters}] {heading(chart, lens, scene)}"
        for entry in entries(chart, scene):
            yield f"   - {entry.text}"
    if shelf := chart.bundle.scenario.injects:
        yield ""
        yield f"Injects: {len(shelf)}, from outside and nobody's doing"
        for inject in shelf.values():
            yield f"   - {inject_line(inject)}"


def inject_line(inject: Inject) -> str:
    """An inject in one line: what brings it, where, what it is, and what becomes true."""
    trigger = f"at {inject.at}" if inject.at is not None else f"when {inject.when}" if inject.when else "by hand"
    where = f" in {', '.join(inject.scenes)}" if inject.scenes else ""
    found = "; ".join(_effects(inject.effects))
    return f"{inject.id} ({trigger}{where}): {inject.synopsis}" + (f" [{found}]" if found else "")


def card(chart: Chart, lens: Lens, scene: str) -> tuple[Block, ...]:
    """Everything an author wrote about a scene that a facilitator reads on the map."""
    found = chart.scenes[scene]
    seats = chart.bundle.scenario.seats
    facts = [f"{scene} · {chart.who(scene)}"]
    facts.append(f"present: {', '.join(seats[seat].name for seat in chart.present(scene)) or 'nobody'}")
    facts += [f"{lens.name}: {lens.marks[scene].words}"] if lens.name != "seat" else []
    before = [each for each in chart.order if each in chart.before[scene]]
    facts.append(f"reached from: {', '.join(before) or ('the start' if scene == chart.opening else 'nowhere')}")
    blocks = [Block("", tuple(facts))]
    if found.text:
        blocks.append(Block("Text", (found.text,)))
    blocks += [Block(f"Only {seats[seat].name} sees", (text,)) for seat, text in found.private.items()]
    if found.judgement is not None:
        sides = tuple(f"· {side}" for side in found.judgement.both_sides)
        blocks.append(Block("A dilemma", (found.judgement.question, *sides)))
    if found.ending is not None:
        blocks.append(Block("The ending", tuple(filter(None, (found.ending.title, found.ending.felt)))))
    if not found.actions and _effects(found):
        blocks.append(Block("What it brings", tuple(_effects(found))))
    for action in found.actions.values():
        blocks.append(Block(f"▸ {action.id}", tuple(_action(chart, found, action))))
    ways = chart.ways_from(scene, "")
    if ways:
        blocks.append(Block("Goes on", tuple(_way(chart, scene, way) for way in ways)))
    coming = [inject for inject in chart.bundle.scenario.injects.values() if scene in inject.scenes]
    if coming:
        blocks.append(Block("May come here from outside", tuple(inject_line(inject) for inject in coming)))
    return tuple(blocks)


def _action(chart: Chart, scene: Scene, action: Action) -> Iterator[str]:
    seat = action.seat or (scene.turn[0] if chart.kind(scene.id) == "decision" else "")
    who = f"{chart.bundle.scenario.seats[seat].name}: " if seat else ""
    yield f"{who}{action.text}"
    if action.when is not None:
        yield f"open only if: {action.when}" + (f" (else: {action.closed})" if action.closed else "")
    if chart.kind(scene.id) == "chance":
        yield f"weight: {action.weight} of {sum(each.weight for each in scene.actions.values())}"
    if action.practice:
        labels = chart.bundle.framework.principles
        ratings = [
            f"{labels[name].label if name in labels else name} {value:+d}" for name, value in action.practice.items()
        ]
        yield f"ratings: {', '.join(ratings)} · appeal {action.appeal}"
    if action.because:
        yield f"because: {action.because}"
    yield from _effects(action)
    for way in chart.ways_from(scene.id, action.id):
        yield _way(chart, scene.id, way)


def _effects(effects: Effects) -> list[str]:
    """What becomes true, in the file's own names."""
    found = []
    if effects.until is not None:
        found.append("takes until a set time")
    elif effects.minutes:
        found.append(f"takes {effects.minutes} min")
    if effects.records:
        found.append(f"records: {', '.join(effects.records)}")
    if effects.change:
        found.append("moves: " + ", ".join(f"{name} {by:+d}" for name, by in effects.change.items()))
    if effects.set:
        found.append("sets: " + ", ".join(f"{name} to {value}" for name, value in effects.set.items()))
    if effects.learn:
        found.append("learns: " + "; ".join(f"{seat}: {', '.join(items)}" for seat, items in effects.learn.items()))
    found += [f"tells {', '.join(told.to)}: {', '.join(told.items)}" for told in effects.tell]
    for verb in ("asks", "signs", "refuses", "revokes"):
        form = getattr(effects, f"{verb}_release")
        if form:
            found.append(f"{verb} release: {form}")
    return found


def _way(chart: Chart, scene: str, way: Way) -> str:
    back = " (back)" if (scene, way.target) in chart.leading_back else ""
    return f"→ {way.target}{back}" + (f" if {way.when}" if way.when else "")


def _leads(chart: Chart, scene: str, ways: tuple[Way, ...]) -> str:
    return "; ".join(_way(chart, scene, way) for way in ways)


def _targets(ways: tuple[Way, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(way.target for way in ways))
