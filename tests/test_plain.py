"""Plain mode: the whole game in lines, also for somebody who hears the screen instead of seeing it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from simulator.library import Library
from simulator.log import Place, open_store
from simulator.plain import Plain, Stopped
from simulator.session import Session

MINI = Path(__file__).parent / "fixtures" / "two-scenes.yaml"


@pytest.fixture
def begin(tmp_path):
    """A session of the small scenario; `officer` and `advocate` name who plays each seat."""
    stores = []

    def start(officer: str = "human", advocate: str = "human") -> Session:
        stores.append(open_store(tmp_path / f"{len(stores)}.sqlite3"))
        seats = (Place("officer", "Heron", officer), Place("advocate", "Plover", advocate))
        return Session.begin(stores[-1], Library().bundle(MINI), seats, seed=1)

    yield start
    for store in stores:
        store.close()


def played(session: Session, typed: str) -> str:
    out = io.StringIO()
    plain = Plain(session, io.StringIO(typed), out)
    try:
        plain.play()
        plain.debrief()
    except Stopped:
        out.write("STOPPED")
    return out.getvalue()


def test_advisories_and_the_way_out_come_before_the_first_scene(begin):
    text = played(begin(), "")
    assert text.index("Before you begin") < text.index("step out (o)") < text.index("Dana opens.")


def test_a_number_or_an_id_chooses(begin):
    session = begin()
    played(session, "1\nkeep\n")
    assert session.transcript() == "officer: apart\nadvocate: keep\n"


def test_a_wrong_answer_is_asked_again(begin):
    session = begin()
    text = played(session, "7\n1\n")
    assert "“7” is none of them" in text and session.transcript() == "officer: apart\n"


def test_between_two_people_the_keyboard_is_handed_over(begin):
    assert "--- Next: Plover, Maya (Community-based advocate). The others look away. ---" in played(begin(), "1\n")


def test_what_one_seat_alone_sees_is_not_printed_before_the_keyboard_is_handed_over(begin):
    text = played(begin(), "1\n")
    assert text.index("Next: Plover") < text.index("The phone is quiet.")


def test_alone_nobody_is_asked_to_look_away(begin):
    assert "look away" not in played(begin(advocate="typical"), "1\n")


def test_pausing_is_kept_and_enter_goes_on(begin):
    session = begin()
    text = played(session, "p\n\n1\n")
    assert "Paused." in text and [event.kind for event in session.events[1:3]] == ["paused", "resumed"]


def test_stepping_out_writes_the_same_event_as_pausing(begin):
    paused, stepped_out = begin(), begin()
    played(paused, "p\nq\n")
    played(stepped_out, "o\nq\n")
    assert paused.events[1:] == stepped_out.events[1:]


def test_whoever_steps_out_can_leave_the_seat_to_the_computer(begin):
    session = begin()
    played(session, "o\nc\n2\n")
    assert session.human_seats == ("advocate",) and session.finished


def test_scores_stay_closed_until_everybody_was_asked_how_it_was(begin):
    session = begin()
    text = played(session, "1\n2\n")
    assert "how was that for you" in text and "Lines of law" not in text and session.debrief_phase is None


def test_reactions_are_kept_for_each_seat(begin):
    session = begin()
    played(session, "1\n2\nlong night\nglad it is over\n\n\n\n\n")
    assert [text for _, phase, text in session.remarks() if phase == "reactions"] == ["long night", "glad it is over"]


def test_the_debrief_ends_with_what_it_may_not_be_used_for(begin):
    text = played(begin(), "1\n2\n\n\n\n\n\n\n")
    assert "not for discipline, hiring or certification" in " ".join(text.split())


def test_lines_fit_the_width(begin):
    out = io.StringIO()
    with pytest.raises(Stopped):
        Plain(begin(), io.StringIO("d\nk\n"), out, width=50).play()
    assert max(map(len, out.getvalue().splitlines())) <= 60  # prompts stand on a line of their own
