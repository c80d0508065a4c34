"""`handoff simulate`: many plays by the computer, and what they came to. A sample shows what is likely; it proves nothing.

`--json` writes one object. Figures count finished plays (`finished`); shares and means are decimals, null where there is nothing.

    scenario, title, mou, jurisdiction, seed, asked, plays, finished, states, notes (sentences that belong to the figures)
    stuck, endless  plays that stopped where nothing was open; that were given up after 10,000 moves
    stopped         whether it was stopped before all plays were made
    policies        {seat: policy}
    endings         [{scene, title, plays}]
    duties          [{duty, clause, party, text, played}, and how many instances came to each outcome]; an `each` has one instance
                    for every time it was called for, the others one a play; `played` false: nobody sits for its party
    lines           [{line, text, kind, plays}]: plays in which it was crossed
    lost            {lines, duties, practice}: means of the parts of a play's loss
    objectives      [{objective, text, P, S, M, U, not observed}]: plays
    principles      [{principle, label, seat, observed, not observed, mean, quartiles}]: plays, and shares from 0 to 1
    minutes, decisions   {mean, least, most}: story minutes, choices of seats
    coverage        scenes, actions: how many can be reached; missed_…: reached by no play of this sample; unreachable_…: by none
                    at all, unreachable actions only of scenes that can be reached. An action is “scene: action”.
    compared        with --compare: [{label, policies, plays, lines, duties, practice, duties_met}]; duties_met: of those met,
                    late or missed
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from facilitator.playing import library
from simulator.game import Game
from simulator.session import game_of
from simulator.speaking import silenced

if TYPE_CHECKING:
    from simulator.compiled.values import Values
    from simulator.outlook.notes import Notes
    from simulator.outlook.policies import Kind
    from simulator.outlook.tables import Tables
    from simulator.outlook.tally import Sample

POLICIES = ("random", "typical", "expert", "least-used")
CAUTION = "A sample shows what is likely, never what is impossible; it is no proof."
EXPERT = "An expert here plays the best plan as if it knew everything; the partner in a session knows only its view."
LETTERS = ("P", "S", "M", "U")
Tell = Callable[[str], None]


class WrongPolicy(ValueError):
    """A --policy that does not fit the scenario; the message says why and what would."""


@dataclass(slots=True)
class Run:
    """A sample under one choice of policies. `asked`: plays wanted; fewer were made if somebody stopped it."""

    label: str
    policy: dict[str, Kind]
    asked: int
    sample: Sample | None = None

    @property
    def stopped(self) -> bool:
        return self.sample is None or self.sample.plays < self.asked


@dataclass(slots=True)
class Desk:
    """A scenario made ready to be sampled."""

    game: Game
    tables: Tables
    notes: Notes
    values: Values | None
    runs: list[Run] = field(default_factory=list)


def simulate(args: argparse.Namespace) -> int:
    """Sample, and print what came of it. Exit code 1 if it was too large or stopped, or plays came to no ending; 2 for a wrong seat or policy."""
    from simulator.compiled.memory import TooIntricate
    from simulator.outlook import TooLarge

    game = game_of(library(args).bundle(args.scenario, mou=args.mou, jurisdiction=args.jurisdiction))
    game = replace(game, scenario=silenced(game.scenario))  # simulated players say nothing unprompted
    try:
        policy = policies(args.policy or (), game.seats)
    except WrongPolicy as error:
        print(f"handoff: {error}", file=sys.stderr)
        return 2
    runs = [Run("this mix", policy, args.plays)]
    if args.compare:
        runs += [
            Run(f"all {kind}", dict.fromkeys(game.seats, kind), args.plays) for kind in ("expert", "typical", "random")
        ]
    tell, done = _progress()
    try:
        try:
            desk = _prepared(game, args.limit, runs, tell)
            _sample(desk, args.seed, tell)
        finally:
            done()
    except TooLarge as error:
        print(
            f"handoff: “{game.scenario.id}” has more than {args.limit:,} states ({error.graph.states:,} were found before it "
            f"stopped), so it is not sampled: raise the bound with --limit, such as --limit {args.limit * 4}.",
            file=sys.stderr,
        )
        return 1
    except TooIntricate as error:
        print(f"handoff: “{game.scenario.id}” cannot be sampled: {error}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("handoff: stopped while the states were explored; nothing has been sampled yet.", file=sys.stderr)
        return 1
    found_figures = figures(desk, args.seed)
    if args.json:
        print(json.dumps(found_figures, ensure_ascii=False))
    else:
        from facilitator.sampled_text import lines

        print("\n".join(lines(found_figures)))
    first = desk.runs[0].sample
    return 1 if any(run.stopped for run in desk.runs) or first is None or first.finished < first.plays else 0


def policies(wanted: Iterable[str], seats: tuple[str, ...]) -> dict[str, Kind]:
    """Seats to policies; `SEAT=KIND`, or `KIND` for every seat not named. Raises WrongPolicy."""
    given: dict[str, Any] = {}
    rest: Any = "random"
    for text in wanted:
        seat, equals, kind = text.rpartition("=")
        if kind not in POLICIES:
            raise WrongPolicy(
                f"there is no policy “{kind}”; write {'SEAT=' if not equals else seat + '='}{'|'.join(POLICIES)}"
            )
        if not equals:
            rest = kind
        elif seat not in seats:
            raise WrongPolicy(f"there is no seat “{seat}” to give a policy; the seats are {', '.join(seats)}")
        else:
            given[seat] = kind
    return {seat: given.get(seat, rest) for seat in seats}


def _prepared(game: Game, limit: int, runs: list[Run], tell: Tell) -> Desk:
    from simulator.compiled.graph import explored
    from simulator.compiled.values import Values
    from simulator.outlook import TooLarge
    from simulator.outlook.tables import Tables
    from simulator.outlook.tally import notes_of

    # Story minutes are summed over the plays, so no time of day may be forgotten.
    graph = explored(game, limit=limit, exact_clock=True, watch=lambda states: tell(f"exploring: {states:,} states"))
    if not graph.complete or graph.states > limit:
        raise TooLarge(graph)
    tell("laying out the graph")
    tables = Tables.of(graph)
    planned = any("expert" in run.policy.values() for run in runs)
    return Desk(game, tables, notes_of(tables), Values(graph) if planned else None, runs)


def _sample(desk: Desk, seed: int, tell: Tell) -> None:
    """Every run in turn. Whoever presses Ctrl-C keeps what was sampled until then."""
    from simulator.outlook.policies import prepare
    from simulator.outlook.tally import samples

    try:
        for run in desk.runs:
            draws = prepare(desk.tables, run.policy, desk.values)
            for sample in samples(desk.tables, desk.notes, draws, run.asked, seed):
                run.sample = sample
                tell(f"sampling, {run.label}: {sample.plays:,} of {run.asked:,} plays")
    except KeyboardInterrupt:
        if desk.runs[0].sample is None:
            from simulator.outlook.tally import Sample

            desk.runs[0].sample = Sample()


def _progress() -> tuple[Tell, Callable[[], None]]:
    """Says on a terminal how far it is, a few times a second, in one line that is wiped at the end."""
    if not sys.stderr.isatty():
        return (lambda text: None), (lambda: None)
    last = [0.0, 0.0]

    def tell(text: str) -> None:
        now = time.monotonic()
        if now - last[0] > 0.2:
            last[0], last[1] = now, max(last[1], len(text))
            print(f"\r{text:<{int(last[1])}}", end="", file=sys.stderr, flush=True)

    def done() -> None:
        if last[1]:
            print("\r" + " " * int(last[1]) + "\r", end="", file=sys.stderr, flush=True)

    return tell, done


# --- figures -----------------------------------------------------------------------------------------------------------


def figures(desk: Desk, seed: int) -> dict[str, Any]:
    """Everything that was found, as plain values: what `--json` prints and the text is made from."""
    from simulator.outlook.tally import mean

    game, run = desk.game, desk.runs[0]
    sample = run.sample
    assert sample is not None
    found: dict[str, Any] = {
        "scenario": game.scenario.id,
        "title": game.scenario.title,
        "mou": game.mou.id,
        "jurisdiction": game.jurisdiction.id,
        "seed": seed,
        "asked": run.asked,
        "plays": sample.plays,
        "finished": sample.finished,
        "stuck": sample.stuck,
        "endless": sample.endless,
        "stopped": run.stopped,
        "policies": run.policy,
        "states": desk.tables.graph.states,
        "notes": [CAUTION, *([EXPERT] if any("expert" in r.policy.values() for r in desk.runs) else [])],
        "endings": [
            {"scene": name, "title": scene.scene.ending.title, "plays": sample.endings[name]}
            for name, scene in game.scenes.items()
            if scene.scene.ending is not None and sample.endings[name]
        ],
        "duties": _duties(desk, sample),
        "lines": _lines(desk, sample),
        "lost": _means(sample),
        "objectives": [
            {
                "objective": each.id,
                "text": each.text,
                **{letter: sample.letters[each.id, letter] for letter in LETTERS},  # type: ignore[index]
                "not observed": sample.letters[each.id, None],
            }
            for each in game.scenario.objectives.values()
        ],
        "principles": _principles(desk, sample),
    }
    for name, counts in (("minutes", sample.minutes), ("decisions", sample.decisions)):
        found[name] = {
            "mean": _number(mean(counts)),
            "least": min(counts, default=None),
            "most": max(counts, default=None),
        }
    found["coverage"] = _coverage(desk, sample)
    if len(desk.runs) > 1:
        found["compared"] = [
            {
                "label": r.label,
                "policies": r.policy,
                "plays": r.sample.plays,
                **_means(r.sample),
                "duties_met": _met(r.sample),
            }
            for r in desk.runs
            if r.sample is not None and r.sample.finished
        ]
    return found


def _number(value: Fraction | None) -> float | None:
    return None if value is None else round(float(value), 6)


def _means(sample: Sample) -> dict[str, float | None]:
    """Mean loss of a finished play, part by part."""
    parts = ("lines", "duties", "practice")
    return {part: _number(Fraction(sample.lost[part], sample.finished)) if sample.finished else None for part in parts}


def _met(sample: Sample) -> float | None:
    """Of the duties that were decided (met, late or missed), the share that was met."""
    kept = {outcome: 0 for outcome in ("met", "late", "missed")}
    for (key, outcome), n in sample.outcomes.items():
        if key.startswith("duty:") and outcome in kept:
            kept[outcome] += n
    return _number(Fraction(kept["met"], sum(kept.values()))) if any(kept.values()) else None


def _duties(desk: Desk, sample: Sample) -> list[dict[str, Any]]:
    from simulator.compiled.rules import OUTCOMES

    game = desk.game
    return [
        {
            "duty": duty.id,
            "clause": duty.clause,
            "party": game.mou.parties[duty.party].name,
            "text": duty.text,
            "played": game.watchers[f"duty:{duty.id}"].played,
            **{outcome: sample.outcomes[f"duty:{duty.id}", outcome] for outcome in OUTCOMES},
        }
        for duty in game.mou.duties.values()
    ]


def _lines(desk: Desk, sample: Sample) -> list[dict[str, Any]]:
    game = desk.game
    return [
        {
            "line": line.id,
            "text": line.text,
            "kind": "life safety" if line.id in game.vocabulary.lines else "law",
            "plays": sample.crossed[line.id],
        }
        for line in game.lines.values()
    ]


def _principles(desk: Desk, sample: Sample) -> list[dict[str, Any]]:
    from simulator.outlook.tally import spread

    found = []
    for (principle, seat), counts in sample.shares.items():
        each = spread(counts)
        found.append({
            "principle": principle,
            "label": desk.game.framework.principles[principle].label,
            "seat": seat,
            "observed": each.observed,
            "not observed": each.not_observed,
            "mean": _number(each.mean),
            "quartiles": [_number(value) for value in (each.quarter, each.middle, each.three_quarters)],
        })  # fmt: skip
    return found


def _coverage(desk: Desk, sample: Sample) -> dict[str, Any]:
    from simulator.outlook.tally import unreachable

    scenes, actions = unreachable(desk.tables.graph)
    never = {*actions}
    acting = [(name, scene) for name, scene in desk.game.scenes.items() if not scene.narration and name not in scenes]
    seen = {*sample.visited, *sample.endings}
    return {
        "scenes": len(acting),
        "actions": sum(len(scene.actions) for _, scene in acting) - len(actions),
        "missed_scenes": [name for name, _ in acting if name not in seen],
        "missed_actions": [
            f"{name}: {action}"
            for name, scene in acting
            for action in scene.actions
            if (name, action) not in never and not sample.taken[name, action]
        ],
        "unreachable_scenes": scenes,
        "unreachable_actions": [f"{name}: {action}" for name, action in actions],
    }
