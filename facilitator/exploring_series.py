"""`handoff explore SERIES`: what is true of all plays of a series, episode by episode.

`--json` writes one object. Fractions are text, such as "7/3".

    series, mou, jurisdiction   ids
    silent      whether the plays are only those in which nobody says anything unprompted, as the others were too many
    complete    whether every episode was explored whole
    unknown     why not, in one sentence; empty if all were
    episodes    [{episode, scenario, title, states, starts, endings: [id], never: [id], moves, decisions: {least, most},
                least_expected: {best_start, worst_start}, worst: {lines, duties, practice},
                duties: {id: [outcome]}, lines: {id: [outcome]}}]
                starts: how many states it can begin with; most null: without bound; least_expected: {lines, duties, practice}, the least loss
                that can be expected from the best start, and from the worst, or null; duties: what becomes of each on some play
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from textwrap import wrap
from typing import Any

from facilitator.exploring import Progress
from facilitator.playing import library
from scoring.loss import Loss
from simulator.outlook import LIMIT
from simulator.outlook.serial import EpisodeFound, SeriesFound, explore_series
from simulator.play import game_of
from simulator.series import Series
from simulator.speaking import silenced

WIDTH = 100
PARTS = ("lines", "duties", "practice")


def explore(args: argparse.Namespace) -> int:
    """Print the report. 0: everything was looked at; 1: not everything, or it was stopped; 2: wrong use."""
    if args.show is not None:
        print("handoff: a series shows no single plays; explore one of its scenarios for that", file=sys.stderr)
        return 2
    shelf = library(args)
    setting = {"mou": args.mou, "jurisdiction": args.jurisdiction}
    first = shelf.episode(args.scenario, 1, **setting)
    series = first.series
    assert series is not None
    bundles = [first, *(shelf.episode(args.scenario, n, **setting) for n in range(2, len(series.episodes) + 1))]
    games = [game_of(bundle) for bundle in bundles]
    progress = Progress()
    try:
        found = explore_series(series, games, limit=args.limit or LIMIT, watch=progress.watch)
        quiet = [replace(game, scenario=silenced(game.scenario)) for game in games]
        silent = bool(found.unknown) and any(q.scenario is not g.scenario for q, g in zip(quiet, games, strict=True))
        if silent:
            found = explore_series(series, quiet, limit=args.limit or LIMIT, watch=progress.watch)
    except KeyboardInterrupt:
        progress.clear()
        print("handoff: stopped; nothing was changed.", file=sys.stderr)
        return 1
    progress.clear()
    if args.json:
        data = as_data(series, found, first.mou.id, first.jurisdiction.id, silent=silent)
        print(json.dumps(data, ensure_ascii=False))
    else:
        print("\n".join(report(series, found, first.mou.title, first.jurisdiction.title, silent=silent)))
    return 1 if found.unknown else 0


def report(series: Series, found: SeriesFound, mou: str, law: str, *, silent: bool = False) -> Iterator[str]:
    """The report in words, at most 100 columns wide."""
    yield from _text(f"{series.title}, under “{mou}” and the law of {law}")
    if silent:
        yield ""
        yield from _text(
            "With all that may be said unprompted there are too many states. What follows is true of every play in which "
            "nobody says anything unprompted."
        )
    for episode in found.episodes:
        yield ""
        yield from _text(f"Episode {episode.number} of {len(series.episodes)}: {episode.game.scenario.title}")
        yield from _text(f"  {episode.states:,} states; it can begin with {_number(episode.starts, 'state')}.")
        yield from _text(f"  Endings that some play comes to: {', '.join(episode.endings) or 'none'}.")
        if never := _never(episode):
            yield from _text(f"  On no play: {', '.join(never)}.")
        for name, between in episode.lengths.items():
            most = "without bound" if between.most is None else between.most
            yield from _text(f"  {name.capitalize()} in a play: {between.least} to {most}.")
        if episode.best_start is None or episode.worst_start is None:
            yield from _text("  From some start, no plan surely comes to an ending.")
        elif episode.best_start == episode.worst_start:
            yield from _text(f"  The least loss to be expected: {_loss(episode.best_start)}.")
        else:
            yield from _text(
                f"  The least loss to be expected: {_loss(episode.best_start)} from the best start, "
                f"{_loss(episode.worst_start)} from the worst."
            )
        most_lost = ", ".join(
            f"{part} {'without bound' if points is None else points}" for part, points in episode.most_lost.items()
        )
        yield from _text(f"  The most that a play loses: {most_lost or 'nothing was seen to end'}.")
        for key, outcomes in episode.outcomes.items():
            kind, _, name = key.partition(":")
            told = [outcome for outcome in outcomes if outcome != "not triggered"]
            if told and kind == "duty":
                rule = episode.game.mou.duties[name]
                yield from _text(f"  Duty {rule.clause} {name}: {', '.join(told)}.", "    ")
            elif "missed" in told or "late" in told:
                yield from _text(f"  Line {name}: crossed on some play.", "    ")
    if found.unknown:
        yield ""
        yield from _text(f"NOT EVERYTHING WAS LOOKED AT: {found.unknown}.")


def as_data(series: Series, found: SeriesFound, mou: str, law: str, *, silent: bool = False) -> dict[str, Any]:
    """The report as plain data."""
    return {
        "series": series.id,
        "mou": mou,
        "jurisdiction": law,
        "silent": silent,
        "complete": not found.unknown,
        "unknown": found.unknown,
        "episodes": [_episode(episode) for episode in found.episodes],
    }


def _episode(found: EpisodeFound) -> dict[str, Any]:
    sides = (found.best_start, found.worst_start)
    return {
        "episode": found.number,
        "scenario": found.game.scenario.id,
        "title": found.game.scenario.title,
        "states": found.states,
        "starts": found.starts,
        "endings": list(found.endings),
        "never": _never(found),
        **{name: {"least": each.least, "most": each.most} for name, each in found.lengths.items()},
        "least_expected": None
        if None in sides
        else {
            name: {part: str(getattr(loss, part)) for part in PARTS}
            for name, loss in zip(("best_start", "worst_start"), sides, strict=True)
        },
        "worst": found.most_lost,
        "duties": _of(found, "duty"),
        "lines": _of(found, "line"),
    }


def _of(found: EpisodeFound, kind: str) -> dict[str, list[str]]:
    return {key.partition(":")[2]: list(o) for key, o in found.outcomes.items() if key.startswith(f"{kind}:")}


def _never(found: EpisodeFound) -> list[str]:
    return [s.id for s in found.game.scenes.values() if s.ending and s.id not in found.endings]


def _loss(loss: Loss) -> str:
    said = [f"{part} {getattr(loss, part)}" for part in PARTS if getattr(loss, part)]
    return ", ".join(said) or "nothing"


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}{'s' * (count != 1)}"


def _text(text: str, more: str = "  ") -> list[str]:
    return wrap(text, WIDTH, subsequent_indent=more, break_long_words=False, drop_whitespace=True) or [""]
