"""What every page of the text-only seat has in common: its frame, its words for the browser, and how texts become HTML."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from html import escape
from urllib.parse import parse_qs, quote, urlencode

from facilitator.report.document import clean, is_right_to_left
from simulator.tui.words import paragraphs

AGAIN = 5  # seconds after which a page that was asked to looks again by itself
PAGES = ("", "begin", "say", "quiet", "out", "go-on", "debrief", "description", "analysis")
MOST = 1_000_000  # no story has as many passages

NOTES = {
    "late": "Somebody else was first, or the story has moved on. Nothing of yours is lost; this is how things stand.",
    "once": "That page was not the newest any more. What it asked for was done once already, or not at all; this is how things stand.",
    "none": "Nothing was chosen yet. Choose one, then press the button.",
    "paused": "The play is paused, so nothing was done. Nothing of yours is lost.",
}


@dataclass(frozen=True, slots=True)
class Page:
    """An answer: an HTTP status and a whole HTML document."""

    status: int
    html: str


@dataclass(frozen=True, slots=True)
class Redirect:
    """An answer that leads on: the path and query to get next, with 303."""

    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the query of an address says. `seen`: passages that were read; None: nobody says. `told`: a key of NOTES.

    `auto`: this page looks again by itself. All of it is somebody's typing: nothing here lets anybody in anywhere.
    """

    page: str = ""
    seen: int | None = None
    auto: bool = False
    told: str = ""

    @classmethod
    def of(cls, path: str) -> Asked:
        """From a path with its query; what is no word of ours is passed over."""
        try:
            pairs = parse_qs(path.partition("?")[2], max_num_fields=20)
        except ValueError:  # more words than any page of ours writes
            return cls()
        said = {name: values[-1] for name, values in pairs.items()}
        return cls(
            page=said["page"] if said.get("page") in PAGES else "",
            seen=number_in(said.get("seen", "")),
            auto=said.get("auto") == "1",
            told=said["told"] if said.get("told") in NOTES else "",
        )

    def query(self, **other: object) -> str:
        """The query that asks for this, changed as said: `?page=say&seen=12`."""
        asked = replace(self, **{"told": "", **other})  # type: ignore[arg-type]
        pairs = [
            ("page", asked.page),
            ("seen", "" if asked.seen is None else str(asked.seen)),
            ("auto", "1" if asked.auto else ""),
            ("told", asked.told),
        ]
        return "?" + urlencode([(name, value) for name, value in pairs if value])

    def kept(self, seen: int | None = None) -> str:
        """The same as fields of a form. `seen`: how much has been read once the form is sent."""
        seen = self.seen if seen is None else seen
        fields = {"seen": "" if seen is None else str(seen), "auto": "1" if self.auto else ""}
        return "".join(hidden(name, value) for name, value in fields.items() if value)


def number_in(text: str) -> int | None:
    """A number of passages as an address holds it."""
    return min(int(text), MOST) if text.isascii() and text.isdecimal() and len(text) < 12 else None


def address(secret: str, query: str = "") -> str:
    """Where a ticket's text-only seat is."""
    return f"/t/{quote(secret, safe='')}{query}"


def hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{x(value)}">'


def x(text: str) -> str:
    """A text as HTML, in one line."""
    return escape(clean(text))


def way(text: str) -> str:
    """The attribute for a text that finds its own direction."""
    return ' dir="auto"' if is_right_to_left(text) else ""


def prose(text: str, lead: str = "") -> str:
    """An author's text as paragraphs; `lead` (HTML) stands before its first words."""
    parts = paragraphs(text).split("\n\n")
    made = ["<br>".join(x(line) for line in part.split("\n") if line.strip()) for part in parts]
    return "\n".join(f"<p{way(text)}>{lead if n == 0 else ''}{part}</p>" for n, part in enumerate(made))


def listed(lines: Iterable[str]) -> str:
    """Texts as a list."""
    return "<ul>\n" + "\n".join(f"<li{way(line)}>{x(line)}</li>" for line in lines) + "\n</ul>"


def section(ident: str, heading: str, body: str) -> str:
    """A part of a page under its heading. It has no name of its own: a dozen landmarks would be none."""
    return f'<section>\n<h2 id="{ident}">{x(heading)}</h2>\n{body}\n</section>'


def contents(links: Iterable[tuple[str, str]]) -> str:
    """Links to the parts of a page, by id and heading."""
    rows = "\n".join(f'<li><a href="#{ident}">{x(heading)}</a></li>' for ident, heading in links)
    return f'<nav aria-label="On this page">\n<ul>\n{rows}\n</ul>\n</nav>' if rows else ""


def care(asked: Asked) -> str:
    """Pause and step out, as they stand on every page."""
    return (
        f'<form method="post" action="?" class="care">{asked.kept()}'
        '<button name="do" value="pause">Pause</button> <button name="do" value="out">Step out</button></form>'
    )


def frame(
    *, title: str, heading: str, body: str, place: str = "", top: str = "", told: str = "", refresh: str = ""
) -> str:
    """A whole page. `title`, `heading`, `place` are text; `body` and `top` are HTML. `told`: a key of NOTES. `refresh`: a query."""
    note = f'<p class="told" role="alert">{x(NOTES[told])}</p>\n' if told else ""
    again = f'<meta http-equiv="refresh" content="{AGAIN};url={escape(refresh)}">\n' if refresh else ""
    where = f"<p>{x(place)}</p>\n" if place else ""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"{again}<title>{x(('Not done: ' if told else '') + title)} – Handoff</title>\n"
        '<link rel="stylesheet" href="/static/text.css">\n</head>\n<body>\n'
        '<a class="skip" href="#main">Skip to the page itself</a>\n'
        f"<header>\n{where}{top}\n</header>\n"
        f'<main id="main" tabindex="-1">\n<h1>{x(heading)}</h1>\n{note}{body}\n</main>\n</body>\n</html>\n'
    )
