"""The first page: scenarios to play, plays to go on with, the tutorial, and what was played before.

The first frame shows before the library is read; the lists fill in a moment later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from simulator.tui.page import Page
from simulator.tui.widgets.key_line import KeyLine
from simulator.tui.words import bullets, paragraphs

if TYPE_CHECKING:
    from simulator.library import Card
    from simulator.log import SessionRow, Store
    from simulator.series import Series

WELCOME = (
    "Two people play one case together, each from their own desk: an officer and an advocate. "
    "Afterwards they look at it together, with the reasons for every choice.\n\n"
    "New here? The tutorial takes five minutes (T)."
)
GOING_ON = 8  # how many unfinished plays are listed
SWAPS = 3  # how many plays that have ended can be played again with seats exchanged


@dataclass(frozen=True)
class Following:
    """An ended play of a series, and the episode that would go on from it."""

    row: SessionRow
    series: Series
    number: int


@dataclass(frozen=True)
class Shelves:
    """What the first page lists. `trouble`: why the plays could not be read; the scenarios are there all the same."""

    cards: tuple[Card, ...]
    series: tuple[Series, ...] = ()
    to_follow: tuple[Following, ...] = ()
    open_plays: tuple[SessionRow, ...] = ()
    open_debriefs: tuple[SessionRow, ...] = ()
    to_swap: tuple[SessionRow, ...] = ()
    trouble: str = ""


class HomeScreen(Page[None]):
    """A list on the left, what is highlighted on the right."""

    CSS_PATH = "home.tcss"
    help_text = (
        "Choose a scenario and press Enter: first comes a page with what to expect and who plays, and only then the "
        "story. Plays that were not finished are listed under “Go on”."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "tutorial", "Tutorial", id="home.tutorial", tooltip="Learn the keys by playing, five minutes"),
        Binding("r", "review", "Review", id="home.review", tooltip="The sessions played on this computer"),
        Binding("q", "quit", "Quit", id="home.quit", tooltip="Close Handoff"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._about: dict[str, Content] = {}

    def compose(self) -> ComposeResult:
        yield Static(Content.assemble(("Handoff", "bold $primary"), "   train the handover together"), id="home-title")
        with Horizontal(id="home-table"):
            yield OptionList(id="home-list", markup=False)
            with VerticalScroll(id="home-about"):
                yield Static(WELCOME, id="home-text", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        self.query_one("#home-list").focus()

    def on_screen_resume(self) -> None:
        self.call_after_refresh(self._load)

    def _load(self) -> None:
        if self.is_current and not self.shell.passing_through:
            self.in_background(self._read, self._fill)

    def _read(self) -> Shelves:
        from simulator.log import LogError

        library = self.desk.library
        cards, series = library.scenarios(), library.all_series()
        try:
            store = self.desk.store
            rows = store.sessions(finished=False, limit=GOING_ON)
            recent = datetime.now() - timedelta(days=2)
            ended = store.sessions(finished=True, since=recent, limit=GOING_ON)
            talks = [row for row in ended if _still_to_debrief(store, row)]
            done = [row for row in ended if row not in talks]
            swaps = [row for row in done if _several(row)]
            ahead = _to_follow(store, done, [*rows, *ended], {each.id: each for each in series})
        except LogError as error:
            return Shelves(cards, series, trouble=str(error))
        return Shelves(cards, series, ahead, tuple(rows), tuple(talks), tuple(swaps[:SWAPS]))

    def _fill(self, shelves: Shelves) -> None:
        entries = self.query_one("#home-list", OptionList)
        kept = entries.highlighted_option.id if entries.highlighted_option else None
        entries.clear_options()
        self._about.clear()
        titles = {card.id: card.title for card in shelves.cards}
        going = [(f"open:{row.id}", row.title, about_row(row)) for row in shelves.open_plays]
        going += [(f"open:{row.id}", f"Debrief: {row.title}", about_row(row)) for row in shelves.open_debriefs]
        going += [
            (f"next:{f.row.id}:{f.series.id}", f"Episode {f.number}: {f.series.title}", about_next(f, titles))
            for f in shelves.to_follow
        ]
        going += [(f"swap:{row.id}", f"Seats exchanged: {row.title}", about_swap(row)) for row in shelves.to_swap]
        more = [
            (
                "tutorial",
                "Tutorial",
                Content("Five minutes. You learn the keys by playing a small, harmless story with the computer."),
            ),
            ("review", "Review", Content("Every session played on this computer, and the debrief of each.")),
            ("quit", "Quit", Content("Close Handoff. Every choice made so far is kept.")),
        ]
        self._section(
            entries, "Go on", going
        )  # first: whoever comes back looks for it, below a library it would not be seen
        self._section(entries, "Play", [(f"play:{c.id}", c.title, about_card(c)) for c in shelves.cards])
        self._section(
            entries, "Play a series", [(f"play:{s.id}", s.title, about_series(s, titles)) for s in shelves.series]
        )
        self._section(entries, "More", more)
        ids = [option.id for option in entries.options]
        first = next((index for index, ident in enumerate(ids) if ident is not None), None)
        entries.highlighted = ids.index(kept) if kept is not None and kept in ids else first
        if shelves.trouble and self.is_current:
            self.notify(
                shelves.trouble, title="The plays kept so far cannot be listed", severity="warning", markup=False
            )

    def _section(self, entries: OptionList, title: str, found: Sequence[tuple[str, str, Content]]) -> None:
        if not found:
            return
        if entries.option_count:
            entries.add_option(Option("", disabled=True))
        entries.add_option(Option(Content.styled(title, "bold $quiet"), disabled=True))
        for ident, text, about in found:
            entries.add_option(Option(Content(f"  {text}"), id=ident))
            self._about[ident] = about

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        about = self._about.get(event.option_id or "")
        if about is not None:
            self.query_one("#home-text", Static).update(about)
            self.query_one("#home-about").scroll_home(animate=False)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        what, _, ident = (event.option_id or "").partition(":")
        if what == "play":
            self.shell.open_lobby(ident)
        elif what == "open":
            self.shell.resume_session(ident)
        elif what == "swap":
            self.shell.open_swap(ident)
        elif what == "next":
            before, _, series = ident.partition(":")
            self.shell.open_next(series, before)
        elif what == "tutorial":
            self.action_tutorial()
        elif what == "review":
            self.action_review()
        elif what == "quit":
            self.action_quit()

    def action_tutorial(self) -> None:
        self.shell.open_tutorial()

    def action_review(self) -> None:
        self.shell.open_review()

    def action_quit(self) -> None:
        self.app.exit()


def about_card(card: Card) -> Content:
    """A scenario in a few lines: what it is, what it holds, who plays, how long."""
    parts = [Content.styled(card.title, "bold $primary"), Content(paragraphs(card.summary))]
    if card.advisories:
        parts.append(Content.assemble(("Before you choose it\n", "bold $accent"), bullets(card.advisories)))
    if card.seats:
        parts.append(Content.assemble(("Who plays\n", "bold"), "\n".join(f"· {seat}" for seat in card.seats)))
    if card.minutes_to_play:
        parts.append(Content.assemble(("How long  ", "bold"), f"about {card.minutes_to_play} minutes, and the debrief"))
    problems = [problem for problem in card.problems if problem.severity == "error"]
    if problems:
        first = problems[0]
        said = f"This file cannot be played yet: {first.message} ({first.place})."
        more = f" {len(problems) - 1} more; “handoff check {first.file}” names them all." if len(problems) > 1 else ""
        parts.append(Content.styled(said + more, "$error"))
    return Content("\n\n").join([part for part in parts if part.plain])


def about_series(series: Series, titles: Mapping[str, str]) -> Content:
    """A series in a few lines: what it is, and its episodes in their order."""
    listed = "\n".join(f"{n}  {titles.get(e.scenario, e.scenario)}" for n, e in enumerate(series.episodes, 1))
    parts = [
        Content.styled(series.title, "bold $primary"),
        Content(paragraphs(series.summary)),
        Content.assemble(("Its episodes\n", "bold"), listed),
        Content(
            "Each goes on where the one before ended: what was promised, what is due, and what the survivor thinks of you."
        ),
    ]
    return Content("\n\n").join(parts)


def about_next(found: Following, titles: Mapping[str, str]) -> Content:
    """An episode that waits: which, and the play that it goes on from."""
    scenario = found.series.episodes[found.number - 1].scenario
    when = found.row.updated.astimezone()
    parts = [
        Content.styled(titles.get(scenario, scenario), "bold $primary"),
        Content(f"Episode {found.number} of {len(found.series.episodes)} of “{found.series.title}”."),
        Content(f"It goes on from “{found.row.title}”, played on {when:%Y-%m-%d} at {when:%H:%M}."),
    ]
    return Content("\n\n").join(parts)


def _to_follow(
    store: Store, done: Sequence[SessionRow], known: Sequence[SessionRow], series: Mapping[str, Series]
) -> tuple[Following, ...]:
    """The plays after which an episode waits that nobody has begun."""
    stands = {row.id: store.read(row.id)[0].body.get("series") or {} for row in known}
    followed = {each.get("after") for each in stands.values()}
    found = []
    for row in done:
        of = series.get(stands[row.id].get("id", ""))
        number = of.next_number(stands[row.id]["episode"]) if of is not None else None
        if of is not None and number is not None and row.id not in followed:
            found.append(Following(row, of, number))
    return tuple(found)


def _still_to_debrief(store: Store, row: SessionRow) -> bool:
    """Whether the play has ended and its debrief has not: the last event tells that is the pair's own."""
    own = [kept.body for kept in store.read(row.id) if kept.body.get("kind") not in ("rated", "revealed")]
    last = own[-1]
    human = any(place.player == "human" for place in row.seats)
    return human and (last.get("kind"), last.get("phase")) != ("debrief", "summary")


