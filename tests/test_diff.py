"""`handoff diff`: what an edit changes, in words, and which sessions under way could go on with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from facilitator.cli import main
from facilitator.diff import Change, compare, print_diff, read
from facilitator.moving import moving
from facilitator.usage import build_parser
from simulator.events import Tell
from simulator.library import Library
from simulator.log import Place, open_store
from simulator.session import Session
from tests.speaking import OPEN

MINI = (Path(__file__).parent / "fixtures" / "two-scenes.yaml").read_text(encoding="utf-8")
TABLE = Path(__file__).parent.parent / "scenarios" / "library" / "kitchen-table.yaml"
MOU = """\
id: own
title: Own
parties: {police: {name: P, roles: [patrol-officer]}}
duties:
  apart-before-questions: {party: police, clause: "1", text: Apart., when: officer_arrived, must: separated_sight_and_sound, within: 30 min}
"""


@pytest.fixture
def files(tmp_path):
    """Writes OLD and NEW, the second with (old text, new text) replaced; gives their paths."""

    def write(*edits: tuple[str, str], text: str = MINI, kind: str = "two-scenes"):
        old, new = tmp_path / "old" / f"{kind}.yaml", tmp_path / "new" / f"{kind}.yaml"
        changed = text
        for before, after in edits:
            assert before in changed
            changed = changed.replace(before, after)
        for path, content in ((old, text), (new, changed)):
            path.parent.mkdir(exist_ok=True)
            path.write_text(content, encoding="utf-8")
        return old, new

    return write


@pytest.fixture
def changes(files):
    """The changes that some edits of the small scenario make."""

    def runner(*edits: tuple[str, str], **kind: str) -> dict[str, Change]:
        old, new = (read(Library(), path).value for path in files(*edits, **kind))
        return {f"{change.kind} {change.id}": change for change in compare(old, new)}

    return runner


@pytest.fixture
def store(tmp_path):
    kept = open_store(tmp_path / "store.sqlite3")
    yield kept
    kept.close()


@pytest.fixture
def begin(store):
    """A session of a file's text, with these choices made (`seat: action`, or `rewind N`)."""

    def start(path: Path, *choices: str, mou: Path | None = None) -> Session:
        seats = [Place("officer", "", "human"), Place("advocate", "", "human")]
        session = Session.begin(store, Library().bundle(path, mou=mou), seats, seed=1)
        for choice in choices:
            seat, _, action = choice.partition(" ")
            if seat == "rewind":
                session.rewind(int(action))
            elif seat == "guess":
                session.predict("advocate", "officer", action)
            else:
                session.choose(seat, action)
        return session

    return start


def judged(store, old: Path, new: Path):
    found = moving(store, read(Library(), old), read(Library(), new))
    return {move.session: move for move in found}


# --- what changed ---------------------------------------------------------------------------------------------------


def test_the_same_text_has_no_changes(changes):
    assert changes() == {}


def test_an_action_that_is_new_gone_or_changed_is_named_with_its_scene(changes):
    found = changes(
        ("ask: {text: Ask now, minutes: 1", "ask-her: {text: Ask now, minutes: 1"), ("minutes: 3", "minutes: 4")
    )
    assert found["action door.ask-her"].what == "added" and found["action door.ask"].what == "removed"
    assert found["action door.apart"].details == ("minutes: 3 → 4",)


def test_a_changed_rating_is_told_apart_from_a_changed_action(changes):
    found = changes(("practice: {safety: 2}, because: safe", "practice: {safety: 1}, because: safe enough"))
    assert set(found) == {"rating door.apart"}
    assert found["rating door.apart"].details == ("practice safety: 2 → 1", "because: safe → safe enough")


def test_a_scene_and_an_ending_that_are_new_are_named(changes):
    found = changes(
        ("to: call}\n  call:", "to: hall}\n  hall: {text: A hall., to: call}\n  call:"),
        ("to: end}\n  end:", "to: late}\n  late: {text: Late., ending: {title: Too late}}\n  end:"),
    )
    assert found["scene hall"].what == "added" and found["ending late"].details == ("Too late",)


def test_a_changed_ending_is_named_as_an_ending(changes):
    assert changes(("The night ends", "The morning comes"))["ending end"].what == "changed"


