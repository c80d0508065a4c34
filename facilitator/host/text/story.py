"""The story as one seat's view tells it, and what this seat may look up, as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from facilitator.host.text.frame import listed, prose, section, x
from simulator.tui.words import clock, paragraphs, sentence, time_left
from simulator.view import DutyView, Entry, Passage, View

SOURCES = {"survivor": "from the survivor", "scene": "seen here"}
FROM = {"survivor": "from the survivor", "scene": "yours from the start"}
KINDS = {"need": "Need", "offered": "Offered", "given": "Given"}
ORDER = ("overdue", "due", "late", "met", "excused", "missed", "open at the end")
CONTENTS = (
    ("story", "The whole story"),
    ("duties", "Duties"),
    ("known", "What you know"),
    ("messages", "Messages"),
    ("case", "Case file"),
    ("report", "Incident report"),
)


def new(view: View, seen: int) -> str:
    """The passages after the first `seen`, under their heading."""
    fresh = view.passages[seen:]
    body = passages(fresh) if fresh else "<p>Nothing new. The whole story so far stands below.</p>"
    return section("new", "New since you last looked", body)


def passages(found: Sequence[Passage]) -> str:
    """Passages in order; each says in words what it is."""
    return "\n".join(map(_passage, found))


def _passage(passage: Passage) -> str:
    text = passage.text
    if passage.kind == "scene":
        head = f"{passage.title} · {clock(passage.at)}" if passage.title else clock(passage.at)
        return f"<h3>{x(head)}</h3>\n{prose(text)}"
    if passage.kind == "inject":
        return f"<h3>{x(f'Then · {clock(passage.at)}')}</h3>\n{prose(text)}"
    if passage.kind == "private":
        return prose(text, "<strong>Only you:</strong> ")
    if passage.kind == "learned":
        came = SOURCES.get(passage.who or "", f"from {passage.who}" if passage.who else "")
        return prose(f"{text} ({came})" if came else text, "<strong>You learn:</strong> ")
    if passage.kind == "message":
        return prose(text, f"<strong>{x(f'Message from {passage.who}, {clock(passage.at)}:')}</strong> ")
    if passage.kind == "choice":
        return prose(sentence(paragraphs(text)), f"<strong>{x(f'{passage.who}:')}</strong> ")
    return prose(text)


def below(view: View, countdowns: bool, seen: int) -> str:
    """The whole story, then everything that this seat may look up, each under its heading."""
    parts = {
        "story": passages(view.passages) if seen else "<p>All of it is new to you, and stands above.</p>",
        "duties": _duties(view, countdowns),
        "known": _known(view),
        "messages": _entries(view.messages, "No messages yet."),
        "case": _entries(view.case_file, "Your agency has written nothing here yet. It fills itself from what you do."),
        "report": _entries(view.report, "Your agency has written nothing here yet. It fills itself from what you do."),
    }
    return "\n".join(section(ident, heading, parts[ident]) for ident, heading in CONTENTS)


def _duties(view: View, countdowns: bool) -> str:
    moving = [duty for duty in view.duties if duty.status != "standing"]
    moving.sort(key=lambda duty: ORDER.index(duty.status) if duty.status in ORDER else 0)
    standing = [f"{duty.text} (clause {duty.clause})" for duty in view.duties if duty.status == "standing"]
    parts = [listed(_duty(duty, countdowns) for duty in moving)] if moving else []
    if standing:
        parts.append(f"<h3>Hold all through</h3>\n{listed(standing)}")
    if view.meters:
        parts.append(listed(f"{label}: {value} ({low} to {high})" for label, low, high, value in view.meters))
    return "\n".join(parts) or "<p>No duty of your agency has come up yet.</p>"


def _duty(duty: DutyView, countdowns: bool) -> str:
    left = time_left(duty.left) if countdowns else ""
    state = duty.status.capitalize() + (f", {left}" if left and left != "due now" else "")
    return f"{state}: {duty.text} (clause {duty.clause})"


def _known(view: View) -> str:
    brief = prose(view.brief, "<strong>Your part:</strong> ") if view.brief else ""
    rows = [
        f"{sentence(item.text)} ({FROM.get(item.source, f'from {item.source}')}, {clock(item.at)})"
        for item in view.items
    ]
    return brief + (listed(rows) if rows else "<p>Nothing yet that only some people know.</p>")


def _entries(entries: Iterable[Entry], none: str) -> str:
    rows = [f"{clock(entry.at)}, {_label(entry)}{sentence(entry.text)}" for entry in entries]
    return listed(rows) if rows else f"<p>{x(none)}</p>"


def _label(entry: Entry) -> str:
    if entry.kind in KINDS:
        return f"{KINDS[entry.kind]}: "
    return {"sent": f"to {entry.who}: ", "received": f"from {entry.who}: "}.get(entry.kind, f"{entry.who}: ")
