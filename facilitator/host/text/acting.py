"""What a form that was sent does. Everything it does is an event of the log, the same that the app's screens keep."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from facilitator.host.text.debriefing import LONGEST, part_of
from facilitator.host.text.frame import Asked, number_in
from facilitator.host.text.sight import pauses, sight
from simulator.engine import NotAllowed
from simulator.log import LogError, Stale
from simulator.speaking import words_of
from simulator.summing import sum_up

if TYPE_CHECKING:
    from facilitator.host.text.sight import Sight
    from simulator.session import Session

Form = Mapping[str, str]
TRIES = 20  # how often others may be first in one moment
WRITTEN = {"reactions": ("reactions",), "summary": ("keep", "change")}  # part of the debrief → its boxes


def asked_by(form: Form) -> Asked:
    """Where a form was sent from, as its fields say."""
    return Asked(seen=number_in(form.get("seen", "")), auto=form.get("auto") == "1")


def act(session: Session, seat: str, form: Form) -> Asked:
    """Do it. Returns what to show next. Raises LogError."""
    asked = asked_by(form)
    doing: dict[str, Callable[[Session, str, Form, Asked], Asked]] = {
        "choose": _choose,
        "say": _say,
        "answer": _answer,
        "pass": _answer,
        "pause": _pause,
        "out": _pause,
        "go-on": _go_on,
        "go-back": _consent,
        "stay": _consent,
        "computer": _leave,
        "write": _debrief,
        "read": _debrief,
    }
    do = doing.get(form.get("do", ""))
    if do is None:
        return replace(asked, told="once")
    try:
        return do(session, seat, form, asked)
    except Stale:
        return replace(asked, told="late")
    except NotAllowed:
        return replace(asked, told="paused" if session.paused else "late")


def _offered(session: Session, seat: str, form: Form) -> Sight | None:
    """What the seat sees, if it still sees what the form was made of."""
    if seat not in session.human_seats or session.over:
        return None
    now = sight(session, seat, frozenset(), onward=False)
    return now if form.get("number") == now.number else None


def _choose(session: Session, seat: str, form: Form, asked: Asked) -> Asked:
    now = _offered(session, seat, form)
    if now is None or now.questions:
        return replace(asked, told="once")
    option = next((each for each in now.view.options if each.action == form.get("action")), None)
    if option is None or not option.open:
        return replace(asked, told="none")
    session.choose(seat, option.action)
    return asked


def _say(session: Session, seat: str, form: Form, asked: Asked) -> Asked:
    now = _offered(session, seat, form)
    if now is None or now.questions:
        return replace(asked, told="once")
    way = next((each for each in now.view.sayable if words_of(each.event) == form.get("said")), None)
    if way is None:
        return replace(asked, page="say", told="none")
    session.say(way.event)
    # Whoever rings somebody has something to say: the list again, now on the phone.
    return replace(asked, page="say" if way.kind == "call" else "")


def _answer(session: Session, seat: str, form: Form, asked: Asked) -> Asked:
    now = _offered(session, seat, form)
    if now is None or not now.questions:
        return replace(asked, told="once")
    question = now.questions[0]
    answer = None if form["do"] == "pass" else form.get("answer", "")
    if answer is not None and answer not in {each.id for each in question.answers}:
        return replace(asked, told="none")
    session.answer(seat, question, answer)
    return asked


def _pause(session: Session, seat: str, form: Form, asked: Asked) -> Asked:
    """Pausing is always taken, whatever page it was pressed on. Both ways keep the same event, so nobody can tell them apart."""
    if not session.over and seat in session.human_seats:
        _insist(session.pause)
    return replace(asked, page="out" if form["do"] == "out" else "quiet")


def _go_on(session: Session, seat: str, form: Form, asked: Asked) -> Asked:
    if session.paused and not session.over:
        if form.get("number") != pauses(session):
            return replace(asked, told="once")
        session.resume()
    return asked


def _consent(session: Session, seat: str, form: Form, asked: Asked) -> Asked:
    """The answer to whether the story goes back; good for the question that was on the page alone."""
    proposal = number_in(form.get("number", ""))
    if proposal is None or session.asked_back(seat) is None:
        return replace(asked, told="once")
    session.consent(seat, proposal, form["do"] == "go-back")
    return asked


def _leave(session: Session, seat: str, form: Form, asked: Asked) -> Asked:
    """The computer plays this seat from here on."""
    if seat in session.human_seats and not session.over:
        _insist(lambda: session.resume({seat: "typical"}))
        session.run_others()
    return asked


def _insist(job: Callable[[], None]) -> None:
    """What is taken whatever others do in the same moment. The session has read on by itself when somebody was first."""
    for _ in range(TRIES):
        try:
            job()
            return
        except Stale:
            continue
    job()


def _debrief(session: Session, seat: str, form: Form, asked: Asked) -> Asked:
    """A part of the debrief is done. What was written in it is kept beside the log."""
    asked = replace(asked, page="debrief")
    part = form.get("number", "")
    if not session.over or seat not in session.human_seats or part != part_of(session, seat):
        return replace(asked, told="once")
    if (part in WRITTEN) != (form["do"] == "write"):
        return replace(asked, told="once")
    for box in WRITTEN.get(part, ()):
        if text := " ".join(form.get(box, "").split())[:LONGEST]:
            session.remark(seat, box, text)
    session.finish_phase(part, seat)
    if part == "analysis":
        with suppress(LogError):  # whoever looks at the figures next makes good for it
            sum_up(session)
    return asked
