"""`handoff preview`: the play follows the file, and the choices made are made again by their ids."""

from __future__ import annotations

import io
import os
import threading
from pathlib import Path

import pytest

from facilitator.cli import main
from facilitator.preview import Preview
from facilitator.rehearsal import BadJump, Choice, jump_to, parse_jump, rehearse, replay, written
from simulator.library import Library
from simulator.script import parse
from tests.speaking import OPEN

TRANSCRIPTS = Path(__file__).parent.parent / "scenarios" / "transcripts" / "kitchen-table"

TEXT = """\
id: story
title: A story
summary: Two people and a door.
starts: 2026-01-09T23:52
advisories: [none]
framework: trauma-informed
mou: riverside-dv
jurisdiction: model-state
objectives:
  o: {text: Open the door, decisions: [door]}
seats:
  officer: {role: patrol-officer, employer: riverside-pd, name: Reyes, brief: You are tired.}
  advocate: {role: community-advocate, employer: harbor-house, name: Maya, brief: You are on call.}
facts: {knocked: Somebody knocked.}
meters: {trust: {label: Trust, from: 0, to: 4, start: 1}}
statuses: {wish: {values: [open, shut], start: open}}
items: {gun: {text: where the gun is}}
releases: {paper: {holder: advocate, recipient: officer, items: gun, purpose: safety, lasts: 3 days}}
opening: door
scenes:
  door:
    title: The door
    turn: officer
    text: A door.
    actions:
      wait: {text: Wait a little, minutes: 2, to: luck}
      knock: {text: Knock twice, minutes: 2, records: knocked, to: luck}
  luck:
    title: Steps
    turn: chance
    text: Somebody may come.
    actions:
      comes: {text: She comes, to: talk}
      stays: {text: Nobody comes, to: talk}
  talk:
    title: The talk
    turn: [officer, advocate]
    text: You talk.
    actions:
      ask: {seat: officer, text: Ask, when: trust >= 1, closed: She trusts nobody., minutes: 1}
      hush: {seat: officer, text: Say nothing, minutes: 1}
      tell: {seat: advocate, text: Tell, when: valid(paper), closed: no paper, minutes: 1}
      keep: {seat: advocate, text: Keep it, minutes: 1}
    to:
      - {when: wish == shut, to: shut}
      - {to: over}
  over: {text: The end., ending: {title: It is over}}
  shut: {text: The end too., ending: {title: It is shut}}
  nook: {text: A nook., ending: {title: Unreached}}
"""


class Writer(io.StringIO):
    """Standard input of somebody who edits the file between two lines: (line, old text, new text)."""

    def __init__(self, path: Path, steps: list[str | tuple[str, str, str]]) -> None:
        super().__init__()
        self.path, self.steps = path, steps

    def readline(self, size: int = -1, /) -> str:
        if not self.steps:
            return ""
        step = self.steps.pop(0)
        if isinstance(step, str):
            return step + "\n"
        line, old, new = step
        text = self.path.read_text(encoding="utf-8")
        assert old in text
        save(self.path, text.replace(old, new))
        return line + "\n"


def save(path: Path, text: str) -> None:
    """Save a file at a moment that no clock is too coarse to tell from the last."""
    moment = path.stat().st_mtime_ns + 1_000_000_000
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(moment, moment))


@pytest.fixture
def story(tmp_path):
    path = tmp_path / "story.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def preview(story):
    """Plays the story with these lines typed; a line may come with an edit that is saved just before it."""

    def runner(*steps: str | tuple[str, str, str], waits: bool = True) -> str:
        out = io.StringIO()
        shown = Preview(story, Library(), Writer(story, list(steps)), out, width=200, waits=waits)
        shown.poll = 60  # so that the files are looked at only when a line is typed
        code = shown.run()
        return out.getvalue() + f"[{code}]"

    return runner


@pytest.fixture
def bundle(story):
    return Library().bundle(story)


# --- playing ----------------------------------------------------------------------------------------------------


def test_numbers_and_ids_choose_for_every_seat_and_for_chance(preview):
    text = preview("2", "stays", "ask", "keep")
    assert "Reyes: Knock twice" in text and "Nobody comes" in text and "The play ends: It is over" in text


def test_leaving_stores_nothing_and_says_so(preview, story):
    text = preview("1", "quit")
    assert "Nothing was stored." in text and text.endswith("[0]")
    assert [path.name for path in story.parent.iterdir()] == ["story.yaml"]


def test_the_end_of_input_leaves(preview):
    assert preview("1").endswith("[0]")


def test_back_takes_the_last_choice_back(preview):
    text = preview("2", "back", "where")
    assert "One choice back." in text and "Scene “door”" in text and "knocked" not in text.rpartition("Here again")[2]


