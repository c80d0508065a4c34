"""What may be said unprompted: where telling can be open, and whether what is written for it can ever be said (HS246 to HS248)."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.game import ASKED_FACT, BREACH_FACT
from simulator.model import Scenario, Scene
from simulator.reading.places import Reading
from simulator.speaking import Speech, can_follow, following, is_open, speeches


def check_speech(draft: Scenario, reading: Reading) -> None:
    """Notes problems in the reading's source. Names have been looked up; if one was wrong, nothing follows from it here."""
    if any(problem.severity == "error" for problem in reading.source.problems):
        return
    for scene in (*draft.scenes.values(), *(s for p in draft.protocols.values() for s in p.scenes.values())):
        _can_be_open(scene, reading)
    open_ = [scene for scene in draft.scenes.values() if is_open(draft, scene)]
    inside = any(_may_open(draft, scene) for each in draft.protocols.values() for scene in each.scenes.values())
    if not open_ and not inside:
        _never_open(draft, reading)
        return
    for consequence in draft.consequences.values():
        shut = [name for name in consequence.scenes if name in draft.scenes and not is_open(draft, draft.scenes[name])]
        for name in shut:
            node = reading.node(consequence, "in", consequence.scenes.index(name))
            message = f"nothing can be said unprompted in “{name}”, so nothing follows there"
            reading.source.report("HS248", node, message, "Is telling meant to be open there (“telling: open”)?")
        if not shut and not inside and not _can_follow(draft, open_, consequence.id):
            node = reading.node(consequence, "when")
            message = f"nothing that can be said changes what “{consequence.id}” waits for"
            question = "Should it read “knows(seat, item)”, or belong into an action or a narration?"
            reading.source.report("HS248", node, message, question)


def _can_be_open(scene: Scene, reading: Reading) -> None:
    if scene.telling != "open":
        return
    one = len(scene.turn) == 1 and scene.turn != ("chance",)
    if one and scene.judgement is None:
        return
    why = (
        "a judgement scene offers lawful options only, and a word that crosses a line is none"
        if one
        else "only a scene in which one seat is on turn can leave it open what is said"
    )
    reading.source.report("HS246", reading.node(scene, "telling"), why, "Can “telling: open” go here?")


def _may_open(draft: Scenario, scene: Scene) -> bool:
    """Whether a protocol's scene leaves open what is said: its parts become seats only where it is called."""
    one = len(scene.turn) == 1 and scene.turn != ("chance",) and scene.judgement is None
    return one and (scene.telling or draft.telling) == "open"


def _never_open(draft: Scenario, reading: Reading) -> None:
    written = [
        *((each, "when") for each in draft.consequences.values()),
        *((each, "text") for each in draft.consults.values()),
        *((each, "signs") for each in draft.releases.values() if each.signs is not None),
        *((each, "taken_back") for each in draft.releases.values() if each.taken_back is not None),
        *((each, "question") for each in draft.items.values() if each.question),
    ]
    for thing, key in written:
        reading.source.report(
            "HS247",
            reading.key(thing, key),
            "nothing can be said unprompted anywhere in this scenario, so this never happens",
            "Is “telling: open” missing, for the scenario or for a scene?",
            severity="warning",
        )


def _can_follow(draft: Scenario, open_: list[Scene], name: str) -> bool:
    return any(
        can_follow(each, speech, BREACH_FACT)
        for scene in open_
        for each in following(draft, scene)
        if each.id == name
        for speech in _said_in(draft, scene)
    )


def _said_in(draft: Scenario, scene: Scene) -> Iterator[Speech]:
    present = frozenset(scene.present) if scene.present is not None else frozenset(scene.turn)
    return speeches(
        draft, scene, present, frozenset(draft.seats), lambda *_: ASKED_FACT
    )  # who is away is asked elsewhere (HS264)
