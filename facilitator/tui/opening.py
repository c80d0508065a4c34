"""From a line of the review to what is behind it: the debrief, to read; the objectives, to rate by hand.

The debrief shows the program's letters. So whoever opens one that nobody rated yet is asked to rate first; looking is always
possible, and the log then says that the letters were shown.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from facilitator.tui.asking import Ask
from simulator.tui.page import Page

if TYPE_CHECKING:
    from simulator.session import Session


def open_to_read(page: Page[None], ident: str) -> None:
    """Open a session's debrief, as a coordinator may see it, from `page`."""
    page.in_background(partial(_reopen, page, ident), partial(_offer, page), group="open")


def rate_by_hand(page: Page[None], ident: str) -> None:
    """Open a session's objectives, to rate them by hand; it may be unfinished."""
    page.in_background(partial(_reopen, page, ident), partial(_ask_seen, page, read_after=False), group="open")


def _reopen(page: Page[None], ident: str) -> Session:
    from simulator.session import Session

    return Session.reopen(page.desk.store, ident)


def _offer(page: Page[None], session: Session) -> None:
    from facilitator.rating import unrated
    from simulator.discretion import people_of

    people = people_of(session.events)
    if not session.over:
        _say(page, "Still under way", "This play has not reached an ending yet. R rates its objectives by hand.")
    elif session.debrief_phase is None and people:
        _say(
            page, "Still closed",
            "These people have not finished their first reactions yet; the debrief opens after that. R rates by hand.",
        )  # fmt: skip
    elif people and not session.play.revealed and unrated(session):
        page.app.push_screen(
            Ask(
                "Rate it first, before you see the program's letters?",
                (("r", "Rate first"), ("l", "Look now")),
                "Your own letters, given first, show how far facilitators and the program agree. "
                "Once somebody has looked, a rating is still kept, and stays out of that comparison.",
            ),
            partial(_offered, page, session),
        )
    else:
        _read(page, session)


def _offered(page: Page[None], session: Session, answer: str | None) -> None:
    if answer == "r":
        _ask_seen(page, session, read_after=True)
    elif answer == "l":
        _read(page, session)


def _ask_seen(page: Page[None], session: Session, *, read_after: bool) -> None:
    """Asked once, before the first letter: only the rater knows."""
    from facilitator.rating import may_have_seen

    if not session.bundle.scenario.objectives:
        _say(page, "Nothing to rate", "This scenario names no objectives.")
    elif may_have_seen(session):
        page.app.push_screen(
            Ask(
                "Have you seen the program's letters of this play?",
                (("n", "No, not seen"), ("s", "Yes, seen")),
                "In the pair's debrief, for example. Both is fine; only letters given unseen are compared with the program's.",
            ),
            lambda answer: None if answer is None else _rate(page, session, read_after, blind=answer == "n"),
        )
    else:
        _rate(page, session, read_after, blind=not session.play.revealed)


def _rate(page: Page[None], session: Session, read_after: bool, *, blind: bool) -> None:
    from facilitator.tui.rating import RateScreen

    def done(finished: bool | None) -> None:
        if finished and read_after:
            _read(page, session)

    page.app.push_screen(RateScreen(session, blind=blind, read_after=read_after), done)


def _read(page: Page[None], session: Session) -> None:
    from facilitator.rating import show_letters
    from simulator.discretion import discreet

    def prepare() -> Session:
        show_letters(session)
        return discreet(session)

    page.in_background(prepare, lambda told: page.shell.open_debrief(told, reading=True), group="open")


def _say(page: Page[None], title: str, text: str) -> None:
    page.notify(text, title=title, severity="warning", markup=False)