def test_back_at_the_beginning_stays_there(preview):
    assert "At the beginning." in preview("back")


def test_a_closed_action_is_not_taken_and_says_why(preview):
    assert "“Tell” is closed: no paper." in preview("1", "1", "hush", "tell")


def test_what_is_no_command_is_told(preview):
    assert "“9” is none of them" in preview("9")


def test_where_names_the_place_in_the_file_and_a_jump_that_leads_here_again(preview):
    text = preview("knock", "where")
    line = TEXT.splitlines().index("  luck:") + 1
    assert f"story.yaml:{line}:3" in text
    assert "jump luck knocked wish=open trust=1" in text and "Choices: officer: knock" in text


# --- jumping ----------------------------------------------------------------------------------------------------


def test_a_jump_leads_to_any_scene_with_any_facts(preview):
    text = preview("jump talk knocked=2 wish=shut trust=0 knows:advocate:gun signed:paper", "where", "ask")
    assert "In “talk”." in text
    assert "jump talk knocked=2 wish=shut trust=0 knows:advocate:gun signed:paper" in text
    assert "“Ask” is closed: She trusts nobody." in text


def test_what_is_jumped_to_is_played_on(preview):
    assert "The play ends: It is shut" in preview("jump talk wish=shut signed:paper", "ask", "tell")


def test_a_jump_stays_across_a_save(preview):
    text = preview("jump talk trust=0", ("where", "You talk.", "You two talk."))
    assert "You two talk." in text and "trust=0" in text.rpartition("Here again")[2]


def test_a_jump_to_a_scene_that_vanished_is_given_up_and_said(preview):
    gone = ("where", "  nook: {text: A nook., ending: {title: Unreached}}\n", "")
    text = preview("jump nook", gone, ("where", "A door.", "The door."))
    assert (
        text.count("no longer fits") == 1
        and "The jump no longer fits: there is no scene “nook”" in text
        and "Scene “door”" in text
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "where to"),
        ("tlk", "Did you mean “talk”"),
        ("talk knoked", "Did you mean “knocked”"),
        ("talk wish=half", "there is no value “half”"),
        ("talk wish", "needs a value"),
        ("talk trust=9", "from 0 to 4"),
        ("talk trust=high", "a whole number"),
        ("talk knocked=many", "a whole number"),
        ("talk knows:nobody:gun", "there is no seat “nobody”"),
        ("talk knows:officer:knife", "there is no item “knife”"),
        ("talk signed:letter", "there is no release “letter”"),
    ],
)
def test_a_jump_that_leads_nowhere_says_why(bundle, words, said):
    with pytest.raises(BadJump, match=said):
        parse_jump(words.split(), bundle)


def test_a_bad_jump_leaves_the_play_where_it_is(preview):
    assert "Scene “luck”" in preview("1", "jump nowhere", "where")


@pytest.mark.parametrize("name", ["expert", "typical", "harmful"])
def test_from_every_point_of_a_play_the_jump_that_is_told_leads_there_again(name):
    bundle = Library().bundle("kitchen-table")
    play = rehearse(bundle)
    for line in parse((TRANSCRIPTS / f"{name}.script").read_text(encoding="utf-8")):
        play.take(Choice(line.seat, line.action))
        if play.state.pending:
            continue  # half of a together scene is no place to jump to
        told = jump_to(play.state)
        again = rehearse(bundle, parse_jump(written(told).split(), bundle)).state
        assert jump_to(again) == told


def test_the_scenes_of_a_protocol_can_be_jumped_to():
    bundle = Library().bundle("kitchen-table")
    inner = next(scene for scene in bundle.scenario.scenes if "." in scene)
    assert rehearse(bundle, parse_jump([inner], bundle)).state.entered


# --- following the file -----------------------------------------------------------------------------------------


def test_a_save_keeps_the_play_at_the_same_point(preview):
    text = preview("2", "1", ("where", "You talk.", "You two talk."))
    assert "2 choices made again." in text and "You two talk." in text and "Scene “talk”" in text


def test_a_choice_that_vanished_is_named_and_the_play_stops_before_it(preview):
    text = preview("2", "1", ("where", "knock: {text", "ring: {text"))
    assert "Stopped before “officer: knock”: “door” has no action “knock” now." in text and "Scene “door”" in text


def test_a_choice_that_moved_is_named_with_the_scene_it_is_in_now(bundle, story):
    story.write_text(
        TEXT.replace("      knock: {text: Knock twice, minutes: 2, records: knocked, to: luck}\n", "").replace(
            "      comes:", "      knock: {text: Knock, records: knocked, to: talk}\n      comes:"
        ),
        encoding="utf-8",
    )
    play, lost, why = replay(Library().bundle(story), None, [Choice("officer", "knock")])
    assert lost == Choice("officer", "knock") and "there is one in “luck”" in why and not play.choices


