"""Tiny worlds for example tests, written as an author would write them in YAML, but as Python dicts.

`hub` is the smallest of all: one scene to which every action leads back, so that a test reads as a list of moves.
The dicts are turned into the model by hand here, not by `reading`: the two are compared in `test_laws`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from scoring.clock import Span
from scoring.conditions import Condition
from scoring.rights import Owed, Right, Signer
from scoring.rules import (
    Compelled,
    Duty,
    FactKind,
    FactSpan,
    Framework,
    Holiday,
    Jurisdiction,
    Line,
    Mou,
    Party,
    Principle,
    Role,
    Switch,
    Vocabulary,
)
from scoring.scorecard import DutyResult
from simulator import engine
from simulator.assess import scorecard
from simulator.engine import State
from simulator.events import Chance, Choose
from simulator.events import Inject as Brought
from simulator.game import Game
from simulator.model import (
    Action,
    Branch,
    CaseNote,
    Consequence,
    Consult,
    Ending,
    Guesser,
    HowDistressing,
    Inject,
    Item,
    Judgement,
    Message,
    Meter,
    Objective,
    ReleaseForm,
    Scenario,
    Scene,
    Seat,
    Status,
    Tell,
    WhoseDuty,
)

Tree = dict[str, Any]

MONDAY = "2026-03-02T09:00"  # a Monday morning; nothing is a holiday unless a test says so

ROLES: Tree = {
    "patrol-officer": {"label": "patrol officer", "service": "police", "confidence": "police"},
    "police-specialist": {"label": "police-based specialist", "service": "police", "confidence": "disclosing"},
    "community-advocate": {"label": "community advocate", "service": "community", "confidence": "confidential"},
    "co-located-advocate": {"label": "co-located advocate", "service": "community", "confidence": "confidential"},
    "nurse": {"label": "forensic nurse", "service": "health", "confidence": "confidential"},
    "prosecutor": {"label": "prosecutor", "service": "justice", "confidence": "disclosing"},
}
SEATS: Tree = {
    "officer": {
        "role": "patrol-officer",
        "employer": "riverside-pd",
        "name": "Officer Reyes",
        "brief": "You are on patrol.",
    },
    "advocate": {
        "role": "community-advocate",
        "employer": "harbor-house",
        "name": "Ms. Okafor",
        "brief": "You are on call.",
    },
}
PARTIES: Tree = {
    "police": {"name": "Riverside PD", "roles": ["patrol-officer", "police-specialist"]},
    "shelter": {"name": "Harbor House", "roles": ["community-advocate", "co-located-advocate"]},
    "hospital": {"name": "Riverside Hospital", "roles": ["nurse"]},
}
PRINCIPLES: Tree = {
    "safety": {"label": "Safety", "indicators": ["asks where she feels safe"]},
    "choice": {"label": "Choice", "indicators": ["offers options"]},
}
CONFIDENTIAL: Tree = {
    "text": "A confidence is told only with a release.",
    "telling": "confidential",
    "citation": "34 USC 12291(b)(2)",
}
RECORDS_LINE: Tree = {
    "text": "Criminal-history records go only to those named.",
    "telling": "criminal-history",
    "citation": "28 CFR 20",
}


# --- from an author's dicts to the model ---------------------------------------------------------------------------


def many(value: Any) -> tuple[Any, ...]:
    """One thing or several, as the file format lets an author write."""
    if value is None:
        return ()
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def _condition(text: str | None) -> Condition | None:
    return Condition.parse(text) if text is not None else None


def _span(text: str | None) -> Span | None:
    return Span.parse(text) if text is not None else None


def _branches(value: Any) -> tuple[Branch, ...]:
    return tuple(
        Branch(to=each) if isinstance(each, str) else Branch(to=each["to"], when=_condition(each.get("when")))
        for each in many(value)
    )


def _effects(tree: Tree) -> Tree:
    return {
        **tree,
        "until": _span(tree.get("until")),
        "records": many(tree.get("records")),
        "learn": {seat: many(items) for seat, items in tree.get("learn", {}).items()},
        "tell": tuple(Tell(**{**t, "to": many(t["to"]), "items": many(t["items"])}) for t in many(tree.get("tell"))),
        "message": tuple(Message(to=many(m["to"]), text=m["text"]) for m in many(tree.get("message"))),
        "case": tuple(CaseNote(**note) for note in many(tree.get("case"))),
        "to": _branches(tree.get("to")),
    }


def _action(name: str, tree: Tree) -> Action:
    return Action(**{**_effects(tree), "id": name, "when": _condition(tree.get("when"))})


def _scene(name: str, tree: Tree) -> Scene:
    judgement = tree.get("judgement")
    ending = tree.get("ending")
    return Scene(
        **{
            **_effects(tree),
            "id": name,
            "turn": many(tree.get("turn")),
            "present": many(tree["present"]) if "present" in tree else None,
            "actions": {key: _action(key, each) for key, each in tree.get("actions", {}).items()},
            "predict": tuple(
                Guesser(seat=each) if isinstance(each, str) else Guesser(seat=each["seat"], of=many(each.get("of")))
                for each in many(tree.get("predict"))
            ),
            "whose_duty": _asking(WhoseDuty, tree.get("whose_duty")),
            "how_distressing": _asking(HowDistressing, tree.get("how_distressing")),
            "judgement": Judgement(
                question=judgement["question"],
                collide=many(judgement.get("collide")),
                both_sides=many(judgement.get("both_sides")),
            )
            if judgement
            else None,
            "ending": Ending(**ending) if ending else None,
        }
    )


def _asking(cls: Any, tree: Any) -> Any:
    if tree is None:
        return None
    tree = {"ask": tree} if isinstance(tree, str) else tree
    return cls(**{key: many(each) if key in ("ask", "duty") else each for key, each in tree.items()})


def _inject(name: str, tree: Tree) -> Inject:
    given = {key: value for key, value in tree.items() if key != "in"}
    return Inject(
        **{
            **given,
            "id": name,
            "synopsis": tree.get("synopsis", f"Inject {name}."),
            "present": many(tree["present"]) if "present" in tree else None,
            "at": _span(tree.get("at")),
            "when": _condition(tree.get("when")),
            "scenes": many(tree.get("in")),
            "records": many(tree.get("records")),
            "learn": {seat: many(items) for seat, items in tree.get("learn", {}).items()},
        }
    )


def _form(name: str, tree: Tree) -> ReleaseForm:
    listed = {part: many(tree[part]) for part in ("items", "recipient")}
    asked = {part: _condition(tree.get(part)) for part in ("signs", "taken_back")}
    return ReleaseForm(**{**tree, **listed, **asked, "id": name, "lasts": _span(tree.get("lasts"))})


def _consequence(name: str, tree: Tree) -> Consequence:
    present = many(tree["present"]) if "present" in tree else None
    given = {**_effects({key: value for key, value in tree.items() if key != "in"}), "to": tree.get("to")}
    when = _condition(tree["when"])
    return Consequence(**{**given, "id": name, "when": when, "scenes": many(tree.get("in")), "present": present})


def _consult(name: str, tree: Tree) -> Consult:
    tree = {key: value for key, value in tree.items() if key != "in"} | {"scenes": many(tree.get("in"))}
    return Consult(**{**tree, "id": name, "seats": many(tree["seats"]), "records": many(tree.get("records"))})


def _seat(key: str, tree: Tree) -> Seat:
    return Seat(**{**tree, "id": key, "enters": many(tree.get("enters")), "leaves": many(tree.get("leaves"))})


def _meter(name: str, tree: Tree) -> Meter:
    return Meter(
        id=name,
        label=tree["label"],
        low=tree.get("from", 0),
        high=tree.get("to", 10),
        start=tree["start"],
        shown_to=many(tree.get("shown_to")),
    )


def _objective(name: str, tree: Tree) -> Objective:
    return Objective(
        id=name,
        text=tree["text"],
        duties=many(tree.get("duties")),
        lines=many(tree.get("lines")),
        decisions=many(tree.get("decisions")),
    )


def _facts(tree: Tree) -> dict[str, FactKind]:
    return {name: FactKind(id=name, text=text) for name, text in tree.items()}


def _spans(tree: Tree) -> dict[str, FactSpan]:
    return {name: FactSpan(id=name, **span) for name, span in tree.items()}


def scenario_of(tree: Tree) -> Scenario:
    """The model of a scenario written as in a file."""
    statuses = tree.get("statuses", {})
    items = tree.get("items", {})
    return Scenario(
        **{
            **tree,
            "starts": datetime.fromisoformat(tree["starts"]),
            "advisories": many(tree["advisories"]),
            "topics": many(tree.get("topics")),
            "objectives": {key: _objective(key, each) for key, each in tree["objectives"].items()},
            "seats": {key: _seat(key, each) for key, each in tree["seats"].items()},
            "facts": _facts(tree.get("facts", {})),
            "spans": _spans(tree.get("spans", {})),
            "meters": {key: _meter(key, each) for key, each in tree.get("meters", {}).items()},
            "statuses": {
                key: Status(**{**each, "id": key, "values": tuple(each["values"])}) for key, each in statuses.items()
            },
            "items": {
                key: Item(**{**each, "id": key, "known_by": many(each.get("known_by"))}) for key, each in items.items()
            },
            "releases": {key: _form(key, each) for key, each in tree.get("releases", {}).items()},
            "consequences": {key: _consequence(key, each) for key, each in tree.get("consequences", {}).items()},
            "consults": {key: _consult(key, each) for key, each in tree.get("consults", {}).items()},
            "injects": {key: _inject(key, each) for key, each in tree.get("injects", {}).items()},
            "scenes": {key: _scene(key, each) for key, each in tree["scenes"].items()},
        }
    )


def _rule(name: str, tree: Tree) -> Tree:
    conditions = {key: _condition(tree.get(key)) for key in ("when", "must", "each", "never", "before", "unless")}
    return {**tree, **conditions, "id": name, "within": _span(tree.get("within"))}


def _line(name: str, tree: Tree) -> Line:
    return Line(
        **{"citation": "a statute", "text": f"Line {name}.", **_rule(name, tree), "roles": many(tree.get("roles"))}
    )


def mou_of(tree: Tree) -> Mou:
    parties = {
        key: Party(id=key, name=each["name"], roles=many(each["roles"])) for key, each in tree["parties"].items()
    }
    duties = {key: Duty(**_rule(key, each)) for key, each in tree["duties"].items()}
    return Mou(**{**tree, "parties": parties, "duties": duties})


def jurisdiction_of(tree: Tree) -> Jurisdiction:
    def reviewed(each: Tree) -> Tree:
        return {**each, "reviewed": date.fromisoformat(each["reviewed"])}

    return Jurisdiction(
        id=tree["id"],
        title=tree["title"],
        switches={key: Switch(id=key, **reviewed(each)) for key, each in tree.get("switches", {}).items()},
        lines={key: _line(key, each) for key, each in tree.get("lines", {}).items()},
        compelled={
            key: Compelled(
                **{
                    **reviewed(each),
                    "id": key,
                    "when": _condition(each.get("when")),
                    **{part: many(each[part]) for part in ("by", "to", "kinds")},
                }
            )
            for key, each in tree.get("compelled", {}).items()
        },
        rights={key: _right(key, each) for key, each in tree.get("rights", {}).items()},
        holidays=tuple(
            Holiday(date=date.fromisoformat(each["date"]), name=each["name"]) for each in tree.get("holidays", ())
        ),
    )


def framework_of(tree: Tree) -> Framework:
    principles = {
        key: Principle(**{**each, "id": key, "indicators": tuple(each["indicators"])})
        for key, each in tree["principles"].items()
    }
    return Framework(id=tree["id"], title=tree["title"], principles=principles)


def vocabulary_of(tree: Tree) -> Vocabulary:
    return Vocabulary(
        id=tree["id"],
        roles={key: Role(id=key, **each) for key, each in tree["roles"].items()},
        facts=_facts(tree["facts"]),
        spans=_spans(tree.get("spans", {})),
        lines={key: _line(key, each) for key, each in tree.get("lines", {}).items()},
        item_kinds=tree.get("item_kinds", {}),
        needs=tree.get("needs", {}),
        rights={key: _right(key, each) for key, each in tree.get("rights", {}).items()},
        signers={
            key: Signer(**{**each, "id": key, "reviewed": _day(each)}) for key, each in tree.get("signers", {}).items()
        },
    )


def _right(name: str, tree: Tree) -> Right:
    single = ("text", "verdict", "crosses", "needs", "same_employer", "citation", "reviewed")
    listed = {key: many(value) for key, value in tree.items() if key not in single}
    owes = (Owed(text=each) if isinstance(each, str) else Owed(**each) for each in listed.pop("owes", ()))
    return Right(**{**tree, **listed, "owes": tuple(owes), "id": name, "reviewed": _day(tree)})


def _day(tree: Tree) -> date:
    """YAML reads a date as one; an author's dict may hold its text."""
    return date.fromisoformat(str(tree["reviewed"]))


