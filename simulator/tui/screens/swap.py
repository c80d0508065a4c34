"""The lobby of a play that was played before: the same people and texts, the seats exchanged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Select, Static, Switch

from simulator.tui.screens.lobby import LobbyScreen, Set

if TYPE_CHECKING:
    from types import SimpleNamespace as Namespace

    from simulator.library import Bundle
    from simulator.log import Place
    from simulator.session import Session
    from simulator.swapping import Swap
    from simulator.variants import Wanted


class SwapScreen(LobbyScreen):
    """Who sits where is filled in, everybody one seat further; the rest is as it was."""

    help_text = (
        "The same story once more, with your seats exchanged: everybody moves on by one seat, and F4 moves you on once more. "
        "An alias, or who plays a seat, can still be changed. Agreement, law, names and luck are those of the first play. "
        "The debrief lays both plays beside each other."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f4", "rotate", "One seat further", id="swap.rotate", tooltip="Everybody moves on by one more seat"),
    ]
    note = "Seats exchanged: each of you sits where somebody else sat before. The story, the agreement and the law are the same."

    def __init__(self, ident: str, asked: Namespace | None = None):
        super().__init__("", asked)
        self._ident = ident
        self._swap: Swap | None = None
        self._by = 1

    def _read(self) -> Set:
        from simulator.session import Session
        from simulator.swapping import chosen, swap

        first = Session.reopen(self.desk.store, self._ident)
        sits = dict(getattr(self._asked, "sits", None) or ())
        self._swap = swap(first, chosen(first.seats, sits) if sits else None)
        bundle = self._swap.first.bundle
        mou, law = bundle.mou, bundle.jurisdiction
        return Set(bundle, ((mou.title, mou.id),), ((law.title, law.id),))

    async def _fill(self, found: Set) -> None:
        from simulator.events import Start

        await super()._fill(found)
        assert self._swap is not None
        start = self._swap.first.events[0]
        assert isinstance(start, Start)
        self.query_one("#lobby-clocks", Switch).value = start.countdowns
        self._sit()

    def _draw(self, bundle: Bundle) -> list[Widget]:
        return []  # as in the first play

    def _who_plays(self, found: Set) -> list[Widget]:
        heading, hint, *seats = super()._who_plays(found)
        return [heading, Static(self.note, classes="quiet"), hint, *seats]

    def _sit(self) -> None:
        """Fill in who sits where, and from which seat they come."""
        assert self._swap is not None
        seats = self._swap.first.bundle.scenario.seats
        for number, place in enumerate(self._swap.places):
            self.query_one(f"#player-{number}", Select).value = place.player
            self.query_one(f"#alias-{number}", Input).value = place.alias
            self.query_one(f"#agency-{number}", Input).value = place.agency
            then = seats[self._swap.before[place.seat]].name
            who = Content.assemble((seats[place.seat].name, "bold"), (f"  for whoever played {then} before", "$quiet"))
            self.query_one(f"#who-{number}", Static).update(who)

    def action_rotate(self) -> None:
        from simulator.swapping import rotated, swap

        if self._swap is None or self._busy:
            return
        first = self._swap.first
        # Not back to where everybody sat: that would be no exchange.
        self._by = self._by % (len(first.seats) - 1) + 1
        self._swap = swap(first, rotated(first.seats, self._by))
        self._sit()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "rotate":
            return self._swap is not None and len(self._swap.first.seats) > 2
        return True

    def _make(self, places: Sequence[Place], setting: Mapping[str, str], clocks: bool, draw: Wanted) -> Session:
        from simulator.swapping import again
        from simulator.variants import Wanted

        assert self._swap is not None
        seed, at_random = getattr(self._asked, "seed", None), self._said("draw") == "random"
        other = Wanted(self._chosen(), at_random=at_random) if self._chosen() or self._said("draw") else None
        return again(self.desk.store, self._swap, places=places, seed=seed, draw=other, countdowns=clocks)
