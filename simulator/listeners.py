"""What a seat may say, in the order in which a person chooses it: to whom, then what, then by which channel.

Nothing here knows what is lawful, and nothing may: what may be told and what may not stand side by side, in the author's
order, as they do in life. The debrief says by what right something was told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from simulator.saying import Sayable

SURVIVOR, ADVISERS = (
    "the survivor",
    "advisers",
)  # beside the seats; no seat's id holds a space or is `advisers` by chance alone
MESSAGE_STAYS = "A message stays in the record of both."
NOT_JUDGED = "Nothing you say is judged while you play; the debrief says by what right it was said."
_NAMES = {SURVIVOR: "The survivor", ADVISERS: "Somebody who advises you"}


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing to say to somebody. `ways`: how; a telling may have two channels, a word first and then a message."""

    text: str
    ways: tuple[Sayable, ...]

    @property
    def by_message(self) -> Sayable | None:
        return next((way for way in self.ways if is_message(way)), None)

    def by(self, way: Sayable) -> Thing:
        """It said in one way only, as a line that says so."""
        return Thing(_line((way,)), (way,))

    @property
    def usual(self) -> Sayable:
        """How it is said unless something else is wanted."""
        return self.ways[0]


@dataclass(frozen=True, slots=True)
class Listener:
    """Somebody to say something to. `key`: a seat, SURVIVOR or ADVISERS; `where`: “here”, “not here”, “on the phone” or nothing."""

    key: str
    name: str
    where: str
    things: tuple[Thing, ...]


def is_message(way: Sayable) -> bool:
    """Whether it is sent as a secure message."""
    return getattr(way.event, "channel", None) == "message"


def listeners(sayable: Iterable[Sayable]) -> tuple[Listener, ...]:
    """What can be said, by the one it is said to: seats, then the survivor, then advisers."""
    groups: dict[str, list[Sayable]] = {}
    for each in sayable:
        groups.setdefault(_whom(each), []).append(each)
    last = [key for key in (SURVIVOR, ADVISERS) if key in groups]
    return tuple(_listener(key, groups[key]) for key in [*(k for k in groups if k not in last), *last])


def form(way: Sayable) -> tuple[tuple[str, str], ...]:
    """A release as a form to read before it is asked for: each line's name and words. Empty for anything else."""
    paper = way.paper
    if paper is None:
        return ()
    lines = (
        ("What", "; ".join(paper.items)),
        ("To", " and ".join(paper.recipients)),
        ("What for", paper.purpose),
        ("How long", f"{paper.lasts} from when it is signed" if paper.lasts else "no end is named"),
    )
    return lines


def _whom(each: Sayable) -> str:
    if each.to is not None:
        return each.to
    return ADVISERS if each.kind == "consult" else SURVIVOR


def _listener(key: str, said: list[Sayable]) -> Listener:
    things: dict[tuple[str, str], list[Sayable]] = {}
    for each in said:
        things.setdefault((each.kind, each.about), []).append(each)
    lines = tuple(Thing(_line(ways), tuple(ways)) for ways in things.values())
    return Listener(key, _NAMES.get(key, said[0].to_name), _where(said), lines)


def _where(said: list[Sayable]) -> str:
    channels = {getattr(each.event, "channel", None) for each in said}
    if any(each.kind == "call" for each in said):
        return "not here"
    return "here" if "in-person" in channels else "on the phone" if "phone" in channels else ""


def _line(ways: Sequence[Sayable]) -> str:
    """It as a line of a list, under the name of the one it is said to."""
    each = ways[0]
    paper = each.paper
    if each.kind == "tell":
        return f"{_tell(ways)}: {each.what}{' (told)' if each.again else ''}"
    if each.kind == "ask":
        return f"Ask: “{each.what}”{' (asked)' if each.again else ''}"
    if paper is not None:
        begin = (
            "Ask the survivor to sign a release"
            if each.kind == "ask-release"
            else "Note that the survivor takes back the release"
        )
        return f"{begin}: {'; '.join(paper.items)}, to {' and '.join(paper.recipients)}"
    return each.text


def _tell(ways: Sequence[Sayable]) -> str:
    """With the channel, if there is only this one and it is not a word in person."""
    if len(ways) > 1:
        return "Tell"
    return {"phone": "Tell on the phone", "message": "Tell by message"}.get(
        getattr(ways[0].event, "channel", ""), "Tell"
    )
