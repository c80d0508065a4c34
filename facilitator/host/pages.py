"""The pages of a host as HTML: the way in, a seat's terminal, whoever runs the room, and what is told when something is not there.

Plain HTML that works without script but for the terminal itself. No style and no script stands in a page; both come from `/static/`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from facilitator.host import tab

ALIAS_LENGTH, AGENCY_LENGTH = 40, 80

CLOSED = {
    "lost": ("The line is lost. Looking again …", "Nothing is lost. You come back to the same scene by yourself."),
    str(tab.LEFT): ("You have closed your seat.", "It is kept. Look again whenever you like."),
    str(tab.TAKEN_OVER): ("This seat is open in another tab or on another device now.", "To have it here instead, look again."),
    str(tab.UNHEARD_OF): ("This tab sent something that no seat sends.", "What you chose is kept."),
    str(tab.CRASHED): ("Something went wrong here.", "What you chose is kept. Looking again brings you back to the same scene."),
    str(tab.ROOM_CLOSED): ("The room has closed.", "Thank you for being here. What you played is kept."),
    str(tab.TOO_SLOW): ("The line is too slow just now.", "What you chose is kept."),
    str(tab.GIVEN_UP): ("This seat is not open any more.", "Ask whoever runs the room."),
    "other": ("The line has ended.", "What you chose is kept."),
}  # fmt: skip

CLOSED_ROOM = CLOSED | {  # as whoever runs the room is told it
    "lost": ("The line is lost. Looking again …", "Nothing is lost. You come back to the table by yourself."),
    str(tab.LEFT): ("You have closed the table.", "The room goes on. Look again whenever you like."),
    str(tab.TAKEN_OVER): ("The table is open in another tab or on another device now.", "To have it here instead, look again."),
    str(tab.UNHEARD_OF): ("This tab sent something that no table sends.", "The room goes on."),
    str(tab.CRASHED): ("Something went wrong here.", "The room goes on. Looking again brings you back to the table."),
    str(tab.ROOM_CLOSED): ("The host has ended.", "What was played is kept."),
    str(tab.TOO_SLOW): ("The line is too slow just now.", "The room goes on."),
    "other": ("The line has ended.", "The room goes on."),
}  # fmt: skip

KEYS = (  # those for pausing and stepping out can be pressed in the terminal's last line too
    ("Enter", "Enter", r"\r"), ("↑", "Up", r"\u001b[A"), ("↓", "Down", r"\u001b[B"), ("Esc", "Escape", r"\u001b"),
    ("F2", "Side", r"\u001bOQ"), ("F9", "Next part of the debrief", r"\u001b[20~"), ("F5", "Pause", r"\u001b[15~"),
    ("F6", "Step out", r"\u001b[17~"), ("F1", "Help", r"\u001bOP"), ("F3", "Next page", r"\u001bOR"), ("Tab", "Next part", r"\t"),
)  # fmt: skip
ROOM_KEYS = (  # the letters can be pressed in the terminal's last lines
    ("Enter", "Enter", r"\r"), ("↑", "Up", r"\u001b[A"), ("↓", "Down", r"\u001b[B"), ("←", "Left", r"\u001b[D"),
    ("→", "Right", r"\u001b[C"), ("Esc", "Escape", r"\u001b"), ("Tab", "Next part", r"\t"), ("F9", "Next sheet", r"\u001b[20~"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What somebody typed on the way in, and what was wrong with it. `seats`: id → name, once the room is known."""

    code: str = ""
    alias: str = ""
    agency: str = ""
    seat: str = ""
    title: str = ""
    seats: Mapping[str, str] | None = None
    wrong: str = ""
    wrong_code: bool = False
    once: str = ""  # a secret made for this page: a form that is sent twice lets in one person
    text: bool = False  # whether seats can be played as plain text


def page(title: str, body: str, *, wide: bool = False) -> str:
    """A whole page. `title` is text, `body` is HTML."""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n"
        f'<link rel="stylesheet" href="/static/host.css">\n</head>\n'
        f"<body>\n<main{' class=wide' if wide else ''}>\n{body}\n</main>\n</body>\n</html>\n"
    )


def message(title: str, text: str) -> str:
    """A page that only says something."""
    body = f'<h1>{escape(title)}</h1>\n<p>{escape(text)}</p>\n<p><a href="/">To the way in</a></p>'
    return page(f"{title} – Handoff", body)


def join(entry: Entry, support: str) -> str:
    """The way in: code, alias, agency, seat."""
    what = f": {entry.title}" if entry.title else ""
    wrong = f'<p class="wrong" role="alert" id="wrong">{escape(entry.wrong)}</p>\n' if entry.wrong else ""
    invalid = (
        ' aria-invalid="true" aria-describedby="code-hint wrong"'
        if entry.wrong_code
        else ' aria-describedby="code-hint"'
    )
    body = f"""<h1>Come in{escape(what)}</h1>
{wrong}<form method="post" action="/join" autocomplete="off">
<input type="hidden" name="once" value="{escape(entry.once)}">
<p><label for="code">Code of the room</label>
<span class="hint" id="code-hint">Ten letters and digits, as shown at the front of the room.</span>
<input type="text" class="code" id="code" name="code" value="{escape(entry.code)}" required maxlength="20" autocapitalize="characters" spellcheck="false" autocomplete="off"{invalid}></p>
<p><label for="alias">What the others call you</label>
<span class="hint" id="alias-hint">A made-up name. No real names. You may leave it empty.</span>
<input type="text" id="alias" name="alias" value="{escape(entry.alias)}" maxlength="{ALIAS_LENGTH}" autocomplete="off" aria-describedby="alias-hint"></p>
<p><label for="agency">Your agency</label>
<span class="hint" id="agency-hint">For your coordinator’s figures. You may leave it empty.</span>
<input type="text" id="agency" name="agency" value="{escape(entry.agency)}" maxlength="{AGENCY_LENGTH}" autocomplete="off" aria-describedby="agency-hint"></p>
{_seats(entry)}{_ways() if entry.text else ""}<p><button type="submit">Come in</button></p>
</form>
<p class="quiet">Somebody to talk to: {escape(support)}</p>
<p class="quiet">You may pause or leave at any time, and nobody asks why. Nothing leaves the computers of this workshop.</p>"""
    return page("Come in – Handoff", body)