def game_from(trees: Mapping[str, Tree]) -> Game:
    """A game from five files' trees, by kind."""
    return Game(
        scenario_of(trees["scenario"]),
        mou_of(trees["mou"]),
        jurisdiction_of(trees["jurisdiction"]),
        framework_of(trees["framework"]),
        vocabulary_of(trees["vocabulary"]),
    )


# --- small worlds --------------------------------------------------------------------------------------------------


def world_trees(
    scenes: Tree,
    *,
    opening: str | None = None,
    facts: tuple[str, ...] = (),
    duties: Tree | None = None,
    lines: Tree | None = None,
    laws: Tree | None = None,
    compelled: Tree | None = None,
    switches: tuple[str, ...] = (),
    holidays: tuple[str, ...] = (),
    spans: Tree | None = None,
    parties: Tree | None = None,
    seats: Tree | None = None,
    starts: str = MONDAY,
    **scenario: Any,
) -> dict[str, Tree]:
    """The five files of a small world. `lines`: life safety; `laws`: legal lines; facts that scenes record are known."""
    recorded = dict.fromkeys(facts)
    for scene in scenes.values():
        for effects in (scene, *scene.get("actions", {}).values()):
            recorded.update(dict.fromkeys(many(effects.get("records"))))
    for inject in scenario.get("injects", {}).values():
        recorded.update(dict.fromkeys(many(inject.get("records"))))
    scenes = {name: _with_texts(scene) for name, scene in scenes.items()}
    reviewed = {"citation": "a statute", "reviewed": "2026-01-01"}
    return {
        "scenario": {
            "id": "small",
            "title": "A small world",
            "summary": "For tests.",
            "starts": starts,
            "advisories": ["none"],
            "framework": "plain",
            "mou": "pact",
            "jurisdiction": "here",
            "objectives": {},
            "seats": seats or SEATS,
            "opening": opening or next(iter(scenes)),
            "scenes": scenes,
            **scenario,
        },
        "mou": {
            "id": "pact",
            "title": "The pact",
            "parties": parties or PARTIES,
            "duties": {
                key: {"party": "police", "clause": "1.1", "text": f"Duty {key}.", **each}
                for key, each in (duties or {}).items()
            },
        },
        "jurisdiction": {
            "id": "here",
            "title": "Here",
            "switches": {name: {"value": True, "text": f"{name} holds.", **reviewed} for name in switches},
            "lines": laws or {},
            "compelled": {
                key: {"text": "The statute compels it.", **reviewed, **each} for key, each in (compelled or {}).items()
            },
            "holidays": [{"date": day, "name": "a holiday"} for day in holidays],
        },
        "framework": {"id": "plain", "title": "Plain", "principles": PRINCIPLES},
        "vocabulary": {
            "id": "vocabulary",
            "roles": ROLES,
            "facts": {name: f"It happened: {name}." for name in recorded},
            "spans": spans or {},
            "lines": lines or {},
        },
    }