def test_facts_items_and_objectives_are_compared_too(changes):
    found = changes(
        ("\nitems:", "\nfacts: {waited: Somebody waited.}\nitems:"),
        ("where the gun is", "where the rifle is"),
        ("text: Screen,", "text: Screen well,"),
    )
    assert found["fact waited"].what == "added"
    assert found["item gun"].details == ("text: where the gun is → where the rifle is",)
    assert "objective o" in found


def test_a_changed_way_on_is_told_with_its_condition(changes):
    found = changes(
        ("because: safe, to: call}", "because: safe, to: [{when: officer_arrived, to: end}, {to: call}]}"),
    )
    assert found["action door.apart"].details == ("to: call → end (when officer_arrived), call",)


def test_a_long_text_is_shown_where_it_differs(changes):
    long = "Dana opens. " + "She waits by the door and says nothing at all for a while. " * 3
    found = changes(
        (f"{long}Then she nods.", f"{long}Then she sits."), text=MINI.replace("Dana opens.", f"{long}Then she nods.")
    )
    assert found["scene door"].details == ("text: … for a while. Then she nods. → … for a while. Then she sits.",)


def test_the_scenes_of_a_protocol_are_compared_where_they_are_written(tmp_path):
    text = TABLE.read_text(encoding="utf-8")
    old = read(Library(), TABLE)
    copy = tmp_path / "kitchen-table.yaml"
    copy.write_text(text.replace("title: Her own words", "title: In her own words"), encoding="utf-8")
    [change] = compare(old.value, read(Library(), copy).value)
    assert change == Change("scene", "risk-screen.asked-apart", "changed", ("title: Her own words → In her own words",))


def test_the_duties_of_an_agreement_are_compared(changes):
    found = changes(
        ("within: 30 min", "within: 20 min"),
        ("duties:", "duties:\n  both: {party: police, clause: '2', text: Not both., never: dual_arrest}"),
        text=MOU,
        kind="own",
    )
    assert found["duty apart-before-questions"].details == ("within: 30 min → 20 min",)
    assert found["duty both"].what == "added"


# --- sessions under way ---------------------------------------------------------------------------------------------


def test_a_session_whose_choices_still_fit_can_move(files, begin, store):
    old, new = files(("minutes: 3", "minutes: 4"))
    session = begin(old, "officer apart")
    move = judged(store, old, new)[session.id]
    assert move.can_move and move.scene == "call"


def test_a_session_whose_choice_is_gone_stays_and_its_step_is_named(files, begin, store):
    old, new = files(("ask: {text", "ask-her: {text"))
    session = begin(old, "officer ask")
    move = judged(store, old, new)[session.id]
    assert not move.can_move and move.step == 1
    assert "step 1, “officer: ask” in “door”" in move.why


def test_a_session_whose_choice_is_closed_now_stays(files, begin, store):
    old, new = files(
        ("apart: {text: Take her apart,", "apart: {text: Take her apart, when: screen_due, closed: not due,")
    )
    session = begin(old, "officer apart")
    assert "closed: not due" in judged(store, old, new)[session.id].why


def test_a_session_that_comes_out_elsewhere_stays(files, begin, store):
    old, new = files(
        ("because: safe, to: call}", "because: safe, to: wait}"),
        ("  call:", "  wait: {turn: officer, text: W., actions: {go: {text: Go, to: call}}}\n  call:"),
    )
    session = begin(old, "officer apart")
    assert judged(store, old, new)[session.id].why == "it stands in “call”, and the same choices now lead to “wait”"


def test_a_choice_that_was_taken_back_has_to_fit_too(files, begin, store):
    old, new = files(("ask: {text", "ask-her: {text"))
    session = begin(old, "officer ask", "rewind 0", "officer apart")
    assert "(since taken back)" in judged(store, old, new)[session.id].why


def test_a_guess_has_to_fit_too(files, begin, store):
    seen = MINI.replace("    predict: advocate", "    present: [officer, advocate]\n    predict: advocate")
    old, new = files(("    predict: advocate\n", ""), text=seen)
    guessed, passed_by = begin(old, "guess apart", "officer apart"), begin(old, "officer apart")
    moves = judged(store, old, new)
    assert "step 1, advocate's guess" in moves[guessed.id].why and moves[passed_by.id].can_move


