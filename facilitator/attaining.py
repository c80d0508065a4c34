"""What an edit does to what can be attained: the part of `handoff diff` that looks at every state of both texts."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from facilitator import diff
from facilitator.checks.setting import Setting, setting_of
from facilitator.playing import library
from simulator.reading import Read

if TYPE_CHECKING:
    from scoring.loss import Loss
    from simulator.outlook.claims import Claims

LIMIT = 1_000_000  # states of each text
_UNCHANGED = "Nothing of what can be attained has changed."


def print_diff(args: argparse.Namespace) -> int:
    """`handoff diff`, with what the edit does to the bounds."""
    shelf = library(args)

    def bounds(old: Read, new: Read) -> Sequence[str]:
        before = setting_of(old, shelf.beside(Path(args.old))) if old.kind == "scenario" else None
        after = setting_of(new, shelf.beside(Path(args.new))) if new.kind == "scenario" else None
        return effect(before, after) if before is not None and after is not None else ()

    return diff.print_diff(args, bounds)


def effect(old: Setting, new: Setting) -> tuple[str, ...]:
    """What is not as it was, one line each; each text under its own agreement and law."""
    if old.key == new.key:
        return (_UNCHANGED,)
    from simulator.compiled.memory import TooIntricate
    from simulator.outlook.claims import claims

    try:
        before, after = (claims(setting.game, limit=LIMIT) for setting in (old, new))
    except TooIntricate as error:
        return (f"It was not worked out: {error}",)
    for found in (before, after):
        if not (found.settled and found.whole.complete) or found.unknown:
            return (
                f"It was not worked out: one of the texts has more than {LIMIT:,} states, or loops too large to solve.",
            )
    return tuple(_effect(before, after)) or (_UNCHANGED,)


def _effect(before: Claims, after: Claims) -> Iterator[str]:
    if before.least_loss != after.least_loss:
        yield f"the best play loses {_loss(after.least_loss)}; it was {_loss(before.least_loss)}"
    what = {"lines": "lines crossed", "duties": "points on duties", "practice": "practice points"}
    for part, words in what.items():
        old, new = (found.worst[part].most if part in found.worst else 0 for found in (before, after))
        if old != new:
            yield f"the worst play loses {_most(new)} {words}; it was {_most(old)}"
    for name, words in (("moves", "moves"), ("minutes", "minutes of story")):
        first, last = before.lengths.get(name), after.lengths.get(name)
        if first is None or last is None:
            continue
        if first.least != last.least:
            yield f"the shortest play takes {last.least:,} {words}; it was {first.least:,}"
        if first.most != last.most:
            yield f"the longest play takes {_most(last.most)} {words}; it was {_most(first.most)}"
    yield from _endings(before, after)
    yield from _duties(before, after)


def _endings(before: Claims, after: Claims) -> Iterator[str]:
    old, new = ({end.scene for end in found.endings} for found in (before, after))
    yield from (f"plays can now come to the ending “{ending}”" for ending in sorted(new - old))
    yield from (f"plays can no longer come to the ending “{ending}”" for ending in sorted(old - new))


def _duties(before: Claims, after: Claims) -> Iterator[str]:
    duties = dict.fromkeys([*after.game.mou.duties, *before.game.mou.duties])
    for duty in duties:
        old, new = (frozenset(found.rules.get(f"duty:{duty}", ())) for found in (before, after))
        came, comes = old - {"not triggered"}, new - {"not triggered"}
        if came and not comes:
            yield f"“{duty}” no longer comes up"
        elif comes and not came:
            yield f"“{duty}” now comes up" + ("" if "met" in new else ", and nobody can keep it")
        elif "met" in old and "met" not in new:
            yield f"“{duty}” can no longer be kept"
        elif "met" in new and "met" not in old:
            yield f"“{duty}” can now be kept"
        elif came and bool({"missed", "late"} & old) != bool({"missed", "late"} & new):
            yield f"“{duty}” can {'now' if {'missed', 'late'} & new else 'no longer'} be failed"


def _loss(loss: Loss | None) -> str:
    if loss is None:
        return "nobody can say how much, for no plan surely ends"
    parts = ((loss.lines, "lines"), (loss.duties, "points on duties"), (loss.practice, "practice points"))
    return ", ".join(f"{float(points):.4g} {words}" for points, words in parts)


def _most(points: int | None) -> str:
    return "without bound:" if points is None else f"{points:,}"
