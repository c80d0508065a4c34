"""Beside the story: what this seat may look up at any time. Everything on it comes from the seat's own view."""

from __future__ import annotations

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static, TabbedContent, TabPane

from simulator.tui.words import clock, sentence, time_left
from simulator.view import DutyView, Entry, View

PAGES = ("duties", "records", "messages", "known")
MARKS = {
    "due": "○", "overdue": "!", "met": "✓", "late": "✓", "missed": "✗", "excused": "–",
    "open at the end": "○",
}  # fmt: skip
ORDER = ("overdue", "due", "late", "met", "excused", "missed", "open at the end")
KINDS = {"need": "Need", "offered": "Offered", "given": "Given"}


class Side(Vertical):
    """Four pages: duties, papers, messages, what you know. F2 opens it, F3 turns the page."""

    DEFAULT_CSS = """
    Side {
        background: $surface;
        TabbedContent { height: 1fr; }
        Tabs { height: 2; }
        TabPane { padding: 0; }
        VerticalScroll { padding: 1 1; overflow-y: scroll; scrollbar-size-vertical: 1; }
        VerticalScroll, VerticalScroll:focus { scrollbar-background: $surface; }
        VerticalScroll:focus { background-tint: $foreground 3%; }
        #side-who { padding: 0 1; height: auto; color: $quiet; }
        .page { height: auto; max-width: 88; }
    }
    """

    def compose(self) -> ComposeResult:
        yield Static(id="side-who", markup=False)
        with TabbedContent(id="side-pages"):
            for name, title in zip(PAGES, ("Duties", "Papers", "Messages", "You know"), strict=True):
                with TabPane(title, id=f"page-{name}"), VerticalScroll():
                    yield Static(id=f"text-{name}", classes="page", markup=False)

    def __init__(self, id: str | None = None):
        super().__init__(id=id)
        self._shown: dict[str, Content] = {}  # by the id of what shows it

    def show(self, view: View, countdowns: bool) -> None:
        """Draw one seat's pages; with countdowns off, duties are there without a clock."""
        who = f"{view.seat_name} · {view.role}"
        pages = {
            "side-who": Content.assemble(who, "\n", ("Only you see this side.", "$accent")),
            "text-duties": _duties(view, countdowns),
            "text-records": _records(view),
            "text-messages": _messages(view.messages),
            "text-known": _known(view),
        }
        for name, page in pages.items():
            if self._shown.get(name) != page:  # most of it stays from scene to scene, and each page is laid out anew
                self.query_one(f"#{name}", Static).update(page)
        self._shown = pages
        waiting = sum(duty.status in ("due", "overdue") for duty in view.duties)
        self._label("page-duties", f"Duties {waiting}" if waiting else "Duties")
        self._label("page-messages", f"Messages {len(view.messages)}" if view.messages else "Messages")

    def _label(self, page: str, label: str) -> None:
        tab = self.query_one("#side-pages", TabbedContent).get_tab(page)
        if tab.label_text != label:
            tab.label = label

    def clear(self) -> None:
        """Take everything off, before somebody else looks."""
        self._shown = {}
        self.query_one("#side-who", Static).update("")
        for page in self.query(".page").results(Static):
            page.update("")

    def turn_page(self) -> None:
        """The next page, after the last one the first."""
        tabs = self.query_one("#side-pages", TabbedContent)
        names = [f"page-{name}" for name in PAGES]
        tabs.active = names[(names.index(tabs.active) + 1) % len(names)]
        self.focus_page()

    def focus_page(self) -> None:
        """Give the open page the arrow keys."""
        active = self.query_one("#side-pages", TabbedContent).active
        self.query_one(f"#{active} VerticalScroll").focus()


def _blocks(blocks: Iterable[Content], none: str) -> Content:
    found = list(blocks)
    return Content("\n\n").join(found) if found else Content.styled(none, "$quiet")


def _duties(view: View, countdowns: bool) -> Content:
    moving = [duty for duty in view.duties if duty.status != "standing"]
    moving.sort(key=lambda duty: ORDER.index(duty.status) if duty.status in ORDER else 0)
    parts = [_duty(duty, countdowns) for duty in moving]
    if not countdowns:
        parts.insert(0, Content.styled("Clocks are off; F7 turns them on.", "$quiet"))
    if standing := [duty for duty in view.duties if duty.status == "standing"]:
        lines = "\n".join(f"{duty.clause}  {duty.text}" for duty in standing)
        parts.append(Content.assemble(("Hold all through", "bold"), "\n", (lines, "$quiet")))
    if view.meters:
        parts.append(Content("\n").join([_meter(*meter) for meter in view.meters]))
    return _blocks(parts, "No duty of your agency has come up yet.")


def _duty(duty: DutyView, countdowns: bool) -> Content:
    left = time_left(duty.left) if countdowns else ""
    style = {"overdue": "bold $error", "due": "bold $primary"}.get(duty.status, "$quiet")
    head = f"{MARKS.get(duty.status, '·')} {duty.status}" + (f", {left}" if left else "")
    return Content.assemble((head, style), (f"  · clause {duty.clause}", "$quiet"), "\n", duty.text)


def _meter(label: str, low: int, high: int, value: int) -> Content:
    width = 10
    filled = round((value - low) / (high - low) * width) if high > low else 0
    bar = "█" * filled + "░" * (width - filled)
    return Content.assemble(
        label, "\n", (bar, "$primary"), f" {value} of {high}" if low == 0 else f" {value} ({low} to {high})"
    )


def _records(view: View) -> Content:
    parts: list[Content] = []
    if view.report:
        parts.append(Content.styled("Incident report", "bold $primary"))
        parts += [
            Content.assemble((f"{clock(e.at)} ", "$quiet"), (f"{e.who}: ", "bold"), sentence(e.text))
            for e in view.report
        ]
    if view.case_file:
        parts.append(Content.styled("Case file", "bold $primary"))
        parts += [
            Content.assemble((f"{clock(e.at)} ", "$quiet"), (f"{KINDS[e.kind]}: ", "bold"), sentence(e.text))
            for e in view.case_file
        ]
    return _blocks(parts, "Your agency has written nothing down yet. Papers fill themselves from what you do.")


def _messages(messages: Iterable[Entry]) -> Content:
    parts = []
    for entry in messages:
        way = f"from {entry.who}" if entry.kind == "received" else f"to {entry.who}"
        parts.append(Content.assemble((f"{clock(entry.at)} {way}", "bold $secondary"), "\n", entry.text))
    return _blocks(parts, "No messages yet.")


def _known(view: View) -> Content:
    sources = {"survivor": "from the survivor", "scene": "yours from the start"}
    parts = [Content.assemble(("Your part", "bold $accent"), "\n", view.brief.strip())] if view.brief else []
    for item in view.items:
        source = sources.get(item.source, f"from {item.source}")
        parts.append(Content.assemble(sentence(item.text), ("\n" + f"{source}, {clock(item.at)}", "$quiet")))
    return _blocks(parts, "Nothing yet that only some people know.")
