"""`handoff explore`: what is true of all plays of a scenario. Exit code 1 if not everything could be looked at.

`--json` writes one object. Every `play` in it is a list of script lines that `handoff play --script` replays, a shortest one that
shows the claim it stands with; one that cannot end stops where the claim holds. Fractions are text, such as "7/3".

    scenario, mou, jurisdiction   ids
    complete        whether every claim is proven
    proven          story: scenes, actions, endings, lengths, practice, loops are; duties: the rest is. Where not, lists hold what
                    was seen, counts and bounds are those of the plays seen, and `never…` and `always…` are null
    unknown         what could not be worked out, and why
    states          with_duties, without_duties: {states, moves, scenes, seconds, complete, unlooked}; `unlooked` states were
                    found but not looked beyond
    scenes          reached: {id: {states, play}}; never: [id]. For a narration `states` counts the states that lead through it.
    actions         open: [{scene, action, states, play}]; never_open, always_open_though_guarded: [{scene, action}]
    endings         reached: [{scene, title, paths, play}]; paths: how many plays come to it, null: without bound; never: [id]
    lengths         moves, decisions, minutes: {least, most, play_least, play_most}; most null: without bound
    practice        [{principle, seat, points_lost, decisions}], each with {least, most, play_least, play_most}
    outlook         least_expected: {lines, duties, practice} or null; at_least, at_most: bounds that hold, or null;
                    worst: {lines, duties, practice}, each {most, play}; most null: without bound
    duties          {id: {clause, party, text, always, played, outcomes}}; outcomes: {outcome: {endings, play, seats: {seat: play}}}
                    by not triggered, met, late, missed, excused, open at the end; seats: whose move decided it (or “chance”);
                    `always` the one outcome of every play, or null; `played` false: nobody sits for its party
    lines           {id: {text, crossed: {endings, play, seats} or null, always}}; crossed null: on no play
    breach_rewarded [{scene, choice: {seat: action}, states, lawful, breach, play}]; lawful, breach: {duties, practice} still to lose
    only_harm       [{scene, seat, states, play}]
    no_way_out      [{scene, states, stuck, play}]; stuck: states in which nothing at all is open
    loops           {scene: {states, play}}: scenes in which a play can turn in circles
    injects         only with a shelf: come: {id: {states, play}}, in so many moves from a state; never: [id]; by_hand: [id]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from facilitator.playing import library
from scoring.loss import Loss
from simulator.compiled.memory import TooIntricate
from simulator.game import Game
from simulator.outlook import LIMIT
from simulator.outlook.claims import Bound, Claims, Explored, claims
from simulator.outlook.findings import Outcome
from simulator.outlook.reach import Found
from simulator.outlook.witness import Witness
from simulator.session import game_of


def explore(args: argparse.Namespace) -> int:
    """Print the report. 0: everything was looked at; 1: not everything, or it was stopped; 2: there is no such claim."""
    shelf = library(args)
    if shelf.is_series(args.scenario):
        from facilitator.exploring_series import explore as explore_series  # it prints by what is here

        return explore_series(args)
    game = game_of(shelf.bundle(args.scenario, mou=args.mou, jurisdiction=args.jurisdiction))
    progress = Progress()
    try:
        found = claims(game, limit=args.limit or LIMIT, watch=progress.watch, clock=time.perf_counter)
        progress.clear()
        return _print(args, found)
    except TooIntricate as error:
        progress.clear()
        print(f"handoff: this scenario cannot be explored: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        progress.clear()
        print("handoff: stopped; nothing was changed.", file=sys.stderr)
        return 1


def _print(args: argparse.Namespace, found: Claims) -> int:
    code = 0 if proven(found) else 1
    if args.show is not None:
        plays = dict(witnesses(found))
        if args.show not in plays:
            print(f"handoff: there is no claim “{args.show}”; the report names each in [brackets]", file=sys.stderr)
            return 2
        print("".join(line + "\n" for line in plays[args.show].lines), end="")
    elif args.json:
        print(json.dumps(as_data(found), ensure_ascii=False))
    else:
        from facilitator.explored import report

        print("".join(line + "\n" for line in report(found, limit=args.limit or LIMIT, called=args.scenario)), end="")
    return code


class Progress:
    """How many states so far, on stderr, if that is a terminal."""

    def __init__(self) -> None:
        self.shown = sys.stderr.isatty()
        self.last = time.monotonic()

    def watch(self, states: int) -> None:
        now = time.monotonic()
        if self.shown and now - self.last > 0.2:
            self.last = now
            print(f"\r{states:,} states looked at; Ctrl-C stops ", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        if self.shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def proven(found: Claims) -> bool:
    """Whether everything the report says is proven, and nothing left out."""
    return found.settled and found.whole.complete and not found.unknown


def witnesses(found: Claims) -> Iterator[tuple[str, Witness]]:
    """Every play of the report, by the name the report gives it."""
    for scene, each in found.reach.scenes.items():
        yield f"scene {scene}", each.witness
    for (scene, action), each in found.reach.actions.items():
        yield f"action {scene}/{action}", each.witness
    for inject, each in found.reach.injects.items():
        yield f"inject {inject}", each.witness
    for end in found.endings:
        yield f"ending {end.scene}", end.witness
    for name, bound in found.lengths.items():
        yield f"fewest {name}", bound.shows_least
        yield f"most {name}", bound.shows_most
    for practice in found.practice:
        for kind, bound in (("lost", practice.lost), ("decisions", practice.decisions)):
            yield f"fewest {kind} {practice.principle} {practice.seat}", bound.shows_least
            yield f"most {kind} {practice.principle} {practice.seat}", bound.shows_most
    for part, worst in found.worst.items():
        yield f"worst {part}", worst.witness
    for rule, outcomes in found.rules.items():
        for outcome, result in outcomes.items():
            name = f"{rule.replace(':', ' ', 1)} {outcome_word(found, rule, outcome)}"
            yield name, result.witness
            for seat, witness in result.seats.items():
                yield f"{name} by {seat}", witness
    for n, rewarded in enumerate(found.rewarded, 1):
        yield f"rewarded {n}", rewarded.witness
    for n, harmful in enumerate(found.harmful, 1):
        yield f"harm {n}", harmful.witness
    for dead in found.reach.dead:
        yield f"dead {dead.scene}", dead.witness
    for scene, each in found.reach.circles.items():
        yield f"loop {scene}", each.witness


def never_come(found: Claims) -> list[str]:
    """The injects that come by themselves, and yet in no play that was seen."""
    return [each.id for each in found.game.scheduled if each.id not in found.reach.injects]


def _injects(found: Claims) -> dict[str, Any]:
    """What `injects` says, where there is a shelf."""
    if not found.game.injects:
        return {}
    by_hand = [inject.id for inject in found.game.injects.values() if inject.by_hand]
    come = {inject: _found(each) for inject, each in found.reach.injects.items()}
    return {"injects": {"come": come, "never": never_come(found) if found.settled else None, "by_hand": by_hand}}


WORDS = {
    "met": "kept", "late": "late", "missed": "missed", "excused": "excused", "open at the end": "open at the end",
    "not triggered": "not triggered",
}  # fmt: skip


def outcome_word(found: Claims, rule: str, outcome: str) -> str:
    """What the report calls an outcome of a rule: a line is crossed, what must never be is broken."""
    kind, _, name = rule.partition(":")
    if kind == "line" and outcome in ("missed", "late"):
        return "crossed" if outcome == "missed" else "crossed for a while"
    if outcome == "missed" and kind == "duty" and found.game.mou.duties[name].never is not None:
        return "broken"
    return WORDS[outcome]


# --- as JSON ---------------------------------------------------------------------------------------------------------


def as_data(found: Claims) -> dict[str, Any]:
    """The report as plain values; what they mean stands at the top of this module."""
    game = found.game
    reached = {end.scene for end in found.endings}
    actions = [(scene.id, action) for scene in game.scenes.values() for action in scene.actions]
    return {
        "scenario": game.scenario.id,
        "mou": game.mou.id,
        "jurisdiction": game.jurisdiction.id,
        "complete": proven(found),
        "proven": {"story": found.settled, "duties": found.whole.complete and not found.unknown},
        "unknown": list(found.unknown),
        "states": {"with_duties": _size(found.whole), "without_duties": _size(found.bare)},
        "scenes": {
            "reached": {scene: _found(each) for scene, each in found.reach.scenes.items()},
            "never": [scene for scene in game.scenes if scene not in found.reach.scenes] if found.settled else None,
        },
        "actions": {
            "open": [
                {"scene": scene, "action": action, **_found(each)}
                for (scene, action), each in found.reach.actions.items()
            ],
            "never_open": _pairs(key for key in actions if key not in found.reach.actions) if found.settled else None,
            "always_open_though_guarded": _pairs(found.reach.always_open) if found.settled else None,
        },
        "endings": {
            "reached": [
                {"scene": end.scene, "title": ending_title(game, end.scene), "paths": end.paths, **_play(end.witness)}
                for end in found.endings
            ],
            "never": [s.id for s in game.scenes.values() if s.ending and s.id not in reached] if found.settled else None,
        },
        "lengths": {name: _bound(bound) for name, bound in found.lengths.items()},
        "practice": [
            {"principle": p.principle, "seat": p.seat, "points_lost": _bound(p.lost), "decisions": _bound(p.decisions)}
            for p in found.practice
        ],
        "outlook": {
            "least_expected": _loss(found.least_loss),
            "at_least": _loss(found.at_least),
            "at_most": _loss(found.at_most),
            "worst": {part: {"most": each.most, **_play(each.witness)} for part, each in found.worst.items()},
        },
        "duties": {duty: _duty(found, duty) for duty in game.mou.duties} if found.rules else {},
        "lines": {rule.removeprefix("line:"): _line(found, rule) for rule in found.rules if rule.startswith("line:")},
        "breach_rewarded": [
            {"scene": r.scene, "choice": dict(r.choice), "states": r.states, "lawful": _still(r.lawful),
             "breach": _still(r.breach), **_play(r.witness)}
            for r in found.rewarded
        ],
        "only_harm": [{"scene": h.scene, "seat": h.seat, "states": h.states, **_play(h.witness)} for h in found.harmful],
        "no_way_out": [
            {"scene": d.scene, "states": d.states, "stuck": d.stuck, **_play(d.witness)} for d in found.reach.dead
        ],
        "loops": {scene: _found(each) for scene, each in found.reach.circles.items()},
        **_injects(found),
    }  # fmt: skip


def ending_title(game: Game, scene: str) -> str:
    ending = game.scenario.scenes[scene].ending
    return ending.title if ending is not None else scene


def always(found: Claims, rule: str) -> str | None:
    """The one outcome that a rule has on every play, if it is proven to have one."""
    outcomes = found.rules.get(rule, {})
    return next(iter(outcomes)) if len(outcomes) == 1 and found.whole.complete else None


def crossed(found: Claims, rule: str) -> Outcome | None:
    """How a line can be crossed, if it can."""
    outcomes = found.rules[rule]
    return outcomes.get("missed") or outcomes.get("late")


def _duty(found: Claims, name: str) -> dict[str, Any]:
    duty, outcomes = found.game.mou.duties[name], found.rules.get(f"duty:{name}")
    return {
        "clause": duty.clause,
        "party": duty.party,
        "text": duty.text,
        "played": outcomes is not None,
        "always": always(found, f"duty:{name}"),
        "outcomes": {outcome: _outcome(each) for outcome, each in (outcomes or {}).items()},
    }


def _line(found: Claims, rule: str) -> dict[str, Any]:
    how = crossed(found, rule)
    return {
        "text": found.game.lines[rule.removeprefix("line:")].text,
        "crossed": _outcome(how) if how is not None else None,
        "always": how is not None and always(found, rule) in ("missed", "late") and _judged(found, rule),
    }


def _judged(found: Claims, rule: str) -> bool:
    # Of a line that the ledger judges only breaches are noted, so that nothing is known of plays without one.
    return found.game.lines[rule.removeprefix("line:")].telling is None


def _outcome(each: Outcome) -> dict[str, Any]:
    seats = {seat: list(witness.lines) for seat, witness in each.seats.items()}
    return {"endings": list(each.endings), **_play(each.witness), "seats": seats}


def _size(size: Explored) -> dict[str, Any]:
    return {
        "states": size.states, "moves": size.moves, "scenes": size.scenes, "seconds": round(size.seconds, 3),
        "complete": size.complete, "unlooked": size.unlooked,
    }  # fmt: skip


def _found(each: Found) -> dict[str, Any]:
    return {"states": each.states, **_play(each.witness)}


def _play(witness: Witness) -> dict[str, Any]:
    return {"play": list(witness.lines)}


def _bound(bound: Bound) -> dict[str, Any]:
    return {
        "least": bound.least, "most": bound.most,
        "play_least": list(bound.shows_least.lines), "play_most": list(bound.shows_most.lines),
    }  # fmt: skip


def _pairs(keys: Any) -> list[dict[str, str]]:
    return [{"scene": scene, "action": action} for scene, action in keys]


def _loss(loss: Loss | None) -> dict[str, str] | None:
    return None if loss is None else {part: str(value) for part, value in loss._asdict().items()}


def _still(parts: tuple[Fraction, Fraction]) -> dict[str, str]:
    return {"duties": str(parts[0]), "practice": str(parts[1])}
