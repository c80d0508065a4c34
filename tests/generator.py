"""Synthetic scenarios, the same for the same seed: as an author's trees, as the model, and as YAML texts.

Scenes stand in layers; an action leads to a later layer, now and then back. The first action of every seat in every
scene is always open, as is the first outcome of chance, so that every walk can go on until it ends. Whatever only some
may read carries a mark such as `private~s1_0~officer~`, so that a test can look for it where it must not be.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

import yaml

from simulator import engine
from simulator.engine import State
from simulator.events import Chance, Choose, Event
from simulator.game import Game
from simulator.library import Text
from simulator.presence import AWAY, Attendance
from simulator.view import view
from tests.small import CONFIDENTIAL, PARTIES, PRINCIPLES, RECORDS_LINE, ROLES, Tree, game_from, many

SEATS = ("officer", "advocate", "nurse")
_ROLE = {"officer": "patrol-officer", "advocate": "community-advocate", "nurse": "nurse"}
EMPLOYER = {"officer": "riverside-pd", "advocate": "harbor-house", "nurse": "hospital"}
FACTS = tuple(f"fact{n}" for n in range(8))
ITEMS = ("gun", "plan", "record", "client")
DAYS = ("next business day 09:00", "next day 08:00", "1 business day", "2 business days", "1 day")
_MARK = re.compile(r"[a-z]+~[\w~-]*~")


def mark(kind: str, *parts: str) -> str:
    """A text that says what it is and who may read it: `kind~part~part~`."""
    return "~".join((kind, *parts, ""))


def marks(text: str) -> set[tuple[str, ...]]:
    """Every mark in a text, in its parts, kind first."""
    return {tuple(found.strip("~").split("~")) for found in _MARK.findall(text)}


def generate(
    seed: int,
    *,
    layers: int = 4,
    width: int = 3,
    actions: int = 3,
    seats: int = 2,
    loops: bool = False,
    calendar: bool = False,
    telling: bool = False,
    speaking: bool = False,
    asking: bool = False,
    late: bool = False,
    injects: bool = False,
) -> dict[str, Tree]:
    """The five files of a scenario, as trees by kind.

    `loops`: more ways back, in chance scenes too, and now and then a scene without a way out. `calendar`: days and business
    days instead of minutes, in actions, deadlines, releases and guards, around a weekend. `telling`: the library's own rights,
    every kind of item, channel, paper and signer, and grants that bind a seat. `speaking`: whoever is on turn may speak
    unprompted, with consequences, releases to ask for and advisers. `asking`: private questions of every kind, and the
    scenario's own accounts of distress. `late`: seats that come in later, leave, and come back. `injects`: a shelf with
    injects of every kind.
    """
    trees = _Author(Random(seed), layers, width, actions, SEATS[:seats]).files()
    _narrate_onwards(trees["scenario"]["scenes"], f"s{layers}_0")
    # Drawn apart, so that a seed without them writes what it always wrote.
    if loops:
        _loop(trees["scenario"]["scenes"], Random(f"loops {seed}"))
    if calendar:
        _take_days(trees, Random(f"calendar {seed}"))
    if telling:
        _tell_more(trees, Random(f"telling {seed}"))
    if speaking:
        _speak_up(trees["scenario"], f"s{layers}_1", Random(f"speaking {seed}"))
        trees["vocabulary"]["facts"]["confidence_asked_of_advocate"] = "A confidence was asked for."
        trees["mou"]["duties"]["not-asked"] = {
            "text": "Nobody asks.", "clause": "9.1", "party": "police", "never": "confidence_asked_of_advocate",
        }  # fmt: skip
    if asking:
        _ask(trees, Random(f"asking {seed}"), SEATS[:seats])
    if late:
        random = Random(f"late {seed}")
        opening = trees["scenario"]["scenes"]["s0_0"].get("turn", ())
        for seat in trees["scenario"]["seats"]:
            if len(trees["scenario"]["seats"]) > 1 and (seat not in many(opening) or random.random() < 0.1):
                _come_and_go(trees, seat, random)
    if injects:
        _put_on_the_shelf(trees["scenario"], Random(f"injects {seed}"), calendar=calendar)
    return trees


def game(seed: int, **size: Any) -> Game:
    """The generated scenario as a game, built from the model's own classes without reading any YAML."""
    return game_from(generate(seed, **size))


