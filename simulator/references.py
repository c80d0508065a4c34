"""Which texts of the model are names of other things, and of what kind.

Said once: the name checks look each of these up, the inlining of protocols renames the seats and scenes among them, and
the JSON schemas describe them.
"""

from __future__ import annotations

from scoring.rights import Owed, Right
from scoring.rules import Compelled, Duty, FactSpan, Line, Party
from simulator.model import (
    Action,
    Branch,
    CaseNote,
    Consequence,
    Consult,
    Effects,
    Guesser,
    HowDistressing,
    Inject,
    Item,
    Judgement,
    Message,
    Meter,
    Objective,
    Protocol,
    ReleaseForm,
    Scenario,
    Scene,
    Seat,
    Tell,
    WhoseDuty,
)
from simulator.series import Carries, Episode

# (class, field) → kind of thing that its text, or each text in its list or mapping, names
VALUES: dict[tuple[type, str], str] = {
    (Scenario, "opening"): "scene",
    (Scenario, "framework"): "framework",
    (Scenario, "mou"): "mou",
    (Scenario, "jurisdiction"): "jurisdiction",
    (Scenario, "topics"): "topic",
    (Scene, "topics"): "topic",
    (Action, "error"): "error",
    (Judgement, "dilemma"): "dilemma",
    (Seat, "role"): "role",
    (Seat, "enters"): "scene",
    (Seat, "leaves"): "scene",
    (Meter, "shown_to"): "seat",
    (Item, "kind"): "item kind",
    (Item, "known_by"): "seat",
    (ReleaseForm, "holder"): "seat",
    (ReleaseForm, "recipient"): "seat",
    (ReleaseForm, "items"): "item",
    (Objective, "duties"): "duty",
    (Objective, "lines"): "line",
    (Objective, "decisions"): "scene",
    (Effects, "records"): "fact",
    (Effects, "learn"): "item",
    (Effects, "asks_release"): "release",
    (Effects, "signs_release"): "release",
    (Effects, "refuses_release"): "release",
    (Effects, "revokes_release"): "release",
    (Consequence, "scenes"): "scene",
    (Consequence, "present"): "seat",
    (Consequence, "to"): "scene",
    (Consult, "seats"): "seat",
    (Consult, "scenes"): "scene",
    (Consult, "records"): "fact",
    (Inject, "present"): "seat",
    (Inject, "scenes"): "scene",
    (Inject, "records"): "fact",
    (Inject, "learn"): "item",
    (Inject, "revokes_release"): "release",
    (Tell, "to"): "seat",
    (Tell, "items"): "item",
    (Message, "to"): "seat",
    (CaseNote, "need"): "need",
    (Branch, "to"): "scene",
    (Action, "seat"): "seat",
    (Judgement, "collide"): "rule",
    (Scene, "turn"): "actor",  # a seat, or chance
    (Scene, "present"): "seat",
    (Guesser, "seat"): "seat",
    (Guesser, "of"): "seat",
    (WhoseDuty, "duty"): "any duty",  # of any agreement at hand: each has words of its own
    (WhoseDuty, "ask"): "seat",
    (HowDistressing, "ask"): "seat",
    (Scene, "call"): "protocol",
    (Scene, "seats"): "seat",
    (Scene, "returns"): "scene",
    (Protocol, "opening"): "scene",
    (FactSpan, "begin"): "fact",
    (FactSpan, "end"): "fact",
    (Line, "roles"): "role",
    (Party, "roles"): "role",
    (Duty, "party"): "party",
    (Compelled, "by"): "role",
    (Compelled, "to"): "role",
    (Compelled, "kinds"): "item kind",
    (Right, "kinds"): "item kind",
    (Owed, "fact"): "fact",
    (Owed, "once"): "fact",
    (Episode, "scenario"): "scenario",
    (Episode, "seats"): "seat",
    (Carries, "facts"): "fact",
    (Carries, "spans"): "span",
    (Carries, "meters"): "meter",
    (Carries, "statuses"): "status",
    (Carries, "items"): "item",
    (Carries, "releases"): "release",
    (Carries, "renamed"): "name",
}

# (class, field) → kind of thing that the keys of its mapping name
KEYS: dict[tuple[type, str], str] = {
    (Scene, "private"): "seat",
    (Consequence, "private"): "seat",
    (Effects, "learn"): "seat",
    (Effects, "change"): "meter",
    (Effects, "set"): "status",
    (Inject, "private"): "seat",
    (Inject, "learn"): "seat",
    (Inject, "change"): "meter",
    (Inject, "set"): "status",
    (Action, "practice"): "principle",
    (Episode, "seats"): "seat",
    (Carries, "renamed"): "name",
}


def names_what(table: dict[tuple[type, str], str], cls: type, field: str) -> str | None:
    """The kind of thing a field of a class, or of one of its bases, names."""
    for base in cls.__mro__:
        if kind := table.get((base, field)):
            return kind
    return None
