"""Names, places and details that each play draws from lists: words only, never the story.

A scenario says `variants:` (name → list of texts, or of texts that go together); its prose holds `{name}` or `{name.key}`,
and with a capital, `{name.Key}`, the same text for the beginning of a sentence. Only prose is ever filled in. Ids,
conditions, minutes, ratings, employers and whatever else the story or a rule reads are passed over here, and the reader
refuses a placeholder there (HS243), so every draw plays the same graph. Filled in after the protocols are inlined, when the
bundle of one play is made: nothing behind it knows that there are variants.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from math import prod
from typing import Any

from simulator.model import Entry, Scenario
from simulator.partner import draw as pick
from simulator.problems import did_you_mean
from simulator.reading.wording import PLACE, drawable

Draw = Mapping[str, int]  # list of variants → number of the entry drawn, from 0
Variants = Mapping[str, tuple[Entry, ...]]


class BadDraw(ValueError):
    """A draw names a list or an entry that the scenario does not have; the message says which there are."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a new play should draw: the entries `chosen` by number from 0, the others the first, or drawn by the seed."""

    chosen: Draw = field(default_factory=dict)
    at_random: bool = False

    def draw(self, variants: Variants, seed: int) -> dict[str, int]:
        """An entry for every list. The same seed draws the same. Raises BadDraw."""
        rest = by_seed(variants, seed) if self.at_random else {}
        return whole(variants, {**rest, **self.chosen})


AS_WRITTEN = Wanted()


def whole(variants: Variants, draw: Draw) -> dict[str, int]:
    """The draw with an entry for every list, the first where it names none. Raises BadDraw."""
    for name, number in draw.items():
        if name not in variants:
            hint = did_you_mean(name, variants, "list", fixed=True) if variants else "It has none."
            raise BadDraw(f"this scenario has no list of variants “{name}”. {hint}")
        if not isinstance(number, int) or not 0 <= number < len(variants[name]):
            shown = number + 1 if isinstance(number, int) else number
            raise BadDraw(f"the list “{name}” has no entry {shown}; its entries are 1 to {len(variants[name])}")
    return {name: draw.get(name, 0) for name, entries in variants.items() if entries}


def by_seed(variants: Variants, seed: int) -> dict[str, int]:
    """One entry of every list, each as likely as the others. The numbers below 0 belong to no event of the log."""
    return {
        name: pick([1] * len(entries), seed, -2 - at) for at, (name, entries) in enumerate(variants.items()) if entries
    }


def number_of_draws(variants: Variants) -> int:
    """How many different draws there are; 1 without variants."""
    return prod(len(entries) for entries in variants.values())


def words(variants: Variants, draw: Draw) -> dict[str, str]:
    """What stands for each placeholder, without its braces, under a whole draw."""
    found: dict[str, str] = {}
    for name, number in draw.items():
        for key, text in variants[name][number].texts.items():
            before, last = (f"{name}.", key) if key else ("", name)
            found[before + last] = text
            found[before + last[:1].upper() + last[1:]] = text[:1].upper() + text[1:]
    return found


def filled(text: str, table: Mapping[str, str]) -> str:
    """A text with the words of a draw in it. What no list explains stays as it is: a protocol's part, a brace."""
    return PLACE.sub(lambda found: table.get(found[1], found[0]), text)


def worded(scenario: Scenario, draw: Draw) -> Scenario:
    """The scenario with the words of a draw in its prose. What no list explains stays as it stands. Raises BadDraw."""
    draw = whole(scenario.variants, draw)
    if not draw:
        return scenario
    table = words(scenario.variants, draw)

    told: Scenario = rewritten(scenario, lambda text: filled(text, table) if "{" in text else text)
    return told


def rewritten(thing: Any, write: Callable[[str], str]) -> Any:
    """The thing with every text that a draw may change put through `write`; itself if none is changed."""
    changed: dict[str, Any] = {}
    for name, _, shape in drawable(thing.__class__):
        old = getattr(thing, name)
        if old:
            new = _value(old, write if shape.startswith("text") else lambda part: rewritten(part, write))
            if new is not old:
                changed[name] = new
    return replace(thing, **changed) if changed else thing


def _value(old: Any, each: Callable[[Any], Any]) -> Any:
    """One value, or the values of a list or mapping, each made anew; itself if none is changed."""
    if isinstance(old, Mapping):
        made = {key: each(value) for key, value in old.items()}
        return old if all(made[key] is value for key, value in old.items()) else made
    if isinstance(old, tuple):
        many = tuple(each(value) for value in old)
        return old if all(new is value for new, value in zip(many, old, strict=True)) else many
    return each(old)