def texts(trees: dict[str, Tree]) -> tuple[Text, ...]:
    """The files as texts, the way a session pins them."""
    made = []
    for kind, tree in trees.items():
        text = yaml.dump(tree, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=110)
        made.append(Text(kind, tree["id"], hashlib.sha256(text.encode()).hexdigest(), text, f"generated/{kind}.yaml"))
    return tuple(made)


def next_events(state: State) -> list[Event]:
    """Every event that can happen now."""
    found: list[Event] = [Chance(action=outcome.id) for outcome in engine.outcomes(state)]
    for seat in engine.turn(state):
        found += [Choose(seat=seat, action=o.action.id) for o in engine.options(state, seat) if o.open]
        found += [each.event for each in view(state, seat).sayable]
    return found


def walk(start: State, seed: int, limit: int = 30) -> Iterator[State]:
    """The states of a random play, the first included, until it ends or has `limit` moves."""
    random, state = Random(seed), start
    yield state
    for _ in range(limit):
        if state.ended:
            return
        state = engine.step(state, random.choice(next_events(state)))
        yield state


def _narrate_onwards(scenes: Tree, ending: str) -> None:
    """No narration leads back: a ring of nothing but narrations would be told for ever."""
    for scene in scenes.values():
        if "turn" not in scene and "to" in scene:
            for way in [scene] if isinstance(scene["to"], str) else scene["to"]:
                way["to"] = ending if way["to"] == "s0_0" else way["to"]


def _loop(scenes: Tree, random: Random) -> None:
    """Turns some ways back. The first action of a scene stays as it was, so that what led on still does."""
    turned, acting = [], [name for name, scene in scenes.items() if "actions" in scene]
    for name in acting:
        for action in list(scenes[name]["actions"].values())[1:]:
            if "to" in action and random.random() < 0.4:
                action["to"] = random.choice([name, random.choice(acting)])
                turned.append(action)
    alone = [name for name in acting if isinstance(scenes[name]["turn"], str) and scenes[name]["turn"] != "chance"]
    if turned and alone and random.random() < 0.2:
        turn = scenes[random.choice(alone)]["turn"]
        ways = {f"trap-do{n}": {"text": mark("action", "trap", str(n), turn), "to": "trap"} for n in range(2)}
        scenes["trap"] = {"title": mark("title", "trap"), "turn": turn, "actions": ways}
        random.choice(turned)["to"] = "trap"


def _take_days(trees: dict[str, Tree], random: Random) -> None:
    """Puts days and business days in the place of some minutes."""
    scenario = trees["scenario"]
    scenario["starts"] = random.choice(["2026-02-27T16:30", "2026-02-28T23:50", "2026-03-02T09:00"])
    scenario["releases"]["form"]["lasts"] = random.choice(DAYS)
    for duty in trees["mou"]["duties"].values():
        if "within" in duty and random.random() < 0.6:
            duty["within"] = random.choice(DAYS)
    scenes = list(scenario["scenes"].values())
    for effects in [*scenes, *(action for scene in scenes for action in scene.get("actions", {}).values())]:
        if "minutes" in effects and random.random() < 0.4:
            del effects["minutes"]
            effects["until"] = random.choice(DAYS)
        if "when" in effects and random.random() < 0.4:
            compared = random.choice(["<= 0", "> 720", "<= 1440", "> 1440", "<= 2880"])
            effects["when"] = f"minutes_since({random.choice(FACTS)}) {compared}"


