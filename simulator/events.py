"""What a session's log is made of. Events have already happened; everything else is a fold over them.

`Start` is event 0 and carries all that `engine.start` needs, by content hash. `Choose` and `Chance` move the story, and so
do what is said `Unprompted` and an `Inject` by hand.
The rest steer the session around it: they change no story, no score. `Rate`, `Reveal`, `Announce`, `Propose` and `Consent` stand
beside it altogether: they come at any time, most of them from whoever runs the room, and so do `Hold` and `Conclude`. An event holds no alias and no free text: those are erasable and live
in tables of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Literal

VERSION = 1  # of the log's format; a reader refuses a log whose version it does not know


class BadEvent(ValueError):
    """A stored event is not one this version knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Event 0: the exact texts that are played (kind → sha256), who sits where, the seed of chance, and what was drawn.

    `draw`: for each list of variants, the number of the entry its words come from, counted from 0. Logs from before
    there were variants have none: the first of every list. `carried`: what an episode of a series begins with
    (`carried.to_plain`); `series`: which series (`id`), which `episode` of it, counted from 1, and the session it comes `after`.
    """

    kind: ClassVar[str] = "start"
    version: int = VERSION
    scenario: str
    texts: Mapping[str, str]
    seats: Mapping[str, str]  # seat → "human", "random", "typical" or "expert"
    seed: int
    countdowns: bool = True
    draw: Mapping[str, int] = field(default_factory=dict)
    follows: str = ""  # the session that the same people played before, their seats otherwise; empty for none
    exchanged: Mapping[str, str] = field(default_factory=dict)  # seat → the seat its player had in that one
    carried: Mapping[str, Any] = field(default_factory=dict)
    series: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose:
    """A seat on turn chose an open action."""

    kind: ClassVar[str] = "choose"
    seat: str
    action: str
    by: Literal["human", "computer"] = "human"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """Chance brought this action of a chance scene."""

    kind: ClassVar[str] = "chance"
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A seat on turn rang another that is not there. Until the turn ends the two can talk."""

    kind: ClassVar[str] = "call"
    seat: str
    to: str
    by: Literal["human", "computer"] = "human"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell:
    """A seat on turn told another an item, unprompted. By phone: within a call."""

    kind: ClassVar[str] = "tell"
    seat: str
    to: str
    item: str
    channel: Literal["in-person", "phone", "message"]
    by: Literal["human", "computer"] = "human"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A seat on turn asked another for an item. It changes nothing: whether there is an answer is the other's turn to say."""

    kind: ClassVar[str] = "ask"
    seat: str
    to: str
    item: str
    by: Literal["human", "computer"] = "human"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskRelease:
    """A seat on turn asked the survivor to sign a release; what she answers follows from the story."""

    kind: ClassVar[str] = "ask-release"
    seat: str
    form: str
    by: Literal["human", "computer"] = "human"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoke:
    """A seat on turn noted the survivor's word that she takes a release back, and told its recipient so."""

    kind: ClassVar[str] = "revoke"
    seat: str
    form: str
    by: Literal["human", "computer"] = "human"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consult:
    """A seat on turn consulted a supervisor, counsel or another adviser."""

    kind: ClassVar[str] = "consult"
    seat: str
    whom: str
    by: Literal["human", "computer"] = "human"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inject:
    """Whoever runs the room brought this inject by hand. Injects that come by themselves are in no log: the story has them."""

    kind: ClassVar[str] = "inject"
    inject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Predict:
    """A seat answered a private question. `action`: its answer, None when it passed.

    `about`: what the seat `of` will do (the answer is an action), whose duty something is (a seat, or one of
    `predictions.SHARED`), how distressing a step was (0 to 10); of the last two, `of` is empty. Logs from before there
    were other questions have none of them.
    """

    kind: ClassVar[str] = "predict"
    seat: str
    of: str
    action: str | None
    about: Literal["partner", "duty", "distress"] = "partner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """The play was paused. Stepping out writes the same event: nobody can tell the two apart afterwards."""

    kind: ClassVar[str] = "paused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """The play went on; seats that a computer partner now plays are named."""

    kind: ClassVar[str] = "resumed"
    seats: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewind:
    """The pair went back to the state after event `to`; what followed stays in the log as an abandoned branch."""

    kind: ClassVar[str] = "rewind"
    to: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Display:
    """Duty countdowns were switched on or off."""

    kind: ClassVar[str] = "display"
    countdowns: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Debrief:
    """A phase of the debrief was finished: scores open after `reactions`.

    `seat`: by the person of this seat alone, where each sits at a screen of their own; the phase is over once all have.
    """

    kind: ClassVar[str] = "debrief"
    phase: Literal["reactions", "description", "analysis", "summary"]
    seat: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A facilitator rated an objective by hand; `letter` None takes a rating back. The line why is a remark, outside the log.

    `blind`: the rater said that they had not seen the program's letters of this play. Whether the rating counts as
    blind is for the fold to say, which knows what was shown before (`play.rated`).
    """

    kind: ClassVar[str] = "rated"
    objective: str
    letter: Literal["P", "S", "M", "U"] | None
    blind: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reveal:
    """The program's own letters were shown to somebody outside the pair's own debrief."""

    kind: ClassVar[str] = "revealed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Whoever runs the room stopped this play (`on`), or let it go on. A pause of the pair's own stands beside it, untouched."""

    kind: ClassVar[str] = "held"
    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Announce:
    """Whoever runs the room said something to a seat; None: to all. `note` names the remark that holds the words (`led`)."""

    kind: ClassVar[str] = "announced"
    note: str
    to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Propose:
    """Whoever runs the room asks the pair to go back to the state after event `to`; None takes the question back."""

    kind: ClassVar[str] = "proposed"
    to: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """The person of a seat answered the proposal that is event `proposal`. Once all have said yes, a `Rewind` follows at once."""

    kind: ClassVar[str] = "consented"
    seat: str
    proposal: int
    yes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclude:
    """Whoever runs the room moved this play to its debrief as far as it had come. It stays unfinished: it has reached no ending."""

    kind: ClassVar[str] = "concluded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolve:
    """A room wrote down what to keep or to change after its debrief. `note` names the remark that holds the words (`hot_wash`)."""

    kind: ClassVar[str] = "resolved"
    note: str