def test_what_was_said_has_to_fit_too(files, begin, store):
    text = OPEN.read_text(encoding="utf-8")
    old, new = files(("known_by: advocate\n    question: Are", "question: Are"), text=text, kind="open-telling")
    session = begin(old)
    session.say(Tell(seat="advocate", to="officer", item="gun", channel="message"))
    assert "step 1, “advocate: tell officer gun by message” in “room”" in judged(store, old, new)[session.id].why


def test_finished_sessions_and_those_of_the_new_text_are_left_out(files, begin, store):
    old, new = files(("minutes: 3", "minutes: 4"))
    begin(old, "officer apart", "advocate keep")
    begin(new, "officer apart")
    assert judged(store, old, new) == {}


def test_sessions_of_other_scenarios_are_left_out(files, begin, store):
    old, new = files(("minutes: 3", "minutes: 4"))
    begin(TABLE)
    assert judged(store, old, new) == {}


def test_a_new_agreement_is_judged_for_the_sessions_that_play_under_it(files, begin, store):
    old, new = files(("within: 30 min", "within: 20 min"), text=MOU, kind="own")
    story, _ = files()
    under, other = begin(story, "officer apart", mou=old), begin(story)
    moves = judged(store, old, new)
    assert moves[under.id].can_move and other.id not in moves


def test_a_text_that_does_not_fit_what_a_session_keeps_is_no_way_to_move(files, begin, store):
    old, new = files(("minutes: 3", "minutes: 4"))
    session = begin(old)
    fresh = read(Library(), new)
    text = new.read_text(encoding="utf-8").replace("records: [officer_arrived, sep", "records: [officer_came, sep")
    fresh.source.original = text
    [move] = moving(store, read(Library(), old), fresh)
    assert move.session == session.id and "officer_came" in move.why


# --- the command ----------------------------------------------------------------------------------------------------


def run(capsys, *args: object) -> tuple[int, str, str]:
    code = main(["diff", *map(str, args)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_the_command_tells_changes_and_sessions(files, begin, store, capsys, tmp_path):
    old, new = files(("ask: {text", "ask-her: {text"))
    session = begin(old, "officer ask")
    code, out, _ = run(capsys, old, new, "--store", tmp_path / "store.sqlite3")
    assert code == 0 and "action “ask” in “door” removed: Ask now" in out
    assert f"{session.id}  stays with the old text: step 1" in out


def test_json_holds_the_same(files, begin, store, capsys, tmp_path):
    old, new = files(("minutes: 3", "minutes: 4"))
    session = begin(old, "officer apart")
    data = json.loads(run(capsys, old, new, "--json", "--store", tmp_path / "store.sqlite3")[1])
    assert data["changes"] == [{"kind": "action", "id": "door.apart", "what": "changed", "details": ["minutes: 3 → 4"]}]
    assert [(move["session"], move["can_move"]) for move in data["sessions"]] == [(session.id, True)]


def test_the_same_text_says_so(files, capsys, tmp_path):
    assert "Nothing that is played has changed." in run(capsys, *files(), "--store", tmp_path / "s.sqlite3")[1]


def test_a_file_that_is_missing_or_of_another_kind_is_wrong_use(files, capsys, tmp_path):
    old, _ = files()
    mou = tmp_path / "own.yaml"
    mou.write_text(MOU, encoding="utf-8")
    assert run(capsys, old, "nowhere.yaml")[0] == 2
    code, _, err = run(capsys, old, mou)
    assert code == 2 and "compare two alike" in err


def test_a_file_with_problems_shows_them(files, capsys):
    old, new = files(("to: end}", "to: ned}"))
    code, _, err = run(capsys, old, new)
    assert code == 1 and "HS203" in err


def test_the_effect_on_what_can_be_attained_has_its_place(files, capsys, tmp_path):
    old, new = files(("minutes: 3", "minutes: 4"))
    args = build_parser().parse_args(["diff", str(old), str(new), "--store", str(tmp_path / "s.sqlite3")])
    assert print_diff(args, bounds=lambda before, after: ["the best duties stay as they were"]) == 0
    assert "What can be attained\n  the best duties stay as they were" in capsys.readouterr().out