def _tell_more(trees: dict[str, Tree], random: Random) -> None:
    """Lets all that the rights ask about differ: who is paid by what, what is told how, what stands on paper."""
    scenario, rules, pick = trees["scenario"], _shipped_rules(), random.choice
    trees["vocabulary"] |= {part: rules[part] for part in ("rights", "signers", "item_kinds")}
    trees["jurisdiction"]["switches"]["minor_may_sign_alone"] = {
        "value": pick([True, False]), "text": "A minor signs alone.", "citation": "a statute", "reviewed": "2026-01-01",
    }  # fmt: skip
    for seat in scenario["seats"].values():
        if random.random() < 0.2:
            seat["victim_services_grant"] = "voca"
        if random.random() < 0.2:
            seat["employer"] = "one-agency"
    kinds = ["ordinary", "ordinary", "criminal-history", "child-abuse", "client-status", "favourable", "totals"]
    for item in scenario["items"].values():
        item["kind"] = pick(kinds)
    form = scenario["releases"]["form"]
    others = [seat for seat in scenario["seats"] if seat != form["holder"]]
    scenario["releases"] = {
        name: {
            **form,
            "items": list(ITEMS),
            "recipient": others or form["recipient"],
            "free": random.random() < 0.9,
            "signer": pick(signers),
        }
        for name, signers in {
            "form": ["survivor", "survivor", "minor", "abuser"],
            "other": ["court", "court", "attorney"],
        }.items()
    }
    for scene in scenario["scenes"].values():
        for effects in (scene, *scene.get("actions", {}).values()):
            for tell in [effects["tell"]] if isinstance(effects.get("tell"), dict) else effects.get("tell", []):
                tell["channel"] = pick(["in-person", "phone", "message", "meeting", "shared-database"])
            if "signs_release" in effects:
                effects["signs_release"] = pick(["form", "other"])


def _speak_up(scenario: Tree, ending: str, random: Random) -> None:
    """Opens telling. A consequence may lead to an ending, never back, so that no story turns in circles by talking."""
    seats, chance, pick = list(scenario["seats"]), random.random, random.choice
    scenario["telling"], scenario["call"] = "open", pick([0, 3, 30])
    for item in scenario["items"].values():
        item["question"] = mark("question", "asked")
    for scene in scenario["scenes"].values():
        if scene.get("turn") in seats:
            if chance() < 0.5:
                scene["survivor_here"] = True
            if chance() < 0.2:
                scene["telling"] = "scripted"
    guards = ["wish == yes", "trust >= 3", *FACTS[:3], *(f"knows({pick(seats)}, {item})" for item in ITEMS[:2])]
    for form in scenario["releases"].values():
        form["items"] = random.sample(ITEMS, pick([1, 1, 2]))
        form |= {"signs": pick(guards), "asking": pick([0, 5]), "yes": mark("yes"), "no": mark("no")}
        if chance() < 0.5:
            form["taken_back"] = pick(guards)
    scenario["consults"] = {
        "adviser": {"seats": pick(seats), "text": mark("consult"), "minutes": pick([0, 10]), "records": pick(FACTS)}
    }
    scenario["consequences"] = {}
    for number in range(pick([0, 1, 2])):
        reads = [
            f"knows({pick(seats)}, {pick(ITEMS)})",
            "told_without_right",
            f"knows({pick(seats)}, {pick(ITEMS)}) and trust >= 3",
        ]
        follows: Tree = {"when": pick(reads), "text": mark("consequence", str(number)), "records": pick(FACTS)}
        if chance() < 0.4:
            follows["minutes"] = pick([1, 10])
        if chance() < 0.3:
            follows["learn"] = {pick(seats): pick(ITEMS)}
        if chance() < 0.3:
            follows["to"] = ending
        scenario["consequences"][f"so{number}"] = follows


