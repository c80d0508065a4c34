"""Open telling for tests: the small scenario with everything in it, and generated scenarios opened up."""

from __future__ import annotations

from pathlib import Path
from random import Random

from simulator import engine
from simulator.engine import State
from simulator.events import Choose, Event, Unprompted
from simulator.library import Library
from simulator.log import Place, Store
from simulator.session import Session
from simulator.view import view
from tests.generator import FACTS, ITEMS, SEATS, mark, next_events
from tests.small import Tree

OPEN = Path(__file__).parent / "fixtures" / "open-telling.yaml"


def begin(store: Store, path: Path = OPEN, **players: str) -> Session:
    """A session of the small scenario; every seat that is not named is played by a person."""
    bundle = Library().bundle(path)
    places = [Place(seat, seat.title(), players.get(seat, "human")) for seat in bundle.scenario.seats]
    return Session.begin(store, bundle, places, seed=1)


def leading_on(folder: Path) -> Path:
    """The small scenario, but that what is said about the gun leads on to the officer's turn in the hall."""
    text = OPEN.read_text(encoding="utf-8")
    assert "    change: {trust: -1}\n" in text
    path = folder / "open-telling.yaml"
    path.write_text(text.replace("    change: {trust: -1}\n", "    to: hall\n"), encoding="utf-8")
    return path


def opened_up(trees: dict[str, Tree], seed: int) -> dict[str, Tree]:
    """A generated scenario in which everything may be said: questions, releases asked for and taken back, advice, and what follows."""
    random, scenario = Random(f"open {seed}"), trees["scenario"]
    seats = [seat for seat in SEATS if seat in scenario["seats"]]
    scenario["telling"] = "open"
    for item in scenario["items"].values():
        item["question"] = mark("question", "item")
    for form in scenario["releases"].values():
        form |= {
            "items": [random.choice(ITEMS)],
            "signs": f"times({random.choice(FACTS)}) < 2",
            "taken_back": " or ".join(random.sample(FACTS, 3)),
            "asking": 2,
        }
    scenario["consults"] = {
        "boss": {
            "seats": [random.choice(seats)],
            "text": mark("consult", "boss"),
            "records": random.choice(FACTS),
            "says": "No.",
        }
    }
    scenario["consequences"] = {
        "known": {
            "when": f"knows({random.choice(seats)}, {random.choice(ITEMS)})",
            "text": mark("consequence", "known"),
        },
        "late": {"when": f"{random.choice(FACTS)}", "text": mark("consequence", "late"), "change": {"trust": -1}},
    }
    for scene in scenario["scenes"].values():
        if scene.get("turn") in seats:
            scene["survivor_here"] = random.random() < 0.7
    return trees


def talkative(state: State, random: Random) -> Event:
    """Something that can happen now; more often than not it is said, where anything can be said."""
    said = [each.event for seat in engine.turn(state) for each in view(state, seat).sayable]
    if not said or random.random() < 0.3:
        return random.choice(next_events(state))
    kind = random.choice(sorted({event.kind for event in said}))  # or there would be little but questions
    return random.choice([event for event in said if event.kind == kind])


def perform(session: Session, event: Event) -> None:
    """Make it happen in a session."""
    if isinstance(event, Unprompted):
        session.say(event)
    elif isinstance(event, Choose):
        session.choose(event.seat, event.action)
    else:
        session.bring(event.action)  # type: ignore[union-attr]