Unprompted = (
    Call | Tell | Ask | AskRelease | Revoke | Consult
)  # what a seat may say on its turn, before or instead of an action
Event = (
    Start
    | Choose
    | Chance
    | Unprompted
    | Inject
    | Predict
    | Pause
    | Resume
    | Rewind
    | Display
    | Debrief
    | Rate
    | Reveal
    | Hold
    | Announce
    | Propose
    | Consent
    | Conclude
    | Resolve
)
MOVES = frozenset(
    cls.kind for cls in (Choose, Chance, Call, Tell, Ask, AskRelease, Revoke, Consult, Inject)
)  # what moves the story
_KINDS: dict[str, type[Any]] = {
    cls.kind: cls
    for cls in (
        Start, Choose, Chance, Call, Tell, Ask, AskRelease, Revoke, Consult, Inject, Predict, Pause, Resume, Rewind, Display,
        Debrief, Rate, Reveal, Hold, Announce, Propose, Consent, Conclude, Resolve,
    )
}  # fmt: skip


def to_json(event: Event) -> dict[str, Any]:
    """The event as plain data, `kind` first."""
    plain = {f.name: getattr(event, f.name) for f in fields(event)}
    return {"kind": event.kind, **{k: dict(v) if isinstance(v, Mapping) else v for k, v in plain.items()}}


def from_json(data: Mapping[str, Any]) -> Event:
    """The event that `to_json` wrote. Raises BadEvent."""
    given = dict(data)
    cls = _KINDS.get(str(given.pop("kind", None)))
    if cls is None:
        raise BadEvent(f"there is no event of kind “{data.get('kind')}”")
    try:
        event: Event = cls(**given)
    except TypeError as error:
        raise BadEvent(f"a “{cls.kind}” event does not look like this: {error}") from None
    if isinstance(event, Start) and event.version != VERSION:
        raise BadEvent(f"this session was kept in log format {event.version}; this Handoff reads {VERSION}")
    return event
