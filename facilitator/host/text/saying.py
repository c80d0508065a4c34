"""Saying something of one's own: to whom, then forms by what kind of saying it is.

Like every list of what can be said, it neither warns nor sorts by what is lawful.
"""

from __future__ import annotations

from collections.abc import Sequence

from facilitator.host.text.frame import Asked, care, frame, hidden, section, x
from facilitator.host.text.sight import Sight
from simulator.listeners import MESSAGE_STAYS, NOT_JUDGED, Listener, Thing, form, is_message, listeners
from simulator.saying import Sayable
from simulator.speaking import words_of
from simulator.tui.words import lasts

KINDS = {
    "call": ("Ring", "Ring"),
    "tell": ("What do you tell?", "Tell it"),
    "ask": ("What do you ask?", "Ask"),
    "ask-release": ("Which release do you ask her to sign? Read it first.", "Ask her"),
    "revoke": ("Which release does she take back?", "Write it down"),
    "consult": ("Whom do you ask for advice?", "Ask for advice"),
}  # legend, button
NOTES = {
    "ask": "Whether there is an answer is theirs to say, when their turn comes.",
    "revoke": "It goes into the file, and whoever had the release is told.",
}


def saying(sight: Sight, asked: Asked) -> str:
    """Everything that can be said now."""
    view = sight.view
    back = f'<p><a href="{x(asked.query(page=""))}">Back without saying anything</a></p>'
    parts = [
        section(f"to{number}", f"{whom.name}{f' ({whom.where})' if whom.where else ''}", _forms(whom, number, sight, asked))
        for number, whom in enumerate(listeners(view.sayable))
    ]  # fmt: skip
    return frame(
        title=f"Say something: {view.seat_name} · {view.title}",
        heading="Say something of your own",
        body="\n".join([f"<p>{x(NOT_JUDGED)} Your turn goes on afterwards.</p>", back, *parts, back]),
        place=sight.place,
        top=care(asked),
        told=asked.told,
    )


def _forms(whom: Listener, at: int, sight: Sight, asked: Asked) -> str:
    """One form for each kind of saying, in the order in which they are offered."""
    kinds: dict[str, list[tuple[Thing, Sayable]]] = {}
    for thing in whom.things:
        for way in thing.ways:
            kinds.setdefault(way.kind, []).append((thing, way))
    return "\n".join(_form(kind, rows, f"s{at}-{kind}", sight, asked) for kind, rows in kinds.items())


def _form(kind: str, rows: Sequence[tuple[Thing, Sayable]], ident: str, sight: Sight, asked: Asked) -> str:
    legend, button = KINDS[kind]
    notes = [NOTES[kind]] if kind in NOTES else []
    if any(is_message(way) for _, way in rows):
        notes.append(MESSAGE_STAYS)
    offered = "\n".join(_row(thing, way, f"{ident}-{n}") for n, (thing, way) in enumerate(rows))
    return (
        f'<form method="post" action="?">{hidden("number", sight.number)}{asked.kept()}\n'
        f"<fieldset><legend>{x(legend)}</legend>\n"
        + "".join(f"<p>{x(note)}</p>\n" for note in notes)
        + f'{offered}\n</fieldset>\n<button name="do" value="say">{x(button)}</button>\n</form>'
    )


def _row(thing: Thing, way: Sayable, ident: str) -> str:
    took = lasts(way.minutes)
    text = thing.by(way).text + (f" ({took})" if took else "")
    paper = form(way) if way.kind == "ask-release" else ()
    lines = "".join(f"<dt>{x(name)}</dt><dd>{x(words)}</dd>" for name, words in paper)
    described = f' aria-describedby="{ident}-paper"' if paper else ""
    return (
        f'<div class="one"><input type="radio" name="said" id="{ident}" value="{x(words_of(way.event))}" required{described}>'
        f'<label for="{ident}">{x(text)}</label>' + (f'<dl id="{ident}-paper">{lines}</dl>' if paper else "") + "</div>"
    )
