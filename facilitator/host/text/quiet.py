"""Around the story: waiting for a partner, what to know before it begins, a pause, stepping out, and a ticket that leads nowhere.

Nothing of the story is on any of these pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from facilitator.host.text.frame import Asked, care, frame, hidden, listed, section, x
from facilitator.host.text.sight import Sight, pauses
from facilitator.host.text.turn import again
from simulator.tui.screens.care import SUPPORT
from simulator.tui.screens.lobby import GROUND_RULES
from simulator.tui.screens.seat import ANYWAY

if TYPE_CHECKING:
    from simulator.library import Bundle
    from simulator.session import Session

RULES = (
    *(rule for rule in GROUND_RULES if "F5" not in rule),
    "Pause and Step out stand at the top of every page, at any time. Nobody asks why.",
)


def talk_to(support: str) -> str:
    """Whom somebody here can talk to."""
    return f"<p>{x(f'Somebody to talk to: {support}' if support else SUPPORT)}</p>"


def before(bundle: Bundle, support: str) -> str:
    """What the story holds, and how people are with each other in it."""
    advisories = listed(bundle.scenario.advisories) if bundle.scenario.advisories else ""
    return "\n".join(
        [
            section(
                "holds",
                "What this story holds",
                f"{advisories}\n<p>If any of this is close to you, you need not play, and nobody asks why.</p>",
            ),
            section("rules", "Between us", listed(RULES)),
            section("support", "Somebody to talk to", f"<p>{x(support or SUPPORT)}</p>"),
        ]
    )


def waiting_room(bundle: Bundle, others: int, asked: Asked, support: str) -> str:
    """No seat yet. `others`: how many wait too."""
    how_many = (
        "Nobody else waits yet." if not others else f"{others} {'others wait' if others > 1 else 'other waits'} too."
    )
    title = bundle.scenario.title
    return frame(
        title=f"Waiting for a partner · {title}",
        heading="You are in. The story begins as soon as there is somebody to play with",
        body=f"<p>{x(how_many)}</p>\n{again(asked, asked.query())}\n{before(bundle, support)}",
        place=title,
        top=care(asked),
        told=asked.told,
        refresh=asked.query() if asked.auto else "",
    )  # fmt: skip


def door(session: Session, seat: str, asked: Asked, support: str) -> str:
    """Before the first scene."""
    view, scenario = session.view(seat), session.bundle.scenario
    body = (
        f"<p>About {scenario.minutes_to_play} minutes. Agreement: {x(session.bundle.mou.title)}. "
        f"Law: {x(session.bundle.jurisdiction.title)}.</p>\n{before(session.bundle, support)}\n"
        f'<p><a class="button" href="{x(asked.query(page="", seen=0))}">Begin the story</a></p>'
    )
    return frame(
        title=f"Before you begin · {scenario.title}",
        heading="Before you begin",
        body=body,
        place=f"{scenario.title}. You are {view.seat_name}, {view.role}.",
        top=care(asked),
        told=asked.told,
    )


def quiet(title: str, asked: Asked, support: str, number: str, *, out: bool, may_leave: bool) -> str:
    """A pause, for as long as somebody likes. `out`: with the ways out. `may_leave`: the computer could take this seat."""
    parts = ["<p>Take the time you need. Nothing goes on without you.</p>", talk_to(support)]
    fields = f"{hidden('number', number)}{asked.kept()}"
    first = "Take a break, then go on here" if out else "Go on"
    parts.append(f'<form method="post" action="?">{fields}<button name="do" value="go-on">{first}</button></form>')
    if out:
        parts.append(
            "<p>You may finish later, or not at all. Close this page: the play is kept as it is, and its address brings you back.</p>"
        )
        if may_leave:
            parts.append(
                f'<form method="post" action="?">{fields}'
                '<button name="do" value="computer">Let the computer play my part to the end</button></form>'
            )
    heading = "You have stepped out" if out else "Paused"
    return frame(
        title=f"{heading} · {title}", heading=heading, body="\n".join(parts), place=title, told=asked.told,
        top=care(asked),
    )  # fmt: skip


def go_on(sight: Sight, asked: Asked) -> str:
    """Somebody has paused, and somebody else would go on."""
    body = (
        f'<p>{x(ANYWAY)}</p>\n<form method="post" action="?">{hidden("number", pauses(sight.session))}{asked.kept()}'
        '<button name="do" value="go-on">Go on</button></form>\n'
        f'<p><a href="{x(asked.query(page=""))}">Wait</a></p>'
    )
    return frame(
        title=f"Go on playing? · {sight.view.title}",
        heading="Go on playing?",
        body=body,
        place=sight.place,
        top=care(asked),
        told=asked.told,
    )


def left(title: str, support: str) -> str:
    """The computer plays this seat, because whoever sat here has stepped out."""
    body = f"<p>The computer plays your part from here. There is nothing more to do, and nobody asks why.</p>\n{talk_to(support)}"
    return frame(title=f"You stepped out · {title}", heading="You stepped out", body=body, place=title)


def nowhere(support: str) -> str:
    """A ticket that leads nowhere."""
    body = (
        "<p>This address leads nowhere any more. The room may have closed, or your place may have been given up. "
        f"Ask whoever runs the room.</p>\n{talk_to(support)}"
    )
    return frame(title="No seat here", heading="There is no seat here", body=body)
