"""`handoff play --swap SESSION`: the same people play it again, their seats exchanged."""

from __future__ import annotations

import argparse
import sys

from facilitator.playing import find_session, library, read_script, run, wanted, wrong_variant
from simulator.log import open_store
from simulator.script import BadScript, parse
from simulator.session import Session
from simulator.swapping import CannotSwap, Swap, again, chosen, swap

PROBLEMS, WRONG_USE = 1, 2
_AS_IT_WAS = ("scenario", "mou", "jurisdiction", "seat", "partner", "name", "employer", "workshop")


def play_swapped(args: argparse.Namespace) -> int:
    """Plain or scripted. Exit code 1 if that session cannot be followed, 2 for wrong use. Raises LogError, Unreadable."""
    if problem := wrong_use(args):
        print(f"handoff: {problem}", file=sys.stderr)
        return WRONG_USE
    name = args.script or "stdin"
    try:
        script = parse(read_script(args.script), name) if args.script else None
        store = open_store(args.store)
        try:
            first = Session.reopen(store, find_session(store, args.swap))
            draw = wanted(args) if args.draw or args.variant else None
            if draw is not None and (unknown := wrong_variant(draw, first.bundle)):
                print(f"handoff: {unknown}", file=sys.stderr)
                return WRONG_USE
            asked = asked_swap(args, first)
            if not args.json:
                print("\n".join(who_sits(asked)) + "\n")
            return run(again(store, asked, seed=args.seed, draw=draw), args, script, name, library(args))
        finally:
            store.close()
    except (CannotSwap, BadScript, OSError, UnicodeDecodeError) as error:
        print(f"handoff: {error}", file=sys.stderr)
        return PROBLEMS


def asked_swap(args: argparse.Namespace, first: Session) -> Swap:
    """The swap that the command line asks for. Raises CannotSwap."""
    return swap(first, chosen(first.seats, dict(args.sits)) if args.sits else None)


def wrong_use(args: argparse.Namespace) -> str:
    """Why the command line cannot be followed; empty if it can."""
    given = [f"--{key}" if key != "scenario" else "a scenario" for key in _AS_IT_WAS if getattr(args, key, None)]
    if args.swap and given:
        return f"--swap plays the same as before, with the same people; {', '.join(given)} cannot be said with it"
    return "--sits says who sits where after a play; it goes with --swap SESSION" if args.sits and not args.swap else ""


def who_sits(asked: Swap) -> list[str]:
    """Who sits where now, one line a seat."""
    seats = asked.first.bundle.scenario.seats
    lines = ["Seats exchanged:"]
    for place in asked.places:
        then = seats[asked.before[place.seat]].name
        who = (place.alias or "whoever") if place.player == "human" else f"the computer ({place.player})"
        played = "" if asked.before[place.seat] == place.seat else f" (played {then} before)"
        lines.append(f"  {seats[place.seat].name}: {who}{played}")
    return lines