def _ask(trees: dict[str, Tree], random: Random, seats: tuple[str, ...]) -> None:
    """Asks in private, now and then also whoever is not there; and says how distressing steps were."""
    duties = list(trees["mou"]["duties"])
    for name, scene in trees["scenario"]["scenes"].items():
        acting = "turn" in scene and scene["turn"] != "chance"
        for effects in scene.get("actions", {}).values() if "turn" in scene else [scene] * ("ending" not in scene):
            if random.random() < 0.7:
                effects["distress"] = random.randint(0, 10)
        if not acting:
            continue
        if random.random() < 0.6:
            scene.setdefault("present", list(seats))
        if random.random() < 0.6:
            turn = scene["turn"]
            able = [seat for seat in seats if seat != turn]
            scene["predict"] = [random.choice([seat, {"seat": seat}]) for seat in able if random.random() < 0.8]
        if random.random() < 0.5:
            what = {"what": mark("question", name), "duty": random.sample(duties, random.choice([1, 2]))}
            scene["whose_duty"] = what if random.random() < 0.5 else {**what, "ask": list(seats)}
        if random.random() < 0.5:
            asked = {"question": mark("question", name)}
            scene["how_distressing"] = asked if random.random() < 0.5 else {**asked, "ask": list(seats)}


def _come_and_go(trees: dict[str, Tree], seat: str, random: Random) -> None:
    """Lets a seat come in later: with the first scenes it acts in, and some others; now and then it leaves, too."""
    own, scenes = trees["scenario"]["seats"][seat], trees["scenario"]["scenes"]
    acted = {name for name, scene in scenes.items() if seat in many(scene.get("turn"))}
    witnessed = [name for name, scene in scenes.items() if seat in many(scene.get("present")) and name not in acted]
    for name in witnessed:
        scenes[name]["present"] = [other for other in many(scenes[name]["present"]) if other != seat]
    own["enters"] = [name for name in scenes if name != "s0_0" and random.random() < 0.2] or ["s1_0"]
    if random.random() < 0.5:
        others = [name for name in scenes if name not in acted and name not in own["enters"]]
        own["leaves"] = random.sample(others, min(2, len(others)))
    while late := [n for n in acted - set(own["enters"]) if _attendance(trees).before(n, seat) & AWAY]:
        own["enters"] += sorted(late)
    doubtful = [n for n in scenes if seat in _attendance(trees).unsure(n) and "turn" not in scenes[n]]
    if doubtful and random.random() < 0.5:  # by naming it in a scene to which ways lead with it and without it
        name = random.choice(doubtful)
        scenes[name]["present"] = [*many(scenes[name].get("present")), seat]
    for consequence in trees["scenario"].get("consequences", {}).values():
        consequence.get("learn", {}).pop(seat, None)
    attendance = _attendance(trees)
    for name, scene in scenes.items():
        if seat in attendance.at(name):
            if name in witnessed and seat not in scene["present"]:
                scene["present"] = [*scene["present"], seat]
            continue
        scene.get("private", {}).pop(seat, None)
        scene["predict"] = [
            each for each in scene.get("predict", []) if seat != (each["seat"] if isinstance(each, dict) else each)
        ]
        if seat in attendance.unsure(name) and scene.get("turn", "chance") == "chance":
            there = attendance.at(name)
            scene.setdefault("present", [other for other in trees["scenario"]["seats"] if other in there])
        for effects in (scene, *scene.get("actions", {}).values()):
            effects.get("learn", {}).pop(seat, None)
            for key in ("tell", "message"):
                if key in effects:
                    effects[key] = [each for each in effects[key] if seat not in many(each["to"])]


def _attendance(trees: dict[str, Tree]) -> Attendance:
    return Attendance(game_from(trees).scenario)


