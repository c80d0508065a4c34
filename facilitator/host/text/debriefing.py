"""The debrief of one seat as pages: reactions, what happened, analysis, keep and change, goodbye.

Nothing that weighs the play is on any page before everybody has said how it was for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from facilitator.host.text.frame import Asked, care, contents, frame, hidden, section, way, x
from facilitator.host.text.quiet import talk_to
from facilitator.host.text.turn import again
from simulator.beside import beside
from simulator.beside import blocks as both_plays
from simulator.debrief import CAUTION, Block, analysis
from simulator.play import PHASES
from simulator.tui.screens.debrief import FIRST, LAST, OTHERS, PARTS, REACTION
from simulator.tui.widgets.from_leader import FROM, said_to
from simulator.tui.words import NO_REAL_PEOPLE, clock

if TYPE_CHECKING:
    from simulator.session import Session
    from simulator.timeline import Moment

LONGEST = 500  # characters of what is written in one box
TITLES = dict(PARTS)
LABELS = {"message": "message, ", "private": "privately, ", "chance": "chance: ", "inject": "from outside: "}


def part_of(session: Session, seat: str) -> str:
    """The part of the debrief that a seat is in: one of PHASES, `others` while it waits for them, or `done`."""
    if not session.has_finished("reactions", seat):
        return "reactions"
    if session.debrief_phase is None:
        return "others"
    return next((phase for phase in PHASES if not session.has_finished(phase, seat)), "done")


def debrief(session: Session, seat: str, asked: Asked, support: str) -> str:
    """The page of the part that the seat is in, or of an earlier one that is read again."""
    part = part_of(session, seat)
    if asked.page in ("description", "analysis") and asked.page in _read(part):
        return _page(session, seat, asked, asked.page, part)
    return _page(session, seat, asked, part, part, support)


def _read(part: str) -> tuple[str, ...]:
    """The parts that can be read again from here."""
    return {"analysis": ("description",), "summary": ("description", "analysis"), "done": ("description", "analysis")}.get(
        part, ()
    )  # fmt: skip


def _page(session: Session, seat: str, asked: Asked, shown: str, part: str, support: str = "") -> str:
    refresh = ""
    if shown == "reactions":
        session.foresee()  # while it is written
        boxes = _box("reactions", REACTION)
        heading, body = "Debrief: reactions", _form(f"<p>{x(FIRST)}</p>\n{boxes}", part, "write", asked)
    elif shown == "others":
        heading, body = "Debrief: waiting for the others", f"<p>{x(OTHERS)}</p>\n{again(asked, asked.query())}"
        refresh = asked.query() if asked.auto else ""
    elif shown == "description":
        heading, body = "Debrief: what happened", _happened(session)
    elif shown == "analysis":
        heading, body = "Debrief: analysis", _analysis(session)
    elif shown == "summary":
        boxes = _box("keep", "One thing to keep:") + _box("change", "One thing to change:")
        heading, body = "Debrief: keep and change", _form(f"<p>{x(LAST)}</p>\n{boxes}", part, "write", asked)
    else:
        heading, body = "Thank you", _goodbye(support)
    if shown == part and shown in ("description", "analysis"):
        following = TITLES[PHASES[PHASES.index(shown) + 1]].lower()
        body += "\n" + _form("", part, "read", asked, f"On to: {following}")
    title = session.bundle.scenario.title
    return frame(
        title=f"{heading} · {title}",
        heading=heading,
        body=f"{_said(session, seat)}{_parts(part, shown, asked)}\n{body}",
        place=f"{title}. You are {session.bundle.scenario.seats[seat].name}.",
        top=care(asked),
        told=asked.told,
        refresh=refresh,
    )


def _said(session: Session, seat: str) -> str:
    """What whoever runs the room has said since the story stood still."""
    rows = "".join(f"<p>{x(text)}</p>\n" for text in said_to(session, [seat]))
    return section("said", FROM, rows) + "\n" if rows else ""


def _parts(part: str, shown: str, asked: Asked) -> str:
    """The four parts, and where this is among them."""
    at = PHASES.index(part) if part in PHASES else 0 if part == "others" else len(PHASES)
    rows = []
    for number, (name, title) in enumerate(PARTS):
        state = "done" if number < at else "now" if number == at and part != "others" else "to come"
        state = "done" if part == "others" and number == 0 else state
        text = f"{title} ({state})"
        if name in _read(part) and name != shown:
            rows.append(f'<li><a href="{x(asked.query(page=name))}">{x(text)}</a></li>')
        else:
            rows.append(f"<li>{x(text)}</li>")
    if shown != part:
        rows.append(f'<li><a href="{x(asked.query(page="debrief"))}">Back to where you were</a></li>')
    return '<nav aria-label="Parts of the debrief">\n<ul>\n' + "\n".join(rows) + "\n</ul>\n</nav>"


def _form(fields: str, part: str, do: str, asked: Asked, button: str = "Done") -> str:
    return (
        f'<form method="post" action="?">{hidden("number", part)}{asked.kept()}\n{fields}\n'
        f'<button name="do" value="{do}">{x(button)}</button>\n</form>'
    )


def _box(name: str, question: str) -> str:
    return (
        f'<label class="asked" for="{name}">{x(question)}</label>\n<p id="{name}-hint">{x(NO_REAL_PEOPLE)}</p>\n'
        f'<textarea id="{name}" name="{name}" rows="4" maxlength="{LONGEST}" aria-describedby="{name}-hint"></textarea>\n'
    )


def _happened(session: Session) -> str:
    card = session.scorecard()
    rows = "\n".join(f"<li>{x(_moment(moment))}</li>" for moment in session.timeline())
    end = f"The story ended: {card.ending}" if card.ending else "The story was not played to its end."
    body = f"<ol>\n{rows}\n</ol>\n<p>{x(end)}</p>"
    if card.ending_felt:
        body += "\n" + section("account", "Her own account, some weeks later", f"<p>{x(card.ending_felt)}</p>")
    return body


def _moment(moment: Moment) -> str:
    who = f"{moment.who}: " if moment.who and moment.kind in ("choice", "message", "private") else ""
    secret = f" (only {', '.join(moment.private_to)} saw this)" if moment.private_to else ""
    return f"{clock(moment.at)}, {LABELS.get(moment.kind, '')}{who}{moment.text}{secret}"


def _analysis(session: Session) -> str:
    state = session.state
    found: list[Block] = list(
        analysis(
            session.scorecard(), state.game, session.hindsight(), panels=session.panels(), told=session.told()
        )
    )  # fmt: skip
    both = beside(session)
    found += both_plays(both) if both is not None else ()
    parts = [(f"part{number}", block) for number, block in enumerate(found, 1)]
    return "\n".join(
        [
            f"<p>{x(CAUTION)}</p>",
            contents((ident, block.heading) for ident, block in parts),
            *(section(ident, block.heading, _lines(block.lines)) for ident, block in parts),
        ]
    )


def _lines(lines: Sequence[str]) -> str:
    """A list; a line that begins with blanks belongs to the one before."""
    rows: list[list[str]] = []
    for line in lines:
        if line.startswith(" ") and rows:
            rows[-1].append(line)
        else:
            rows.append([line])
    return "<ul>\n" + "\n".join(f"<li{way(''.join(row))}>{_row(row)}</li>" for row in rows) + "\n</ul>"


def _row(row: Iterable[str]) -> str:
    return "<br>".join(x(line) for line in row)


def _goodbye(support: str) -> str:
    """What comes next is for whoever runs the room to say."""
    return (
        "<p>That was the whole of it. Talk on for a minute before you go. "
        f"What would you want your own partner to know?</p>\n{talk_to(support)}"
    )
