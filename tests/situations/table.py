"""Every role telling every role, in every state a right can be in: small games, and what the ledger says in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from scoring.ledger import Verdict
from simulator import engine
from simulator.engine import State
from simulator.events import Choose
from simulator.game import Game
from simulator.telling import verdict_on
from tests.situations import scripted, shipped, under
from tests.small import Tree

UNBOUND = "–"  # the ledger names a line, and no line here binds that role


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What holds when one tells another. `source`: the survivor, the scene, an officer, or the very one who is told."""

    title: str
    item: Tree = field(default_factory=dict)
    source: str = "survivor"
    paper: Tree | None = None
    revoked: bool = False
    channel: str = "in-person"
    law: str = "harbor-state"
    one_agency: bool = False
    grant: str | None = None


STANDINGS: dict[str, Standing] = {
    "nothing-signed": Standing(title="She told it, and nothing is signed"),
    "release": Standing(title="She signed a release: written, informed, free, with an end", paper={}),
    "taken-back": Standing(title="She took the release back, in whatever words", paper={}, revoked=True),
    "spoken-yes": Standing(title="She said yes, and nothing is written", paper={"written": False}),
    "uninformed": Standing(title="She signed without hearing risks and other ways", paper={"informed": False}),
    "help-hung-on-it": Standing(title="She signed because help hung on it", paper={"free": False}),
    "without-end": Standing(title="She signed a release without an end", paper={"lasts": None}),
    "abuser-signed": Standing(title="The abuser signed", paper={"signer": "abuser"}),
    "minor-signed": Standing(title="A minor signed alone, in Model State", paper={"signer": "minor"}, law="model-state"),
    "minor-signed-harbor": Standing(title="A minor signed alone, in Harbor State", paper={"signer": "minor"}),
    "order": Standing(title="A court ordered it", paper={"signer": "court", "lasts": None}),
    "subpoena": Standing(title="An attorney's subpoena came", paper={"signer": "attorney", "lasts": None}),
    "child-harm": Standing(
        title="Harm to a child, in Model State", item={"kind": "child-abuse", "about": "child"}, law="model-state"
    ),
    "child-harm-harbor": Standing(title="Harm to a child, in Harbor State", item={"kind": "child-abuse", "about": "child"}),
    "meeting": Standing(title="At a team meeting, and nothing is signed", channel="meeting"),
    "database": Standing(title="In a shared database, with her release", paper={}, channel="shared-database"),
    "totals": Standing(title="Totals, or a made-up case", item={"kind": "totals", "about": "case"}),
    "colleague": Standing(title="Both work for one agency", one_agency=True),
    "colleague-grant": Standing(
        title="Both work for one agency, and a victim-services grant pays the one who tells", one_agency=True, grant="voca"
    ),
    "grant": Standing(title="A victim-services grant pays the one who tells", grant="voca"),
    "client": Standing(
        title="That she is a client, though the one who is told sent her", item={"kind": "client-status"}, source="told"
    ),
    "back": Standing(title="It came from the one who is told", source="told"),
    "from-police": Standing(title="An officer told it, of him", item={"about": "offender"}, source="officer"),
    "in-sight": Standing(title="Anybody could see it, of him", item={"about": "offender"}, source="scene"),
    "record": Standing(
        title="His criminal-history record, from an officer",
        item={"kind": "criminal-history", "about": "offender"},
        source="officer",
    ),
    "favourable": Standing(title="What favors the accused", item={"kind": "favourable", "about": "case"}),
}  # fmt: skip


class Cell(NamedTuple):
    """One cell: the state of a right, who tells, who is told."""

    standing: str
    teller: str
    told: str


def roles() -> tuple[str, ...]:
    """Every role of the vocabulary, in its order."""
    return tuple(shipped("vocabulary", "vocabulary.yaml").roles)


def cells() -> list[Cell]:
    return [Cell(standing, teller, told) for standing in STANDINGS for teller in roles() for told in roles()]


def item_of(cell: Cell) -> str:
    return f"{cell.teller}-to-{cell.told}"


@cache
def prepared(name: str) -> tuple[Game, dict[str, Cell | None]]:
    """A game in which every role tells every other its own item, one after another; which cell each scene is."""
    standing = STANDINGS[name]
    all_cells = [cell for cell in cells() if cell.standing == name]
    employer = "one-agency" if standing.one_agency else None
    people: Tree = {"officer": {"role": "patrol-officer", "employer": "another-department"}}
    for role in roles():
        people[f"from {role}"] = {
            "role": role, "employer": employer or f"first {role}", "victim_services_grant": standing.grant,
        }  # fmt: skip
        people[f"to {role}"] = {"role": role, "employer": employer or f"second {role}"}
    first = {
        "told": lambda cell: [f"to {cell.told}"],
        "officer": lambda cell: ["officer"],
        "scene": lambda cell: [f"from {cell.teller}"],
    }
    items = {
        item_of(cell): {"text": "it", **standing.item, "known_by": first.get(standing.source, lambda cell: [])(cell)}
        for cell in all_cells
    }
    steps: list[tuple[str, Tree]] = []
    papers: Tree = {}
    for role in roles():
        teller, its = f"from {role}", [item_of(cell) for cell in all_cells if cell.teller == role]
        if standing.source == "survivor":
            steps.append((teller, {"learn": {teller: its}}))
        elif standing.source == "officer":
            steps.append(("officer", {"tell": {"to": teller, "items": its}}))
        elif standing.source == "told":
            steps += [(f"to {told}", {"tell": {"to": teller, "items": f"{role}-to-{told}"}}) for told in roles()]
        if standing.paper is not None:
            to = [f"to {told}" for told in roles()]
            papers[f"paper {role}"] = {
                "holder": teller, "recipient": to, "items": its, "purpose": "what she wants", "lasts": "7 days", **standing.paper,
            }  # fmt: skip
            steps.append((teller, {"signs_release": f"paper {role}"}))
            if standing.revoked:
                steps.append((teller, {"revokes_release": f"paper {role}"}))
    scenes: dict[str, Cell | None] = {f"step{n}": None for n in range(len(steps))}
    for cell in all_cells:
        scenes[f"step{len(steps)}"] = cell
        tell = {"to": f"to {cell.told}", "items": item_of(cell), "channel": standing.channel}
        steps.append((f"from {cell.teller}", {"tell": tell}))
    return under(scripted(people, items, papers, steps), standing.law), scenes


@cache
def played(name: str) -> dict[Cell, tuple[State, State]]:
    """The states before and after each cell's telling, in play."""
    game, scenes = prepared(name)
    state, found = engine.start(game), {}
    while not state.ended:
        [seat] = engine.turn(state)
        after = engine.step(state, Choose(seat=seat, action="go"))
        cell = scenes[state.scene]
        if cell is not None:
            found[cell] = (state, after)
        state = after
    return found


def verdict(cell: Cell) -> Verdict:
    """What the ledger says in that cell."""
    game, _ = prepared(cell.standing)
    record = played(cell.standing)[cell][0].record
    channel = STANDINGS[cell.standing].channel
    return verdict_on(game, record, f"from {cell.teller}", f"to {cell.told}", item_of(cell), channel)  # type: ignore[arg-type]


def word(cell: Cell) -> str:
    """The verdict as the page shows it."""
    found = verdict(cell)
    if found.breach is None:
        return found.standing
    game, _ = prepared(cell.standing)
    _, bound = game.telling_lines.get(found.breach, (None, frozenset[str]()))
    return found.standing if f"from {cell.teller}" in bound else UNBOUND