def _put_on_the_shelf(scenario: Tree, random: Random, *, calendar: bool) -> None:
    """Three injects that come by themselves and two by hand, with effects of every kind."""
    author = _Author(random, 1, 1, 1, tuple(scenario["seats"]))
    acting = [name for name, scene in scenario["scenes"].items() if "turn" in scene]
    scenario["injects"] = {}
    for number, kind in enumerate([random.choice(["at", "when"]) for _ in range(3)] + ["by", "by"]):
        name = f"inject{number}"
        effects = author.effects(None)
        inject: Tree = {key: effects[key] for key in ("minutes", "records", "change", "set", "learn") if key in effects}
        inject["minutes"] = random.choice([0, 0, 0, 10])
        if random.random() < 0.2:
            inject["revokes_release"] = "form"
        if kind == "at":
            inject["at"] = random.choice(["0 min", "5 min", "20 min", "65 min", "2 h"])
            if calendar:
                inject["at"] = random.choice([*DAYS, "20 min", "1500 min"])
        else:
            inject[kind] = author.guard() if kind == "when" else "hand"
        if random.random() < 0.4:
            inject["in"] = random.sample(acting, min(len(acting), 3))
        if random.random() < 0.5:
            inject["present"] = [random.choice(author.seats)]
        if random.random() < 0.3:
            seat = random.choice(author.seats)
            inject["private"] = {seat: mark("private", name, seat)}
        scenario["injects"][name] = {
            "synopsis": mark("synopsis", name),
            "expected": mark("expected", name),
            "text": mark("inject", name),
            **inject,
        }


@cache
def _shipped_rules() -> Tree:
    tree: Tree = yaml.safe_load(files("scenarios").joinpath("vocabulary.yaml").read_text(encoding="utf-8"))
    return tree