def _several(row: SessionRow) -> bool:
    """Whether people could exchange seats: several seats, and somebody who sat at one."""
    return len(row.seats) > 1 and any(place.player == "human" for place in row.seats)


def about_swap(row: SessionRow) -> Content:
    """A play that has ended and could be played again from the other side."""
    when = row.updated.astimezone()
    return Content("\n\n").join(
        [
            Content.styled(row.title, "bold $primary"),
            Content(f"Played on {when:%Y-%m-%d} at {when:%H:%M}: {_people(row)}"),
            Content("Enter plays it again with the seats exchanged. The debrief lays both plays beside each other."),
        ]
    )


def _people(row: SessionRow) -> str:
    return ", ".join(f"{place.alias or 'no alias'}: {place.seat}" for place in row.seats if place.player == "human")


def about_row(row: SessionRow) -> Content:
    """A play to go on with: who, when, how far."""
    when = row.updated.astimezone()
    people = [f"· {place.alias or 'no alias'}: {place.seat}, {_player(place.player)}" for place in row.seats]
    lines = [
        Content.styled(row.title, "bold $primary"),
        Content(f"Last played on {when:%Y-%m-%d} at {when:%H:%M}, {row.events - 1} steps so far."),
        Content("\n".join(people)),
        Content("Enter goes on where it stopped."),
    ]
    return Content("\n\n").join(lines)


def _player(player: str) -> str:
    return "a person" if player == "human" else f"the computer ({player})"
