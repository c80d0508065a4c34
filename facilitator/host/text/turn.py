"""A seat's pages while the story is told: what to choose, what is asked in private, whom it waits for, and its end."""

from __future__ import annotations

from facilitator.host.text import story
from facilitator.host.text.frame import Asked, care, contents, frame, hidden, section, x
from facilitator.host.text.sight import Sight
from simulator.at_table import unseen
from simulator.tui.screens.seat import ALL, BACK, HELD, PAUSED
from simulator.tui.words import and_list, day_and_clock, lasts, sentence
from simulator.view import ENDED, TO_COME, Option


def choosing(sight: Sight, asked: Asked) -> str:
    """It is this seat's turn: the options, one to be chosen."""
    view = sight.view
    lead = []
    if view.together:
        lead.append(f"Each chooses unseen. {unseen(len(sight.session.seats), view.together_with)}")
    if view.judgement:
        lead.append("There is no right answer here.")
    rows = "\n".join(_option(number, option) for number, option in enumerate(view.options, 1))
    form = (
        f'<form method="post" action="?">{hidden("number", sight.number)}{asked.kept(len(view.passages))}\n'
        f"<fieldset><legend>{x(view.judgement or 'What do you do?')}</legend>\n"
        + "".join(f"<p>{x(each)}</p>\n" for each in lead)
        + f'{rows}\n</fieldset>\n<button name="do" value="choose">Do it</button>\n</form>'
    )
    if view.sayable:
        form += (
            f'\n<p><a href="{x(asked.query(page="say"))}">Say something of your own first</a>: tell, ask, ring. '
            "Your turn goes on afterwards.</p>"
        )
    return _page(
        sight,
        asked,
        title=f"Your turn: {view.seat_name}",
        heading="It is your turn",
        do=section("do", "What you can do", form),
    )


def _option(number: int, option: Option) -> str:
    if not option.open:
        closed = f"Closed: {sentence(option.text)}" + (f" Why: {sentence(option.reason)}" if option.reason else "")
        return f'<p class="closed">{x(closed)}</p>'
    took = lasts(option.minutes)
    text = f"{option.text} ({took})" if took else option.text
    return (
        f'<div class="one"><input type="radio" name="action" id="a{number}" value="{x(option.action)}" required>'
        f'<label for="a{number}">{x(text)}</label></div>'
    )


def asking(sight: Sight, asked: Asked) -> str:
    """Something is asked in private, before anybody acts."""
    question = sight.questions[0]
    rows = "\n".join(
        f'<div class="one"><input type="radio" name="answer" id="q{n}" value="{x(each.id)}" required>'
        f'<label for="q{n}">{x(each.text)}</label></div>'
        for n, each in enumerate(question.answers)
    )
    form = (
        f'<form method="post" action="?">{hidden("number", sight.number)}{asked.kept()}\n'
        f"<fieldset><legend>{x(question.text)}</legend>\n<p>Only you see this. {x(question.note)}</p>\n{rows}\n</fieldset>\n"
        '<button name="do" value="answer">That is my answer</button>\n'
        '<button name="do" value="pass" class="less" formnovalidate>Skip this question</button>\n</form>'
    )
    title = f"A question for you: {sight.view.seat_name}"
    return _page(sight, asked, title=title, heading="A private question", do=section("do", "The question", form))


def going_back(sight: Sight, asked: Asked) -> str:
    """Whoever runs the room offers to go back. Both answers are one press, and neither is asked for again."""
    back = sight.look.asked_back[sight.view.seat]
    at = day_and_clock(back.at)
    question = BACK.format(where=f"“{back.scene}”, {at}" if back.scene else at)
    form = (
        f'<form method="post" action="?">{hidden("number", str(back.proposal))}{asked.kept()}\n<p>{x(ALL)}</p>\n'
        '<button name="do" value="go-back">Yes, go back</button>\n'
        '<button name="do" value="stay" class="less">No, stay here</button>\n</form>'
    )
    return _page(sight, asked, title="A question for you", heading=question, do=section("do", "Your answer", form))


def waiting(sight: Sight, asked: Asked) -> str:
    """Somebody else is on turn, or the play is paused for everybody."""
    paused = sight.look.paused
    names = and_list(sight.view.on_turn_names)
    heading = "Paused" if paused else f"{names} is thinking" if names else "Time goes on"
    if not paused and len(sight.view.on_turn_names) > 1:
        heading = f"{names} are thinking"
    if sight.view.standing == "gone" and not paused:
        heading = "You have left this story; it goes on without you"
    held = sight.look.held
    body = f"<p>{x(HELD if held else PAUSED)}</p>\n" if paused else ""
    body += again(asked, asked.query(seen=len(sight.view.passages)))
    if paused and not held:
        body += f'\n<p><a href="{x(asked.query(page="go-on"))}">Go on all the same</a></p>'
    return _page(
        sight,
        asked,
        title=heading if paused else f"Not your turn: {heading}",
        heading=heading,
        do=section("do", "What you can do now", body),
        refresh=asked.query() if asked.auto else "",
    )


def ended(sight: Sight, asked: Asked) -> str:
    """The story is over; the debrief has not begun here."""
    view = sight.view
    end = ENDED if view.ending == ENDED else f"The story ends here: {view.ending}"
    body = f'<p>{x(end)}</p>\n<p><a class="button" href="{x(asked.query(page="debrief"))}">Go to the debrief</a></p>'
    return _page(sight, asked, title="The end", heading="The end", do=section("do", "What you can do now", body))


def again(asked: Asked, look: str) -> str:
    """A link that looks again, and one that begins or ends doing so by itself. `look`: the query of the first.

    By itself only for whoever asks for it: a page that is replaced under a screen reader begins to be read anew
    (WCAG 2.2.1; axe refuses any refresh that nobody has asked for).
    """
    by_itself = (
        f'<a href="{x(asked.query(auto=False))}">Stop looking again by itself</a>'
        if asked.auto
        else f'<a href="{x(asked.query(auto=True))}">Look again by itself every five seconds while I wait</a>'
    )
    return f'<p><a class="button" href="{x(look)}">Look again</a></p>\n<p>{by_itself}</p>'


def _page(sight: Sight, asked: Asked, *, title: str, heading: str, do: str, refresh: str = "") -> str:
    view = sight.view
    moment = "" if view.standing == "to come" else f"{day_and_clock(view.now)}. "
    scene = f"{view.scene_title}. " if view.scene_title else ""
    links = [("do", "What you can do")]
    if view.standing != "to come":
        seen = sight.seen(asked.seen)
        parts = [story.new(view, seen), do, story.below(view, sight.look.countdowns, seen)]
        links = [("new", "New since you last looked"), *links, *story.CONTENTS]
    else:
        parts = [f"<p>{x(TO_COME)}</p>", do]
    return frame(
        title=f"{title} · {view.title}",
        heading=heading,
        body="\n".join([f"<p>{x(moment + scene + sight.company)}</p>", *parts]),
        place=sight.place,
        top=care(asked) + contents(links),
        told=asked.told,
        refresh=refresh,
    )