class _Plain(yaml.SafeDumper):
    """Without anchors: what is said twice is written twice, as an author would."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


class _Author:
    """Writes one scenario."""

    def __init__(self, random: Random, layers: int, width: int, actions: int, seats: tuple[str, ...]) -> None:
        self.random, self.layers, self.width, self.actions, self.seats = random, layers, width, actions, seats
        self.writing = 0  # the layer that is being written

    def files(self) -> dict[str, Tree]:
        return {
            "scenario": self.scenario(),
            "mou": {"id": "pact", "title": "The pact", "parties": PARTIES, "duties": self.duties()},
            "jurisdiction": self.jurisdiction(),
            "framework": {"id": "plain", "title": "Plain", "principles": PRINCIPLES},
            "vocabulary": {
                "id": "vocabulary",
                "roles": ROLES,
                "facts": {name: f"It happened: {name}." for name in (*FACTS, "told_without_right")},
                "spans": {"lasting": {"begin": "fact0", "end": "fact1"}},
                "lines": {
                    "harm": {"text": "Nobody is harmed.", "never": "fact7", "citation": "the vocabulary"},
                    "help": {
                        "text": "Help comes.", "when": "fact6", "must": "fact5", "within": "30 min",
                        "citation": "the vocabulary", "roles": "patrol-officer",
                    },
                },
                "item_kinds": {"ordinary": "Nothing particular.", "criminal-history": "A record.", "child-abuse": "Abuse."},
                "needs": {"housing": "a place to stay"},
            },
        }  # fmt: skip

    def jurisdiction(self) -> Tree:
        source = {"citation": "a statute", "reviewed": "2026-01-01"}
        return {
            "id": "here",
            "title": "Here",
            "switches": {"strict": {"value": self.random.random() < 0.5, "text": "The law is strict.", **source}},
            "lines": {"confidence": CONFIDENTIAL, "records": RECORDS_LINE},
            "compelled": {
                "report": {
                    "text": "Abuse of a child is reported.", "when": "fact2", "by": "community-advocate",
                    "to": "patrol-officer", "kinds": "child-abuse", **source,
                }
            },
            "holidays": [{"date": "2026-03-03", "name": "a holiday"}],
        }  # fmt: skip

    def duties(self) -> Tree:
        """Every form a duty can have, in random words."""
        pick = self.random.choice
        fact = iter(self.random.sample(FACTS, len(FACTS))).__next__
        lengths = ("5 min", "30 min", "2 h", "1 business day", "next business day 09:00")
        forms: Tree = {
            "in-time": {"when": fact(), "must": fact(), "within": pick(lengths)},
            "at-some-time": {"when": fact(), "must": fact()},
            "from-the-start": {"must": pick(FACTS), "within": pick(lengths), "unless": "lasting"},
            "earlier": {"when": fact(), "must": fact(), "before": fact(), "unless": f"times({pick(FACTS)}) > 1"},
            "every-time": {
                "when": pick(FACTS[:4]),
                "each": pick(FACTS[4:]),
                "within": pick(lengths),
                "unless": "lasting",
            },
            "not-that": {"never": pick(FACTS), "unless": "law.strict"},
            "not-then": {"when": pick(FACTS), "never": "times(fact3) >= 2 and lasting"},
        }
        return {
            name: {"text": f"Duty {name}.", "clause": f"4.{n}", "party": pick(tuple(PARTIES)), **form}
            for n, (name, form) in enumerate(forms.items(), 1)
        }

    # --- the scenario ----------------------------------------------------------------------------------------------

    def scenario(self) -> Tree:
        scenes = {}
        for layer in range(self.layers):
            self.writing = layer
            for number in range(1 if layer == 0 else self.width):
                name = f"s{layer}_{number}"
                scenes[name] = self.scene(name)
        for number in range(2):
            name = f"s{self.layers}_{number}"
            scenes[name] = {
                "title": mark("title", name),
                "ending": {"title": f"Ending {number}", "felt": mark("felt", name)},
            }
        names = {seat: seat.title() for seat in self.seats}
        holder = "advocate" if "advocate" in self.seats else self.seats[0]
        return {
            "id": "generated",
            "title": "Generated",
            "summary": "A scenario that nobody wrote.",
            "starts": "2026-03-02T09:00",
            "advisories": ["none"],
            "framework": "plain",
            "mou": "pact",
            "jurisdiction": "here",
            "objectives": {
                "all": {
                    "text": "Do well.",
                    "duties": ["in-time", "every-time"],
                    "decisions": [n for n in scenes if n != "x"],
                },
                "harmless": {"text": "Harm nobody.", "lines": ["harm"]},
            },
            "seats": {
                seat: {
                    "role": _ROLE[seat],
                    "employer": EMPLOYER[seat],
                    "name": names[seat],
                    "brief": mark("brief", seat),
                }
                for seat in self.seats
            },
            "meters": {
                "trust": {
                    "label": mark("meter", self.seats[0]),
                    "from": 0,
                    "to": 6,
                    "start": 4,
                    "shown_to": self.seats[0],
                }
            },
            "statuses": {"wish": {"values": ["unknown", "yes", "no"], "start": "unknown"}},
            "items": {
                item: {
                    "text": mark("item", item),
                    "about": self.random.choice(["survivor", "offender", "child"]),
                    "kind": self.random.choice(["ordinary", "criminal-history", "child-abuse"]),
                    "known_by": [seat for seat in self.seats if self.random.random() < 0.3],
                }
                for item in ITEMS
            },
            "releases": {
                "form": {
                    "holder": holder,
                    "recipient": self.seats[0] if self.seats[0] != holder else self.seats[-1],
                    "items": ["plan", "client"],
                    "purpose": mark("purpose", "form"),
                    "lasts": self.random.choice(["20 min", "1 business day"]),
                    "informed": self.random.random() < 0.8,
                }
            },
            "opening": "s0_0",
            "scenes": scenes,
        }

    def scene(self, name: str) -> Tree:
        kinds = ["seat", "seat", "seat", "together", "chance", "narration"]
        kind = self.random.choice(kinds if len(self.seats) > 1 else [k for k in kinds if k != "together"])
        scene: Tree = {"title": mark("title", name), "text": mark("scene", name)}
        private = [seat for seat in self.seats if self.random.random() < 0.4]
        if private:
            scene["private"] = {seat: mark("private", name, seat) for seat in private}
        if kind == "narration":
            if self.random.random() < 0.5:
                scene["present"] = [self.random.choice(self.seats)]
            return {**scene, **self.effects(None), "to": self.route()}
        if kind == "chance":
            outcomes = {f"{name}-luck{n}": self.action(name, None, n) for n in range(2)}
            for n, outcome in enumerate(outcomes.values(), 1):
                outcome["weight"] = n
            return {**scene, "turn": "chance", "actions": outcomes}
        if kind == "together":
            actions = {
                f"{name}-{seat}{n}": {"seat": seat, **self.action(name, seat, n, leads=False)}
                for seat in self.seats
                for n in range(2)
            }
            return {**scene, "turn": list(self.seats), "actions": actions, "to": self.route()}
        seat = self.random.choice(self.seats)
        scene["turn"] = seat
        if self.random.random() < 0.4:
            scene["present"] = list(self.seats)
            others = [other for other in self.seats if other != seat]
            if others:
                scene["predict"] = others
        if self.random.random() < 0.15:
            scene["judgement"] = {
                "question": mark("question", name),
                "collide": ["in-time"],
                "both_sides": ["one", "other"],
            }
        scene["actions"] = {f"{name}-do{n}": self.action(name, seat, n) for n in range(self.actions)}
        return scene

    def action(self, scene: str, seat: str | None, number: int, *, leads: bool = True) -> Tree:
        action: Tree = {"text": mark("action", scene, str(number), seat or "chance"), **self.effects(seat)}
        if number and self.random.random() < 0.4:
            action["when"] = self.guard()
            if seat is not None:
                action["closed"] = mark("closed", scene, seat)
        if leads:
            action["to"] = self.route()
        if seat is None:
            return action
        if self.random.random() < 0.6:
            action["practice"] = {p: self.random.randint(-2, 2) for p in PRINCIPLES}
            action["because"] = mark("because", scene)
        action["felt"] = mark("felt", scene)
        action["says"] = mark("says", scene)
        action["appeal"] = self.random.randint(0, 5)
        return action

    def effects(self, seat: str | None) -> Tree:
        chance = self.random.random
        pick = self.random.choice
        effects: Tree = {"minutes": pick([0, 1, 5, 20, 60])} if chance() < 0.9 else {"until": "next business day 09:00"}
        if chance() < 0.7:
            effects["records"] = self.random.sample(FACTS, pick([1, 2]))
        if chance() < 0.3:
            effects["change"] = {"trust": pick([-3, -1, 1, 3])}
        if chance() < 0.2:
            effects["set"] = {"wish": pick(["yes", "no"])}
        if chance() < 0.3:
            effects["learn"] = {pick(self.seats): pick(ITEMS)}
        if chance() < 0.3:
            effects[pick(["asks_release", "signs_release", "refuses_release", "revokes_release"])] = "form"
        others = [other for other in self.seats if other != seat]
        if seat is None or not others:
            return effects
        if chance() < 0.4:
            effects["tell"] = [{"to": pick(others), "items": self.random.sample(ITEMS, 2)}]
        if chance() < 0.4:
            told = pick(others)
            effects["message"] = [{"to": told, "text": mark("message", seat, told)}]
        if chance() < 0.3:
            effects["report"] = mark("report", EMPLOYER[seat])
        if chance() < 0.3:
            effects["case"] = [{"offered": mark("report", EMPLOYER[seat])}]
        return effects

    def guard(self) -> str:
        seat, item, fact = (self.random.choice(names) for names in (self.seats, ITEMS, FACTS))
        simple = [
            fact, f"not {fact}", "lasting", "trust >= 4", "wish != no", f"minutes_since({fact}) < 30", f"times({fact}) < 2",
            f"knows({seat}, {item})", "valid(form)", "signed(form) or refused(form)", "law.strict",
        ]  # fmt: skip
        return " and ".join(self.random.sample(simple, self.random.choice([1, 1, 2])))

    def route(self) -> Any:
        if self.random.random() < 0.7:
            return self.target()
        return [{"when": self.guard(), "to": self.target()}, {"to": self.target(back=False)}]

    def target(self, *, back: bool = True) -> str:
        if back and self.writing > 1 and self.random.random() < 0.1:
            return "s0_0"
        layer = min(self.layers, self.writing + self.random.choice([1, 1, 1, 2]))
        return f"s{layer}_{self.random.randrange(2 if layer == self.layers else self.width)}"
