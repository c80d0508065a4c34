"""Before the story: what to expect, how to be with each other, who plays, and under which agreement and law."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, Select, Static, Switch

from simulator.tui.page import Page
from simulator.tui.widgets.key_line import KeyLine
from simulator.tui.words import and_list, bullets

if TYPE_CHECKING:
    from types import SimpleNamespace as Namespace

    from simulator.following import Next
    from simulator.library import Bundle
    from simulator.log import Place
    from simulator.session import Session
    from simulator.variants import Wanted

GROUND_RULES = (
    "What is said here stays here. No names and no details of real people.",
    "This is practice. Try things; a choice you regret is worth more afterwards than a perfect run.",
    "F5 pauses and F6 steps out, on every screen, at any time. Nobody asks why.",
    "Nobody plays the survivor. Speak of the survivor as if they were in the room.",
)
PLAYERS = (
    ("A person here", "human"),
    ("The computer, as people usually act", "typical"),
    ("The computer, as an expert would", "expert"),
    ("The computer, at random", "random"),
)
DRAWS = (("As written", "first"), ("Drawn for this play", "random"))
AWAITING = "awaiting local sign-off"


@dataclass(frozen=True)
class Set:
    """A scenario with everything the lobby offers to choose."""

    bundle: Bundle
    mous: tuple[tuple[str, str], ...]  # title and id
    jurisdictions: tuple[tuple[str, str], ...]
    next: Next | None = None  # it goes on from a session: the setting and the names stay


LATER = ", comes in later"


class LobbyScreen(Page[None]):
    """Content advisories come first and plainly; the story itself is behind the last button."""

    CSS_PATH = "lobby.tcss"
    help_text = (
        "Read what the story contains, and say who plays. Tab goes to the next field, Space or Enter opens a list. "
        "F9 begins."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f9", "begin", "Begin", id="lobby.begin", tooltip="Begin the story"),
        Binding("escape", "leave", "Back", key_display="Esc", id="lobby.leave", tooltip="Back to the first page"),
    ]

    def __init__(self, scenario: str, asked: Namespace | None = None):
        super().__init__()
        self._scenario = scenario
        self._asked = asked
        self._set: Set | None = None
        self._busy = False

    def compose(self) -> ComposeResult:
        yield Static("Before you begin", id="lobby-title", markup=False)
        yield VerticalScroll(Static("Reading the scenario …", classes="quiet"), id="lobby-form")
        yield KeyLine()

    def on_mount(self) -> None:
        self.app.clear_notifications()  # nothing may lie over what the story holds
        self.in_background(self._read, self._fill, self._unreadable)

    def _said(self, name: str) -> str:
        """What the command line said about this, or nothing."""
        value = getattr(self._asked, name, None)
        return str(value) if value else ""

    def _read(self) -> Set:
        if self._said("after"):
            return self._read_next()
        bundle = self._bundle(self._said("mou") or None, self._said("jurisdiction") or None)
        bundle = bundle.drawn(self._chosen())
        return Set(bundle, self._choices("mou", bundle), self._choices("jurisdiction", bundle))

    def _read_next(self) -> Set:
        """The episode that follows a session: its setting and its names are those of the one before."""
        from simulator.following import following
        from simulator.session import Session

        before = Session.reopen(self.desk.store, self._said("after"))
        found = following(self.desk.library, before, self._scenario)
        mou, law = found.bundle.mou, found.bundle.jurisdiction
        return Set(found.bundle, ((mou.title, mou.id),), ((law.title, law.id),), found)

    def _bundle(self, mou: str | None, jurisdiction: str | None) -> Bundle:
        library = self.desk.library
        if library.is_series(self._scenario):
            number = int(self._said("episode") or 1)
            return library.episode(self._scenario, number, mou=mou, jurisdiction=jurisdiction)
        return library.bundle(self._scenario, mou=mou, jurisdiction=jurisdiction)

    def _choices(self, kind: str, bundle: Bundle) -> tuple[tuple[str, str], ...]:
        """What this scenario can be played under: titles and ids, the given one first. A file that cannot be read is
        left out; one that the command line named may lie on no shelf."""
        from simulator.library import Unreadable

        library = self.desk.library
        given = getattr(bundle, kind)
        found = {self._said(kind) or given.id: given.title}
        for name in library.names(kind):
            with suppress(Unreadable):
                chosen: dict[str, Any] = {kind: name}
                found.setdefault(
                    name, getattr(self._bundle(**{"mou": None, "jurisdiction": None, **chosen}), kind).title
                )
        return tuple((title, name) for name, title in found.items())

    def _unreadable(self, error: Exception) -> None:
        self.dismiss()
        self.shell.trouble(error)

    async def _fill(self, found: Set) -> None:
        self._set = found
        from simulator.following import place_in

        scenario, part = found.bundle.scenario, place_in(found.bundle)
        self.query_one("#lobby-title", Static).update(
            Content.assemble(
                (scenario.title, "bold $primary"),
                f"   {part}" if part else "",
                f"   before you begin · about {scenario.minutes_to_play} minutes",
            )
        )
        form = self.query_one("#lobby-form", VerticalScroll)
        async with form.batch():
            await form.remove_children()
            await form.mount_all([*self._what_to_expect(found.bundle), *self._who_plays(found), *self._setting(found)])
        form.focus()
        form.scroll_home(animate=False)

    def _what_to_expect(self, bundle: Bundle) -> list[Widget]:
        scenario = bundle.scenario
        advisories = Content.assemble(
            (bullets(scenario.advisories), "bold"),
            "\nIf any of this is close to you, you need not play, and nobody asks why.",
        )
        rules = Content("\n").join(Content(f"· {rule}") for rule in GROUND_RULES)
        box = Static(advisories, id="lobby-advisories", classes="box")
        box.border_title = "What this story holds"
        ground = Static(rules, classes="box")
        ground.border_title = "Between us"
        return [box, ground]

    def _who_plays(self, found: Set) -> list[Widget]:
        widgets: list[Widget] = [
            Static("Who plays", classes="heading"),
            Static(
                "An alias, no real names. The agency is optional and only tells agencies apart in figures.",
                classes="quiet",
            ),
        ]
        vocabulary = found.bundle.vocabulary
        wanted = list(getattr(self._asked, "seat", None) or ())
        partner = self._said("partner") or ("typical" if wanted else "none")
        for number, seat in enumerate(found.bundle.scenario.seats.values()):
            role = vocabulary.roles[seat.role].label if seat.role in vocabulary.roles else seat.role
            mine = seat.id in wanted or (not wanted and (number == 0 or partner == "none"))
            player = "human" if mine or partner == "none" else partner
            sits = next((place for place in found.next.places if place.seat == seat.id), None) if found.next else None
            player = sits.player if sits is not None and not wanted and not self._said("partner") else player
            alias = Input(
                sits.alias
                if sits is not None
                else self._said("name")
                if (mine and number == 0) or seat.id in wanted
                else "",
                placeholder="alias",
                id=f"alias-{number}",
                max_length=40,
            )
            agency = Input(
                sits.agency if sits is not None else self._said("employer") if mine else "",
                placeholder="agency (optional)",
                id=f"agency-{number}",
                max_length=80,
            )
            who = Select(PLAYERS, value=player, allow_blank=False, id=f"player-{number}")
            widgets.append(
                Vertical(
                    Static(
                        Content.assemble((seat.name, "bold"), (f"  {role}{LATER if seat.enters else ''}", "$quiet")),
                        id=f"who-{number}",
                    ),
                    Horizontal(who, alias, agency, classes="seat-row"),
                    classes="seat",
                )
            )
        return widgets

    def _setting(self, found: Set) -> list[Widget]:
        bundle = found.bundle
        support = self.desk.support
        notices = _notices(bundle)
        mou = Select(found.mous, value=found.mous[0][1], allow_blank=False, id="lobby-mou")
        law = Select(found.jurisdictions, value=found.jurisdictions[0][1], allow_blank=False, id="lobby-law")
        return [
            Static("Under which agreement and which law", classes="heading"),
            _row("Agreement (MOU)", mou),
            _row("Jurisdiction", law),
            *(self._draw(bundle) if found.next is None else []),
            _row(
                "Show the time left for duties",
                Switch(bundle.scenario.countdowns, id="lobby-clocks"),
                id="lobby-clocks-row",
            ),
            Static("Somebody to talk to", classes="heading"),
            Static(
                "Who can somebody here talk to, if this comes too close? It is shown whenever anybody pauses.",
                classes="quiet",
            ),
            Input(
                support,
                placeholder="a name or a line, such as: Ms. Ito, room 4, or extension 210",
                id="lobby-support",
                max_length=160,
            ),
            *([Static(notices, id="lobby-notices", classes="quiet")] if notices.plain else []),
            Button("Begin (F9)", id="lobby-begin", variant="primary", flat=True),
        ]

    def _draw(self, bundle: Bundle) -> list[Widget]:
        """Which names and places the story is told with, where a scenario has several."""
        if not bundle.scenario.variants:
            return []
        draws = Select(DRAWS, value=self._said("draw") or "first", allow_blank=False, id="lobby-draw")
        return [_row("Names and places", draws)]

    def _chosen(self) -> dict[str, int]:
        """The entries that the command line named: they stay, whatever else is drawn."""
        return dict(getattr(self._asked, "variant", None) or ())

    def _wanted(self) -> Wanted:
        from simulator.variants import Wanted

        at_random = any(draws.value == "random" for draws in self.query("#lobby-draw").results(Select))
        return Wanted(self._chosen(), at_random=at_random)

    def action_begin(self) -> None:
        if self._set is None or self._busy:
            return
        seats = list(self._set.bundle.scenario.seats)
        players = [str(self.query_one(f"#player-{n}", Select).value) for n in range(len(seats))]
        if "human" not in players:
            self.notify(
                "Somebody has to play: set at least one part to “A person here”.",
                severity="warning", timeout=3, markup=False,
            )  # fmt: skip
            self.query_one("#player-0").focus()
            return
        aliases = [self.query_one(f"#alias-{n}", Input).value.strip() for n in range(len(seats))]
        agencies = [self.query_one(f"#agency-{n}", Input).value.strip() for n in range(len(seats))]
        mou, law = str(self.query_one("#lobby-mou", Select).value), str(self.query_one("#lobby-law", Select).value)
        clocks = self.query_one("#lobby-clocks", Switch).value
        draw = self._wanted()
        self.desk.remembered.keep("support", self.query_one("#lobby-support", Input).value.strip())
        self._busy = True

        def begin() -> Session:
            from simulator.log import Place

            places = [Place(*sitting) for sitting in zip(seats, aliases, players, agencies, strict=True)]
            return self._make(places, {"mou": mou, "jurisdiction": law}, clocks, draw)

        self.in_background(begin, self._begun, self._not_begun)

    def _make(self, places: Sequence[Place], setting: Mapping[str, str], clocks: bool, draw: Wanted) -> Session:
        """Begin the session; runs in a worker."""
        from simulator.session import Session

        seed = getattr(self._asked, "seed", None)
        workshop = self._said("workshop")
        follows = self._set.next if self._set is not None else None
        bundle = self._bundle(setting["mou"], setting["jurisdiction"]) if follows is None else follows.bundle
        drawn = draw if follows is None else follows.draw
        room = workshop or (self.desk.store.about(bundle.follows).workshop if bundle.follows else "")
        return Session.begin(self.desk.store, bundle, places, seed=seed, workshop=room, countdowns=clocks, draw=drawn)

    def _begun(self, session: Session) -> None:
        if session.bundle.series is not None:
            self.desk.series_at[session.bundle.series.id] = self._scenario
        self.shell.open_session(session, replacing=True)

    def _not_begun(self, error: Exception) -> None:
        self._busy = False
        self.shell.trouble(error)

    @on(Button.Pressed, "#lobby-begin")
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.action_begin()

    def action_leave(self) -> None:
        self.dismiss()


def _row(label: str, field: Select[str] | Switch, id: str | None = None) -> Vertical:
    return Vertical(Horizontal(Static(label, classes="label", markup=False), field), classes="field", id=id)


def _notices(bundle: Bundle) -> Content:
    """Which files nobody here has signed yet. They can be played; whoever runs the training should know."""
    files = {
        "The scenario": [off.name for off in bundle.scenario.sign_offs.values()],
        "The agreement": _names(bundle.mou),
        "The law": _names(bundle.jurisdiction),
    }
    waiting = [what for what, names in files.items() if any(AWAITING in name for name in names)]
    if not waiting:
        return Content("")
    return Content(
        f"Awaiting local sign-off: {and_list(what.lower() for what in waiting)}. Good for practice; let your own people read it before a workshop."
    )


def _names(rules: object) -> list[str]:
    found = getattr(rules, "sign_offs", ())
    return [getattr(off, "name", str(off)) for off in (found.values() if hasattr(found, "values") else found)]