def _with_texts(scene: Tree) -> Tree:
    if "actions" not in scene:
        return scene
    return {**scene, "actions": {name: {"text": f"Do {name}.", **each} for name, each in scene["actions"].items()}}


def world(scenes: Tree, **rest: Any) -> Game:
    """A game of these scenes; see `world_trees`."""
    return game_from(world_trees(scenes, **rest))


def hub_scenes(actions: Tree, turn: str = "officer") -> Tree:
    """One scene to which every action leads back, `end` (added) to the ending. `present` is both seats."""
    looping = {name: {"to": "hub", **each} for name, each in actions.items()}
    return {
        "hub": {"turn": turn, "present": ["officer", "advocate"], "actions": {**looping, "end": {"to": "ending"}}},
        "ending": {"ending": {"title": "The end"}},
    }


def hub(actions: Tree, *, turn: str = "officer", **rest: Any) -> Game:
    """A game of one scene in which every action leads back to it, until `end`."""
    return world(hub_scenes(actions, turn), **rest)


# --- playing -------------------------------------------------------------------------------------------------------


def move(state: State, what: str) -> State:
    """One move: `action` of the seat on turn, `seat: action`, `chance: action`, or `inject: inject`."""
    who, mark, action = what.partition(": ")
    if who == "inject" and mark:
        return engine.step(state, Brought(inject=action))
    if not mark:
        seats = engine.turn(state)
        return engine.step(state, Choose(seat=seats[0], action=what) if seats else Chance(action=what))
    return engine.step(state, Chance(action=action) if who == "chance" else Choose(seat=who, action=action))


def play(game: Game, *moves: str) -> State:
    """The state after these moves from the start."""
    state = engine.start(game)
    for what in moves:
        state = move(state, what)
    return state


def duties(state: State, name: str = "it") -> list[DutyResult]:
    """The instances of one duty as the scorecard has them."""
    return [result for result in scorecard(state).duties if result.duty == name]


def status(state: State, name: str = "it") -> str:
    """Where the only instance of a duty stands."""
    [result] = duties(state, name)
    return result.status
