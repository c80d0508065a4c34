"""Plain mode: the whole game in lines, also for somebody who hears the screen instead of seeing it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from simulator.library import Library
from simulator.log import Place, open_store
from simulator.plain import Plain, Stopped
from simulator.script import parse
from simulator.session import Session
from tests import speaking

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


# --- saying something -----------------------------------------------------------------------------------------------


@pytest.fixture
def talk(tmp_path):
    """Type this at the start of the small scenario with open telling. Returns the session and all that was printed."""
    stores = []

    def typed(lines: str, **players: str) -> tuple[Session, str]:
        stores.append(open_store(tmp_path / f"open{len(stores)}.sqlite3"))
        session = speaking.begin(stores[-1], **players)
        return session, played(session, lines)

    yield typed
    for store in stores:
        store.close()


def test_where_something_can_be_said_one_more_line_offers_it(talk):
    assert " s. Say something: tell, ask …\n" in talk("")[1]


def test_where_nothing_can_be_said_nothing_offers_it(begin):
    text = played(begin(), "s\n")
    assert "Say something" not in text and "“s” is none of them" in text


def test_whom_then_what_says_it_and_the_turn_goes_on(talk):
    session, text = talk("s\n1\n1\ngo\n")
    assert session.transcript() == "advocate: tell officer gun in person\nadvocate: go\n"
    assert text.index("Maya Ellison: Tell Officer Reyes: where he keeps the handgun.") < text.index("into his radio")
    assert text.count(" 1. Sit down beside her and wait.") == 2


def test_the_list_names_who_is_here_and_stands_in_the_authors_order(talk):
    _, text = talk("s\n1\n")
    assert (
        " 1. Officer Reyes (here)\n 2. Jo Adeyemi (not here)\n 3. The survivor\n 4. Somebody who advises you\n" in text
    )
    assert (
        " 1. Tell: where he keeps the handgun\n"
        " 2. Tell by message: where he keeps the handgun\n"
        " 3. Tell: that she stays with [Harbor House] tonight\n"
        " 4. Tell by message: that she stays with [Harbor House] tonight\n"
        " 5. Ask: “How is her throat?”\n"
        "A message stays in the record of both.\n"
    ) in text


def test_enter_goes_back_without_saying_anything(talk):
    session, _ = talk("s\n\ns\n1\n\n1\n")
    assert session.transcript() == "advocate: sit\n"


def test_ringing_somebody_opens_what_can_be_said_on_the_phone(talk):
    session, text = talk("s\n2\n1\n1\n")
    assert "Jo Adeyemi, on the phone:\n 1. Tell on the phone: where he keeps the handgun\n" in text
    assert session.transcript() == "advocate: call nurse\nadvocate: tell nurse gun by phone\n"


def test_after_a_call_in_which_nothing_is_said_the_turn_goes_on(talk):
    session, _ = talk("s\n2\n1\n\n1\n")
    assert session.transcript() == "advocate: call nurse\nadvocate: sit\n"


def test_a_release_is_read_before_she_is_asked(talk):
    session, text = talk("s\n3\n2\n\ns\n3\n1\ny\n")
    assert "  What for: coordination of services\n  How long: no end is named\n" in text
    assert session.transcript() == "advocate: ask-release gun_paper\n"
    assert text.index("  How long: 72 h from when it is signed\n") < text.index("She reads it twice and signs.")


def test_pausing_works_while_saying_something(talk):
    session, _ = talk("s\np\n\n1\n1\n")
    assert [event.kind for event in session.events[1:]][:3] == ["paused", "resumed", "tell"]


def test_a_seat_left_to_the_computer_while_saying_something_is_the_computers(talk):
    session, _ = talk("s\no\nc\n")
    assert "advocate" not in session.human_seats


def test_a_wrong_number_is_asked_again(talk):
    session, text = talk("s\n9\n1\n1\n")
    assert "“9” is none of them. Type a number from 1 to 4" in text
    assert session.transcript() == "advocate: tell officer gun in person\n"


def test_whoever_was_told_reads_it_when_the_keyboard_comes(talk):
    _, text = talk("s\n1\n1\ngo\n")
    mine = text[text.index("Next: Officer, Officer Reyes") :]
    assert "Maya Ellison: Tell Officer Reyes: where he keeps the handgun." in mine
    assert "You now know where he keeps the handgun (from Maya Ellison)." in mine


def test_whoever_was_not_told_reads_nothing_of_it(talk):
    _, text = talk("s\n2\n3\ngo\n")  # a message to the nurse
    assert "that she stays with" not in text[text.index("Next: Officer, Officer Reyes") :]


def test_what_leads_on_gives_the_turn_to_whoever_has_it_now(tmp_path):
    store = open_store(tmp_path / "s.sqlite3")
    session = speaking.begin(store, speaking.leading_on(tmp_path))
    text = played(session, "s\n1\n1\nleave\n")
    store.close()
    assert session.transcript() == "advocate: tell officer gun in person\nofficer: leave\n"
    assert text.index("into his radio") < text.index("You are in the hall.")


def test_the_help_says_that_nothing_is_judged_during_play(talk):
    assert "nothing is judged during play" in talk("?\n")[1]


def test_a_script_of_what_is_said_is_told_line_by_line(tmp_path):
    store = open_store(tmp_path / "s.sqlite3")
    out, script = io.StringIO(), "advocate: tell officer gun in person\nadvocate: go\nofficer: leave\nnurse: note\n"
    session = speaking.begin(store)
    Plain(session, io.StringIO(), out, interactive=False).run_script(parse(script), "night")
    store.close()
    assert "> advocate: tell officer gun in person — Tell Officer Reyes: where he keeps the" in out.getvalue()
    assert session.transcript() == script
