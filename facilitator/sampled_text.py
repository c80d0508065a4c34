"""What a sample came to, as lines of text of at most 100 columns."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from textwrap import wrap
from typing import Any

from scoring.objectives import LETTERS

WIDTH = 100
SHOWN = 20  # names in a list; --json has all
OUTCOMES = ("met", "late", "missed", "excused", "open at the end", "not triggered")
HEADINGS = ("met", "late", "missed", "excused", "open", "no call")


def lines(found: dict[str, Any]) -> Iterator[str]:
    """The report, line by line; `found` is what `simulating.figures` made."""
    yield from _heading(found)
    if not found["finished"]:
        yield "No play came to an ending, so there is nothing to weigh."
        return
    for section in (_endings, _duties, _crossed, _objectives, _principles, _lengths, _coverage, _compared):
        block = list(section(found))
        if block:
            yield from ("", *block)


def _heading(found: dict[str, Any]) -> Iterator[str]:
    yield f"{found['title']}: {found['plays']:,} plays, seed {found['seed']}"
    yield f"under {found['mou']}, {found['jurisdiction']}; {found['states']:,} states"
    yield "played by: " + ", ".join(f"{seat} {kind}" for seat, kind in found["policies"].items())
    if found["stopped"]:
        yield f"stopped at {found['plays']:,} of {found['asked']:,}"
    if found["stuck"]:
        yield f"{found['stuck']:,} plays stopped where nothing was open; the figures leave them out"
    if found["endless"]:
        yield f"{found['endless']:,} plays turned in circles and were given up; the figures leave them out"
    for note in found["notes"]:
        yield from wrap(note, WIDTH)


def _share(count: int, whole: int) -> str:
    """In percent, – for none; what is not none is never shown as 0 %, what is not all never as 100 %."""
    if not count:
        return "–"
    if 0 < count < whole and not 0.001 <= count / whole < 0.9995:
        return "<0.1%" if count / whole < 0.5 else ">99.9%"
    return f"{count / whole:.1%}"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _endings(found: dict[str, Any]) -> Iterator[str]:
    yield f"{'Endings':<78}{'plays':>11}{'share':>9}"
    for each in sorted(found["endings"], key=lambda ending: -ending["plays"]):
        name = _cut(f"{each['title']} ({each['scene']})", 75)
        yield f"  {name:<76}{each['plays']:>11,}{_share(each['plays'], found['finished']):>9}"


def _duties(found: dict[str, Any]) -> Iterator[str]:
    played = [duty for duty in found["duties"] if duty["played"]]
    if not found["duties"]:
        return
    yield f"{'Duties, of all times they could arise':<44}" + "".join(f"{name:>9}" for name in HEADINGS)
    for party, duties in groupby(played, key=lambda duty: str(duty["party"])):
        yield f"  {_cut(party, WIDTH - 2)}"
        for duty in duties:
            whole = sum(duty[outcome] for outcome in OUTCOMES)
            name = _cut(f"{duty['clause']} {duty['duty']}", 38)
            yield f"    {name:<40}" + "".join(f"{_share(duty[outcome], whole):>9}" for outcome in OUTCOMES)
    unplayed = [duty["duty"] for duty in found["duties"] if not duty["played"]]
    if unplayed:
        yield from wrap(f"  nobody sits for the party of: {', '.join(unplayed)}", WIDTH, subsequent_indent="    ")
    yield "  open: not yet due at the ending; no call: nothing in the play called for it"


def _crossed(found: dict[str, Any]) -> Iterator[str]:
    crossed = [line for line in found["lines"] if line["plays"]]
    yield f"{'Lines of law and life safety that were crossed':<78}{'plays':>11}{'share':>9}"
    for line in sorted(crossed, key=lambda line: -line["plays"]):
        name = _cut(f"{line['line']} ({line['kind']})", 75)
        yield f"  {name:<76}{line['plays']:>11,}{_share(line['plays'], found['finished']):>9}"
    kept = len(found["lines"]) - len(crossed)
    yield f"  {kept} of {len(found['lines'])} lines crossed in no play; crossings in a play: {found['lost']['lines']:.2f} on average"


def _objectives(found: dict[str, Any]) -> Iterator[str]:
    yield f"{'Objectives':<55}" + "".join(f"{letter:>8}" for letter in LETTERS) + f"{'not seen':>11}"
    for each in found["objectives"]:
        parts = "".join(f"{_share(each[letter], found['finished']):>8}" for letter in LETTERS)
        yield f"  {_cut(each['objective'], 51):<53}{parts}{_share(each['not observed'], found['finished']):>11}"
    yield from (f"  {letter}: {text}" for letter, text in LETTERS.items())


def _principles(found: dict[str, Any]) -> Iterator[str]:
    yield f"{'Practice: how far from the weakest to the strongest choice':<60}{'mean':>7}{'the middle half':>18}{'not seen':>11}"
    for each in found["principles"]:
        name = _cut(f"{each['label']}, {each['seat']}", 57)
        if each["mean"] is None:
            yield f"  {name:<58}{'never came up':>25}{'100.0%':>11}"
            continue
        low, _, high = each["quartiles"]
        yield (
            f"  {name:<58}{each['mean']:>7.0%}{f'{low:.0%} to {high:.0%}':>18}"
            f"{_share(each['not observed'], found['finished']):>11}"
        )


def _lengths(found: dict[str, Any]) -> Iterator[str]:
    yield f"{'Length of a play':<40}{'mean':>10}{'least':>10}{'most':>10}"
    for name, text in (("minutes", "minutes of the story"), ("decisions", "decisions")):
        each = found[name]
        yield f"  {text:<38}{each['mean']:>10,.1f}{each['least']:>10,}{each['most']:>10,}"


def _coverage(found: dict[str, Any]) -> Iterator[str]:
    each = found["coverage"]
    scenes = each["scenes"] - len(each["missed_scenes"])
    actions = each["actions"] - len(each["missed_actions"])
    yield (
        f"Of all that can be reached, this sample saw {scenes} of {each['scenes']} scenes and {actions} of {each['actions']} "
        "actions"
    )
    yield "  (scenes in which somebody or chance acts, and endings; narrations are not counted)"
    yield from _names("scenes not seen in this sample", each["missed_scenes"])
    yield from _names("actions not taken in this sample", each["missed_actions"])
    yield from _names("scenes that no play can reach", each["unreachable_scenes"])
    yield from _names("actions that no play can take", each["unreachable_actions"])


def _names(heading: str, names: list[str]) -> Iterator[str]:
    if names:
        yield f"  {heading}:"
        yield from (f"    {_cut(name, WIDTH - 4)}" for name in names[:SHOWN])
        if len(names) > SHOWN:
            yield f"    and {len(names) - SHOWN} more (--json names all)"


def _compared(found: dict[str, Any]) -> Iterator[str]:
    runs = found.get("compared", [])
    if not runs:
        return
    yield f"{'How far the policies separate, a play':<44}{'lines':>10}{'duty points':>14}{'practice':>12}{'duties met':>14}"
    for run in runs:
        met = "–" if run["duties_met"] is None else f"{run['duties_met']:.1%}"
        yield f"  {run['label']:<42}{run['lines']:>10.2f}{run['duties']:>14.2f}{run['practice']:>12.2f}{met:>14}"
    by_label = {run["label"]: run for run in runs}
    for label, other in (("all random", "all expert"), ("all typical", "all expert"), ("all typical", "all random")):
        if label in by_label and other in by_label:
            yield from wrap("  " + _difference(by_label[label], by_label[other]), WIDTH, subsequent_indent="  ")
    yield "  duty points: 2 for each missed, 1 for each late; duties met: of those met, late or missed"


def _difference(one: dict[str, Any], other: dict[str, Any]) -> str:
    """In words, how the mean play of one policy differs from another's."""
    parts = []
    for part, verb, what in (
        ("lines", "crosses", "lines"),
        ("duties", "loses", "duty points"),
        ("practice", "loses", "practice points"),
    ):
        gap = one[part] - other[part]
        if abs(gap) >= 0.005:
            parts.append(f"{verb} {abs(gap):.2f} {'more' if gap > 0 else 'fewer'} {what}")
    if one["duties_met"] is not None and other["duties_met"] is not None:
        gap = 100 * (one["duties_met"] - other["duties_met"])
        if abs(gap) >= 0.05:
            parts.append(f"meets {abs(gap):.1f} percentage points {'more' if gap > 0 else 'less'} of the duties")
    name, versus = one["label"].removeprefix("all "), other["label"].removeprefix("all ")
    if not parts:
        return (
            f"The {name} play loses as much as the {versus} play: here the choices make no difference that is weighed."
        )
    return f"Beside the {versus} play, the {name} play {', '.join(parts)}."