def test_a_choice_that_is_closed_now_is_named_with_the_reason(preview):
    text = preview("2", "1", "ask", ("where", "start: 1", "start: 0"))
    assert "Stopped before “officer: ask”: it is closed now in “talk”: She trusts nobody." in text


def test_choices_after_an_ending_that_came_earlier_are_dropped_and_said(preview):
    text = preview("2", "1", ("where", "records: knocked, to: luck", "records: knocked, to: over"))
    assert "the play ends in “over” now" in text


def test_what_a_save_cut_off_comes_back_with_the_save_that_mends_it(preview):
    text = preview("2", "1", ("where", "knock: {text", "ring: {text"), ("where", "ring: {text", "knock: {text"))
    assert text.rpartition("Scene ")[2].startswith("“talk”")


def test_a_number_typed_under_the_old_list_means_what_stood_there(preview):
    text = preview(
        (
            "2",
            "wait: {text: Wait a little, minutes: 2, to: luck}",
            "look: {text: Look, to: luck}\n      x: {text: X, to: luck}",
        )
    )
    assert "Reyes: Knock twice" in text


def test_a_version_with_problems_is_told_and_the_last_good_one_stays(preview):
    text = preview("2", ("where", "to: talk}", "to: tlk}"))
    assert "HS203" in text and "Did you mean “talk”?" in text
    assert "The last good version stays." in text and "Scene “luck”" in text


def test_a_version_that_reads_again_as_before_says_so(preview):
    text = preview("2", ("where", "to: talk}", "to: tlk}"), ("where", "to: tlk}", "to: talk}"))
    assert "It reads again, as before." in text


def test_an_agreement_saved_beside_it_is_read_again_too(preview, story):
    mou = "id: own\ntitle: Own\nparties: {police: {name: P, roles: [patrol-officer]}}\nduties:\n  d: {party: police, clause: '1', text: First., never: dual_arrest}\n"
    own = story.parent / "own.yaml"
    own.write_text(mou, encoding="utf-8")
    story.write_text(TEXT.replace("mou: riverside-dv", "mou: own"), encoding="utf-8")
    out = io.StringIO()
    shown = Preview(story, Library(), Writer(own, ["2", ("where", "First.", "Second.")]), out)
    shown.poll = 60
    shown.run()
    assert "Saved, and read again. 1 choice made again." in out.getvalue()


def test_a_file_that_is_broken_from_the_start_is_waited_for(preview, story):
    story.write_text(TEXT.replace("turn: officer", "turn: officr"), encoding="utf-8")
    text = preview(("where", "turn: officr", "turn: officer"))
    assert "Save it again when it is mended" in text and "A story." in text and text.endswith("[0]")


def test_a_broken_file_is_not_waited_for_where_nobody_can_mend_it(preview, story):
    story.write_text("nonsense", encoding="utf-8")
    assert preview(waits=False).endswith("[1]")


def test_a_file_that_does_not_exist_is_wrong_use(capsys):
    assert main(["preview", "nowhere.yaml"]) == 2
    assert "handoff new" in capsys.readouterr().err


def test_the_command_plays_what_is_piped_in(story, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO("2\nquit\n"))
    assert main(["preview", str(story)]) == 0
    assert "Knock twice" in capsys.readouterr().out


def test_a_save_is_seen_while_nobody_types(story):
    seen = threading.Event()

    class Screen(io.StringIO):
        def write(self, text: str, /) -> int:
            if "You two talk." in text:
                seen.set()
            return super().write(text)

    class Idle(Writer):
        def readline(self, size: int = -1, /) -> str:
            if self.steps:
                return super().readline()
            save(story, TEXT.replace("You talk.", "You two talk."))
            seen.wait(10)
            return "quit\n"

    shown = Preview(story, Library(), Idle(story, ["2", "1"]), Screen())
    shown.poll = 0.01
    shown.run()
    assert seen.is_set()


def test_what_can_be_said_is_listed_and_said_as_a_script_writes_it(story):
    out = io.StringIO()
    open_telling = story.with_name("open-telling.yaml")
    open_telling.write_text(OPEN.read_text(encoding="utf-8"), encoding="utf-8")
    typed = ["tell officer gun in person", "tell officer gun", "back", "1", "quit"]
    shown = Preview(open_telling, Library(), Writer(open_telling, typed), out, width=200)
    shown.poll = 60
    shown.run()
    text = out.getvalue()
    assert "Or say: tell officer gun in person, " in text and "speaks into his radio" in text
    assert "What is said is written call SEAT" in text
    assert shown.session.transcript() == "advocate: sit\n"
