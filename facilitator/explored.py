"""The report of `handoff explore` in words, at most 100 columns wide."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from textwrap import wrap
from typing import TypeVar

from facilitator.exploring import WORDS, always, crossed, ending_title, never_come, outcome_word, proven
from scoring.loss import Loss
from simulator.engine import start
from simulator.outlook.claims import Bound, Claims, Explored

WIDTH = 100
SHORT = 8  # how much of a long list is shown
Each = TypeVar("Each")
OUTCOMES = ("met", "late", "missed", "excused", "open at the end")


def report(found: Claims, *, limit: int, called: str = "") -> Iterator[str]:
    """The report, line by line. `called`: the id or file that the scenario was asked for by."""
    game = found.game
    yield from _text(f"{game.scenario.title}, under “{game.mou.title}” and the law of {game.jurisdiction.title}")
    yield ""
    yield from _how_far(found, limit)
    for heading, lines in (
        ("A play", _a_play(found)),
        ("Endings", _endings(found)),
        ("Scenes and actions", _scenes(found)),
        *([("Injects", _injects(found))] if game.injects else ()),
        ("What a play can lose", _losses(found)),
        ("Practice: points a seat can lose on a principle, and decisions in which it shows", _practice(found)),
        ("Duties", _duties(found)),
        ("Lines", _lines(found)),
        ("Where crossing a line is rewarded", _rewarded(found)),
        ("Where only harmful options remain", _harmful(found)),
        ("Loops, and places without a way out", _loops(found)),
    ):
        yield ""
        yield heading
        yield from lines
    yield ""
    yield from _text(
        "What stands in [brackets] names a shortest play that shows it. To see one: "
        f"handoff explore {shlex.quote(called or game.scenario.id)} --show “NAME”; handoff play --script plays it."
    )


def _how_far(found: Claims, limit: int) -> Iterator[str]:
    if not proven(found):
        yield from _text(
            "NOT EVERYTHING WAS LOOKED AT. What stands below was seen in plays and is possible; nothing is proven "
            "impossible, or true of every play, unless it says so."
        )
        for each in found.unknown:
            yield from _text(f"Unknown is {each}.")
        if not (found.whole.complete or found.unknown) or not found.settled:
            yield from _text(f"The limit was {limit:,} states; --limit raises it.")
        if found.settled:
            yield from _text("Scenes, actions, endings, lengths and practice are proven all the same.")
        yield ""
    scenes = sum(not scene.narration for scene in found.game.scenes.values())
    if found.whole.states:
        yield from _text(_size("With duties and lines", found.whole, scenes))
    yield from _text(_size("Without duties and lines", found.bare, scenes))


def _size(what: str, size: Explored, scenes: int) -> str:
    text = f"{what}: {size.states:,} states and {size.moves:,} moves, in {size.seconds:.2f} s"
    if not size.complete:
        text += f"; then it stopped, having come to {size.scenes} of {scenes} scenes, with {size.unlooked:,} states not looked beyond"
    return text + "."


def _a_play(found: Claims) -> Iterator[str]:
    if not found.lengths:
        yield "  No play was seen to end."
        return
    told = {"moves": "takes", "decisions": "asks for", "minutes": "tells"}
    things = {"moves": "moves", "decisions": "decisions of the seats", "minutes": "minutes of story"}
    seen = "" if found.settled else " (of the plays seen)"
    for name, bound in found.lengths.items():
        yield from _item(f"It {told[name]} {_range(bound)} {things[name]}{seen} [fewest {name}] [most {name}]")


def _endings(found: Claims) -> Iterator[str]:
    game = found.game
    rows = []
    for end in found.endings:
        paths = f"{end.paths:,}" if end.paths is not None else "unbounded"
        paths = paths if found.settled or end.paths is None else f"at least {paths}"
        rows.append((paths, end.scene, ending_title(game, end.scene)))
    widths = [max((len(row[n]) for row in rows), default=0) for n in range(2)]
    if rows:
        yield "  In so many ways a play comes to each [ending ID]:"
    for paths, scene, title in rows:
        yield from _item(f"{paths:>{widths[0]}}  {scene:<{widths[1]}}  {title}")
    missing = [s.id for s in game.scenes.values() if s.ending and s.id not in {end.scene for end in found.endings}]
    if missing:
        yield from _item(f"{'Never reached' if found.settled else 'Not seen'}: {_some(missing)}")


def _scenes(found: Claims) -> Iterator[str]:
    game, reach = found.game, found.reach
    actions = [(scene.id, action) for scene in game.scenes.values() for action in scene.actions]
    never = [scene for scene in game.scenes if scene not in reach.scenes]
    closed = [f"{scene}/{action}" for scene, action in actions if (scene, action) not in reach.actions]
    yield from _item(
        f"{len(reach.scenes):,} of {len(game.scenes):,} scenes and {len(reach.actions):,} of {len(actions):,} actions "
        f"{'can come up' if found.settled else 'were seen'} [scene ID] [action SCENE/ID]"
    )
    if never:
        yield from _item(f"{'Never reached' if found.settled else 'Scenes not seen'}: {_some(never)}")
    if closed:
        yield from _item(f"{'Never open' if found.settled else 'Actions not seen open'}: {_some(closed)}")
    if reach.always_open:
        yield from _item(
            f"Always open, though guarded: {_some([f'{scene}/{action}' for scene, action in reach.always_open])}"
        )


def _injects(found: Claims) -> Iterator[str]:
    for inject, each in found.reach.injects.items():
        times = f"in {each.states:,} move{'s' * (each.states != 1)}"
        begins = any(inject == first for first, _ in start(found.game).injected)
        yield from _item(f"{inject} comes {'as the play begins' if begins else times} [inject ID]")
    if never := never_come(found):
        yield from _item(f"{'Never come' if found.settled else 'Not seen to come'}: {_some(never)}")
    by_hand = [inject.id for inject in found.game.injects.values() if inject.by_hand]
    if by_hand:
        yield from _item(f"By hand, and foreseen by nothing above or below: {_some(by_hand)}")


def _losses(found: Claims) -> Iterator[str]:
    if found.least_loss is not None:
        yield from _item(f"With the best plan, chance weighed: {_loss(found.least_loss)}")
    elif found.whole.complete and not found.unknown:
        yield from _item("No plan surely ends, so there is no best one.")
    else:
        yield from _item(f"The best plan loses at least {_loss(found.at_least) if found.at_least else 'nothing known'}")
        yield from _item(
            f"… and at most {_loss(found.at_most) if found.at_most else '(no plan was seen that surely ends)'}"
        )
    for part, worst in found.worst.items():
        most = f"{worst.most:,}" if worst.most is not None else "without bound"
        word = "At worst" if proven(found) or worst.most is None else "Seen at worst"
        yield from _item(f"{word}, {_PARTS[part]}: {most} [worst {part}]")


_PARTS = {
    "lines": "lines crossed",
    "duties": "points on duties (2 a missed one, 1 a late one)",
    "practice": "practice points",
}


def _practice(found: Claims) -> Iterator[str]:
    if not found.practice:
        yield "  Nothing is rated." if found.settled else "  Nothing was seen."
        return
    names = [max(len(p.principle) for p in found.practice), max(len(p.seat) for p in found.practice)]
    for p in found.practice:
        yield (
            f"  {p.principle:<{names[0]}}  {p.seat:<{names[1]}}  {_range(p.lost):>9} points  {_range(p.decisions):>9} "
            f"decision{'' if p.decisions.most == p.decisions.least == 1 else 's'}"
        )
    yield from _item("[fewest lost PRINCIPLE SEAT] [most lost …] [fewest decisions …] [most decisions …]")


def _duties(found: Claims) -> Iterator[str]:
    game = found.game
    if not game.mou.duties:
        yield "  The agreement has none."
    for name, duty in game.mou.duties.items() if found.rules else ():
        if f"duty:{name}" not in found.rules:
            said = f"is nobody's here: nobody sits for {game.mou.parties[duty.party].name}"
        else:
            said = _said(found, name, {o: outcome_word(found, f"duty:{name}", o) for o in OUTCOMES})
        yield from _item(f"Clause {duty.clause} ({name}) {said}")
    if found.rules and game.mou.duties:
        yield from _item("[duty ID kept] [duty ID kept by SEAT] and so on, with: " + ", ".join(WORDS[o] for o in WORDS))


def _said(found: Claims, name: str, words: dict[str, str]) -> str:
    outcomes = found.rules[f"duty:{name}"]
    only, sure = always(found, f"duty:{name}"), found.whole.complete
    if not outcomes:
        return "was not seen decided"
    if only == "not triggered":
        return "never comes up in any play"
    if only is not None and only != "excused":
        return f"is {words[only]} on every play"
    possible = [word for outcome, word in words.items() if outcome in outcomes]
    if "met" in outcomes and found.game.mou.duties[name].never is None and (seats := outcomes["met"].seats):
        possible[0] += f" (by {_either(_movers(seats))})"
    if sure and possible == ["excused"]:
        said = "can only be excused, never kept"
    else:
        said = f"{'can be' if sure else 'was seen'} {_either(possible)}" if possible else "was not seen to come up"
    if "not triggered" in outcomes:
        elsewhere = {
            ending for outcome, each in outcomes.items() if outcome != "not triggered" for ending in each.endings
        }
        bare = [ending for ending in outcomes["not triggered"].endings if ending not in elsewhere]
        if bare and sure:
            said += f"; it never comes up in {len(bare)} of {len(found.endings)} endings"
        else:
            said += "; in some plays it never comes up"
    return said


def _lines(found: Claims) -> Iterator[str]:
    for rule in found.rules:
        if not rule.startswith("line:"):
            continue
        line, how = found.game.lines[rule.removeprefix("line:")], crossed(found, rule)
        if how is None:
            yield from _item(f"{line.id} {'cannot be crossed' if found.whole.complete else 'was not seen crossed'}")
        else:
            who = f" by {_either(_movers(how.seats))}" if how.seats else ""
            count = f"{len(how.endings)} of {len(found.endings)} endings"
            yield from _item(f"{line.id} can be crossed{who}, on plays to {count}")

    if found.rules:
        yield from _item("[line ID crossed]")


def _movers(seats: Iterable[str]) -> list[str]:
    """Who made the move; what chance brings is told last."""
    found = list(seats)
    return [s for s in found if s != "chance"] + ["what chance brings"] * ("chance" in found)


def _rewarded(found: Claims) -> Iterator[str]:
    if not found.rewarded:
        yield "  Nowhere." if found.whole.complete and not found.unknown else "  Not known."
    for n, each in _first(found.rewarded):
        choice = ", ".join(f"{seat}: {action}" for seat, action in each.choice)
        yield from _item(
            f"{each.scene}, “{choice}” ({each.states:,} states): {_parts(each.breach)} still to lose, "
            f"against {_parts(each.lawful)} without crossing a line [rewarded {n}]"
        )
    yield from _more(found.rewarded)


def _harmful(found: Claims) -> Iterator[str]:
    if not found.harmful:
        yield "  Nowhere." if found.whole.complete else "  None seen."
    for n, each in _first(found.harmful):
        yield from _item(f"{each.scene}, for {each.seat} ({each.states:,} states) [harm {n}]")
    yield from _more(found.harmful)


def _loops(found: Claims) -> Iterator[str]:
    reach = found.reach
    if reach.circles:
        yield from _item(f"A play can go round and round through: {_some(list(reach.circles))} [loop SCENE]")
    for _, each in _first(reach.dead):
        stuck = f", in {each.stuck:,} of them nothing at all is open" if each.stuck else ""
        yield from _item(
            f"From {each.scene} no ending can be reached in {each.states:,} states{stuck} [dead {each.scene}]"
        )
    yield from _more(reach.dead)
    if not reach.circles and not reach.dead:
        yield "  None." if found.settled else "  None seen."


# --- words -----------------------------------------------------------------------------------------------------------


def _text(text: str) -> list[str]:
    return wrap(text, WIDTH, break_on_hyphens=False)


def _item(text: str) -> list[str]:
    return wrap(text, WIDTH, initial_indent="  ", subsequent_indent="      ", break_on_hyphens=False)


def _range(bound: Bound) -> str:
    if bound.most is None:
        return f"{bound.least:,} to unbounded"
    return f"{bound.least:,}" if bound.least == bound.most else f"{bound.least:,} to {bound.most:,}"


def _some(names: Sequence[str]) -> str:
    text = ", ".join(names[:SHORT])
    return text if len(names) <= SHORT else f"{text} and {len(names) - SHORT:,} more (--json has all)"


def _first(things: Sequence[Each]) -> Iterable[tuple[int, Each]]:
    return enumerate(things[:SHORT], 1)


def _more(things: Sequence[object]) -> Iterator[str]:
    if len(things) > SHORT:
        yield f"  and {len(things) - SHORT:,} more (--json has all)"


def _either(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _number(value: Fraction) -> str:
    return str(value) + f" (about {float(value):.2f})" * (value.denominator > 1)


def _loss(loss: Loss) -> str:
    return (
        f"lines crossed {_number(loss.lines)}, points on duties {_number(loss.duties)}, "
        f"practice points {_number(loss.practice)}"
    )


def _parts(parts: tuple[Fraction, Fraction]) -> str:
    return f"duties {_number(parts[0])} and practice {_number(parts[1])}"