def _seats(entry: Entry) -> str:
    if entry.seats is None:
        return ""
    chosen = entry.seat if entry.seat in entry.seats else ""
    rows = [_choice("seat", "", "Whichever is free", chosen=not chosen)]
    rows += [_choice("seat", ident, name, chosen=ident == chosen) for ident, name in entry.seats.items()]
    return "<fieldset>\n<legend>Your seat</legend>\n" + "\n".join(rows) + "\n</fieldset>\n"


def _ways() -> str:
    screen = _choice("how", "screen", "On a full screen, with keys, mouse or finger", chosen=True)
    text = _choice("how", "text", "As plain pages of text: for screen readers and older devices", chosen=False)
    return f"<fieldset>\n<legend>How you play</legend>\n{screen}\n{text}\n</fieldset>\n"


def _choice(name: str, value: str, text: str, *, chosen: bool) -> str:
    checked = " checked" if chosen else ""
    return f'<label class="one"><input type="radio" name="{name}" value="{escape(value)}"{checked}> <span>{escape(text)}</span></label>'


def seat_terminal(text_only: str = "") -> str:
    """The page of a seat's app. `text_only`: where the same seat is plain text, if it is."""
    return _terminal("Your seat", "Opening your seat …", CLOSED, KEYS, text_only)


def room_terminal() -> str:
    """The page of the app of whoever runs the room."""
    return _terminal("The room", "Opening the table …", CLOSED_ROOM, ROOM_KEYS)


def _terminal(
    title: str,
    opening: str,
    closed: Mapping[str, tuple[str, str]],
    keys_below: Sequence[tuple[str, str, str]],
    text_only: str = "",
) -> str:
    """A page that textual.js draws an app on."""
    plain = (
        f'<a class="for-readers button" href="{escape(text_only)}">This seat as plain text, for screen readers</a>\n'
        if text_only
        else ""
    )
    noscript = f' <a href="{escape(text_only)}">As plain text</a> it needs none.' if text_only else ""
    reasons = "\n".join(
        f'<div data-reason="{code}" hidden><h2>{escape(head)}</h2>\n<p>{escape(note)}</p></div>'
        for code, (head, note) in closed.items()
    )
    keys = "".join(
        f'<button type="button" data-key="{key}" title="{what}" aria-label="{what}">{shown}</button>'
        for shown, what, key in keys_below
    )
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">
<title>{escape(title)} – Handoff</title>
<link rel="preload" href="/static/RobotoMono-VariableFont_wght.ttf" as="font" type="font/ttf" crossorigin>
<link rel="stylesheet" href="/static/xterm.css">
<link rel="stylesheet" href="/static/host.css">
<script src="/static/seat.js" defer></script>
</head>
<body class="terminal">
{plain}<main>
<h1 class="for-readers">{escape(title)}</h1>
<p id="opening" role="status">{escape(opening)}</p>
<noscript><p>A full screen needs script.{noscript}</p></noscript>
<div id="terminal" class="textual-terminal"></div>
<div id="closed" role="alert" hidden><div>
{reasons}
<p><a class="button" id="again" href="">Look again</a></p>
</div></div>
</main>
<div id="keys" role="toolbar" aria-label="Keys">{keys}<button type="button" id="typing" title="Keyboard">Type</button></div>
</body>
</html>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody in the room, as whoever runs it sees them."""

    alias: str
    agency: str
    seat: str  # its name; empty: they wait
    here: bool
    table: int = 0  # those who play together have the same number; 0: nobody yet


def room(title: str, workshop: str, people: Sequence[Person], table: str) -> str:
    """Who has come, for whoever runs the room. `table`: where the whole table of pairs can be opened, if it can."""
    playing = sum(bool(each.table) for each in people)
    rows = "\n".join(_row(each) for each in sorted(people, key=lambda each: (not each.table, each.table, each.seat)))
    opened = f'<p><a class="button" href="{escape(table)}">Open the table of pairs</a></p>\n' if table else ""
    listed = (
        '<div class="scroll" role="region" aria-label="Who has come" tabindex="0">\n'
        f"<table>\n<thead><tr>{_heads(('Pair', 'Seat', 'Alias', 'Agency', 'Device'))}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>\n</div>"
        if people
        else "<p>Nobody has come in yet.</p>"
    )
    body = f"""<h1>{escape(title)}</h1>
<p>{f"Workshop: {escape(workshop)}. " if workshop else ""}{playing} seated, {len(people) - playing} waiting. <a href="">Look again</a></p>
{opened}{listed}
<p class="quiet">This address is yours alone: do not show it, and do not send it to anybody who plays.</p>"""
    return page("The room – Handoff", body, wide=True)


def _heads(names: Iterable[str]) -> str:
    return "".join(f'<th scope="col">{name}</th>' for name in names)


def _row(person: Person) -> str:
    cells = (
        str(person.table or "–"),
        person.seat or "waits",
        person.alias or "–",
        person.agency or "–",
        "here" if person.here else "away",
    )
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
