"""The studio on the screen: typing, completing, problems, map and play beside the text, and losing nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.events import AppBlur
from textual.widgets import OptionList, Static

from facilitator import autosave
from facilitator.cli import main
from facilitator.tui.map_canvas import MapCanvas
from facilitator.tui.studio import StudioScreen
from facilitator.tui.studio_ask import Ask, Page
from facilitator.tui.studio_editor import Editor
from facilitator.tui.studio_play import Play
from tests.app_helpers import SCENARIO, Table, play, scenario
from tests.speaking import OPEN

Story = Callable[[Table], Awaitable[None]]
WIDE = (140, 40)


def studio(folder: Path, story: Story, size: tuple[int, int] = (80, 24), file: Path | None = None) -> None:
    async def when_open(table: Table) -> None:
        await table.on("StudioScreen")
        await table.until(lambda: table.screen.opened is not None, "the file")
        await checked(table)
        await story(table)

    play(folder, when_open, size=size, start="studio", file=str(file or path_of(folder)))


def path_of(folder: Path) -> Path:
    return folder / "shelf" / "library" / "evening.yaml"


async def checked(table: Table) -> None:
    """Wait until the text as it is now was checked."""
    screen = table.app.writing
    await table.until(lambda: screen._study is not None and screen._study.version == screen.version, "a check")
    await table.pilot.pause()


async def stand(table: Table, words: str) -> None:
    """Put the cursor at the end of the first line that begins with these words."""
    editor = table.screen.editor
    row = next(row for row, line in enumerate(editor.lines) if line.strip().startswith(words))
    editor.move_cursor((row, len(editor.lines[row])))
    await table.pilot.pause()


def kept(folder: Path) -> str:
    """What the side file holds, as it would be offered."""
    left = autosave.unsaved(autosave.open_text(path_of(folder)))
    return left.text if left is not None else ""


def line(table: Table) -> str:
    editor = table.app.writing.editor
    return editor.lines[editor.cursor_location[0]]


def test_what_is_typed_is_in_the_side_file_and_not_in_the_file(tmp_path):
    async def story(table: Table) -> None:
        await table.press(*"# hello")
        side = autosave.side_file(path_of(tmp_path))
        await table.until(lambda: side.exists() and "# hello" in side.read_text())
        assert path_of(tmp_path).read_text() == SCENARIO
        await table.shows("not saved")

    studio(tmp_path, story)


def test_save_puts_the_text_in_the_file_and_takes_the_side_file_away(tmp_path):
    async def story(table: Table) -> None:
        await table.press(*"# hello", "ctrl+s")
        await table.until(lambda: path_of(tmp_path).read_text() == "# hello" + SCENARIO)
        await table.until(lambda: not table.screen.unsaved)
        await table.until(lambda: not autosave.side_file(path_of(tmp_path)).exists())

    studio(tmp_path, story)


def test_however_the_app_ends_the_last_key_is_in_the_side_file(tmp_path):
    async def story(table: Table) -> None:
        await table.press(*"# the last key")
        table.app.exit()

    studio(tmp_path, story)
    assert kept(tmp_path) == "# the last key" + SCENARIO


def test_what_was_left_unsaved_is_offered_and_taken_up_again(tmp_path):
    opened = autosave.open_text(scenario(tmp_path))
    autosave.keep(opened, "# left\n" + SCENARIO)

    async def story(table: Table) -> None:
        await table.on("Ask")
        await table.shows("was left without saving")
        await table.press("d")
        await table.shows("+# left")
        await table.press("escape")
        await table.shows("was left without saving")
        await table.press("t")
        await table.until(lambda: table.app.writing.editor.text == "# left\n" + SCENARIO)
        await table.press("ctrl+z")
        await table.until(lambda: table.app.writing.editor.text == SCENARIO)

    play(tmp_path, story, start="studio", file=str(path_of(tmp_path)))


def test_what_is_taken_up_never_overwrites_what_somebody_else_wrote_since(tmp_path):
    scenario(tmp_path)
    path_of(tmp_path).write_text("# as it was when ours was begun\n" + SCENARIO)
    autosave.keep(autosave.open_text(path_of(tmp_path)), "# left\n" + SCENARIO)
    scenario(tmp_path)  # somebody else writes the file

    async def story(table: Table) -> None:
        await table.on("Ask")
        await table.press("t")
        await table.until(lambda: table.app.writing.editor.text == "# left\n" + SCENARIO)
        await table.press("ctrl+s")
        await table.on("Ask")
        await table.shows("is not as it was when you opened it")
        assert path_of(tmp_path).read_text() == SCENARIO
        await table.press("m")
        await table.until(lambda: path_of(tmp_path).read_text() == "# left\n" + SCENARIO)

    play(tmp_path, story, start="studio", file=str(path_of(tmp_path)))


def test_deciding_later_about_what_was_left_keeps_both(tmp_path):
    autosave.keep(autosave.open_text(scenario(tmp_path)), "# left\n" + SCENARIO)

    async def story(table: Table) -> None:
        await table.on("Ask")
        await table.press("escape")
        await table.on("StudioScreen")
        assert table.screen.opened is None and table.screen.editor.read_only

    play(tmp_path, story, start="studio", file=str(path_of(tmp_path)))
    assert kept(tmp_path) == "# left\n" + SCENARIO


async def changed_outside(table: Table) -> None:
    path_of(table.folder).write_text("# theirs\n" + SCENARIO, encoding="utf-8")
    table.screen.watch_disk()
    await table.until(lambda: table.screen.conflict)
    await table.shows("F10 decides")


def test_saving_over_what_somebody_else_wrote_is_a_question_and_mine_can_win(tmp_path):
    async def story(table: Table) -> None:
        await table.press(*"# mine")
        path_of(tmp_path).write_text("# theirs\n" + SCENARIO, encoding="utf-8")
        await table.press("ctrl+s")
        await table.on("Ask")
        assert path_of(tmp_path).read_text() == "# theirs\n" + SCENARIO
        await table.press("d")
        await table.shows("-# theirs")
        await table.press("escape")
        await table.on("Ask")
        await table.press("m")
        await table.until(lambda: path_of(tmp_path).read_text() == "# mine" + SCENARIO)

    studio(tmp_path, story)


def test_a_change_on_the_disk_is_told_without_taking_a_key_and_theirs_can_be_taken_and_undone(tmp_path):
    async def story(table: Table) -> None:
        await table.press(*"# mi")
        await changed_outside(table)
        await table.press(*"ne")
        assert table.screen.editor.text == "# mine" + SCENARIO
        await table.press("f10")
        await table.on("Ask")
        await table.press("t")
        await table.until(lambda: table.app.writing.text == "# theirs\n" + SCENARIO and not table.app.writing.unsaved)
        await table.until(lambda: "F10" not in table.text())
        await table.press("ctrl+z")
        await table.until(lambda: table.app.writing.text == "# mine" + SCENARIO)

    studio(tmp_path, story)


def test_a_file_that_is_gone_can_be_saved_anew(tmp_path):
    async def story(table: Table) -> None:
        path_of(tmp_path).unlink()
        await table.press(*"# a", "ctrl+s")
        await table.shows("It is gone from the disk")
        await table.press("m")
        await table.until(path_of(tmp_path).exists)
        assert path_of(tmp_path).read_text() == "# a" + SCENARIO

    studio(tmp_path, story)


def test_a_disk_that_takes_nothing_is_one_sentence_and_the_text_stays(tmp_path, monkeypatch):
    async def story(table: Table) -> None:
        await table.press(*"# a")

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(autosave, "replace", full)
            await table.press("ctrl+s")
            await table.shows("was not saved: the disk is full")
        assert table.screen.text == "# a" + SCENARIO and path_of(tmp_path).read_text() == SCENARIO

    studio(tmp_path, story)


def test_that_nothing_was_saved_stays_to_be_read_when_what_is_typed_cannot_be_kept_either(tmp_path, monkeypatch):
    async def story(table: Table) -> None:
        await table.press(*"# a")
        tried: list[object] = []

        def full(*target: object) -> None:
            tried.append(target)
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(autosave, "replace", full)
            await table.press("ctrl+s")
            await table.shows("was not saved: the disk is full")
            before = len(tried)
            table.screen._keep()
            await table.until(
                lambda: (
                    len(tried) > before and all(each.is_finished for each in table.app.workers if each.group == "disk")
                )
            )
            await table.pilot.pause()
            assert "was not saved: the disk is full" in table.text()

    studio(tmp_path, story)


def test_quitting_with_unsaved_text_asks_and_saves(tmp_path):
    async def story(table: Table) -> None:
        await table.press(*"# a", "ctrl+q")
        await table.shows("is not saved")
        await table.press("escape")
        await table.on("StudioScreen")
        await table.press("ctrl+q")
        await table.on("Ask")
        await table.press("s")
        await table.until(lambda: path_of(tmp_path).read_text() == "# a" + SCENARIO)
        await table.until(lambda: table.app._exit)

    studio(tmp_path, story)


def test_quitting_with_nothing_unsaved_asks_nothing(tmp_path):
    async def story(table: Table) -> None:
        await table.press("ctrl+q")
        await table.until(lambda: table.app._exit)

    studio(tmp_path, story)
    assert os.listdir(path_of(tmp_path).parent) == ["evening.yaml"]


def test_ids_are_offered_while_typing_and_tab_takes_one(tmp_path):
    async def story(table: Table) -> None:
        await stand(table, "hurry:")
        editor = table.screen.editor
        await table.press(*["left"] * 6, *["shift+left"] * 3)
        row, _ = editor.cursor_location
        editor.replace("to: ", (row, 0), (row, len(editor.lines[row])))
        editor.replace("      hurry: {text: Hurry, to: ", (row, 0), (row, len(editor.lines[row])))
        editor.move_cursor((row, len(editor.lines[row])))
        await table.press(*"ha")
        await table.shows("Tab takes it")
        await table.shows("A hard one")
        await table.press("tab")
        await table.until(lambda: line(table).endswith("to: hard"))
        assert not editor.popup.display
        await table.press("}")
        assert line(table).endswith("to: hard}")

    studio(tmp_path, story)


def test_the_arrows_choose_and_esc_closes_what_is_offered(tmp_path):
    async def story(table: Table) -> None:
        await stand(table, "turn: advocate")
        await table.press(*["backspace"] * 8)
        await table.press(" ", "backspace")
        await table.until(lambda: table.screen.editor.popup.display)
        await table.press("down", "down", "enter")
        await table.until(lambda: line(table) == "    turn: chance")
        await table.press(*["backspace"] * 6, "o")
        await table.until(lambda: table.screen.editor.popup.display)
        await table.press("escape")
        await table.until(lambda: not table.screen.editor.popup.display)
        await table.press("enter")
        assert table.screen.editor.lines[table.screen.editor.cursor_location[0] - 1] == "    turn: o"

    studio(tmp_path, story)


def test_a_new_line_stands_where_it_belongs(tmp_path):
    async def story(table: Table) -> None:
        await stand(table, "title: A hard one")
        await table.press("enter", *"xy:", "enter", "z")
        lines, (row, _) = table.screen.editor.lines, table.screen.editor.cursor_location
        assert list(lines[row - 1 : row + 1]) == ["    xy:", "      z"]

    studio(tmp_path, story)


def test_a_problem_is_listed_as_it_is_typed_explained_by_f1_and_gone_to_by_enter(tmp_path):
    async def story(table: Table) -> None:
        await stand(table, "opening: door")
        row = table.screen.editor.cursor_location[0]
        await table.press("x")
        await checked(table)
        await table.shows("HS203")
        table.screen.editor.move_cursor((0, 0))
        await table.press("f4")
        shown = table.screen.query_one("#studio-problems")
        shown.highlighted = [problem.code for problem in table.screen._listed].index("HS203")
        await table.press("f1")
        await table.shows("there is no such scene")
        await table.press("escape", "enter")
        await table.until(lambda: table.screen.editor.has_focus)
        assert table.screen.editor.cursor_location == (row, len("opening: "))

    studio(tmp_path, story)


def test_while_a_text_cannot_be_read_the_last_good_one_is_mapped_and_said_to_be_older(tmp_path):
    async def story(table: Table) -> None:
        await table.press("f7")
        await table.until(lambda: table.screen._drawn is not None)
        await table.press("f3", "{")
        await checked(table)
        await table.press("f7")
        await table.shows("of an older text")
        assert table.screen.query_one(MapCanvas).selected == "door"
        await table.press("f3", "backspace")
        await checked(table)
        await table.press("f7")
        await table.until(lambda: "of an older text" not in table.text())

    studio(tmp_path, story)


@pytest.mark.parametrize("size", [(80, 24), WIDE], ids=str)
def test_moving_in_the_map_moves_the_cursor_and_the_other_way_round(tmp_path, size):
    async def story(table: Table) -> None:
        await table.press("f7")
        await table.until(lambda: table.screen._drawn is not None)
        await table.pilot.pause()
        await table.press("home", "down")
        await table.until(lambda: line(table) == "  phone:")
        await table.press("f3")
        await stand(table, "text: Nobody knows.")
        await table.until(lambda: table.screen.query_one(MapCanvas).selected == "hard")

    studio(tmp_path, story, size)


def test_a_play_begins_in_the_cursors_scene_and_goes_on_with_the_next_text(tmp_path):
    async def story(table: Table) -> None:
        await stand(table, "text: She tells her part.")
        await table.press("f9")
        await table.shows("She tells her part.")
        await table.press("enter")
        await table.shows("You look at each other.")
        assert table.screen.query_one(Play).scene == "both"
        await table.press("f3")
        await stand(table, "text: You look at each other.")
        await table.press(*["backspace"] * 6, *"now.")
        await checked(table)
        await table.press("f9")
        await table.shows("You look at each now.")
        await table.press("f3", "f9")
        await table.shows("You look at each now.")
        await table.press("left")
        await table.shows("She tells her part.")

    studio(tmp_path, story)


def test_what_can_be_said_is_played_beside_the_text_too(tmp_path):
    async def story(table: Table) -> None:
        await stand(table, "text: Dana sits on the edge of the bed.")
        await table.press("f9")
        await table.shows("Let him speak with her.")
        await table.press("down", "down", "down", "enter")
        await table.shows("speaks into his radio")
        assert table.screen.query_one(Play).scene == "room"

    path = path_of(tmp_path).with_name("open-telling.yaml")
    path.parent.mkdir(parents=True)
    path.write_text(OPEN.read_text(encoding="utf-8"), encoding="utf-8")
    studio(tmp_path, story, file=path)


def test_a_choice_that_is_gone_is_named(tmp_path):
    async def story(table: Table) -> None:
        await stand(table, "text: She tells her part.")
        await table.press("f9")
        await table.shows("She tells her part.")
        await table.press("enter", "f3")
        await stand(table, "listen:")
        editor = table.screen.editor
        row = editor.cursor_location[0]
        editor.replace("lissen", (row, 6), (row, 12))
        await checked(table)
        await table.press("f9")
        said = table.screen.query_one("#play-said", Static)
        await table.until(lambda: "“phone” has no action “listen” now" in str(said.content))
        assert editor.cursor_location[0] == row

    studio(tmp_path, story, WIDE)


def test_a_small_window_shows_one_pane_and_a_large_one_three(tmp_path):
    async def one(table: Table) -> None:
        for key, shown in (
            ("f2", "#studio-files"),
            ("f3", "#studio-text"),
            ("f4", "#studio-problems"),
            ("f7", "#studio-map"),
        ):
            await table.press(key)
            await table.until(lambda shown=shown: table.screen.query_one(shown).has_focus)
            seen = [name for name in ("left", "middle", "side") if table.screen.query_one(f"#studio-{name}").display]
            assert len(seen) == 1

    async def three(table: Table) -> None:
        assert all(table.screen.query_one(f"#studio-{name}").display for name in ("left", "middle", "side"))

    studio(tmp_path, one)
    studio(tmp_path, three, WIDE)


def test_the_key_line_fits_eighty_columns_and_names_what_works(tmp_path):
    async def story(table: Table) -> None:
        footer = " ".join(table.text().splitlines()[-1].split())
        for words in ("^S Save", "F2 Files", "F4 Checks", "F7 Map", "F9 Play", "F1 Help", "F5 Pause", "F6 Step out"):
            assert words in footer
        assert "F3" not in footer and "F10" not in footer
        await table.press("f7")
        await table.shows("^S Save  F2 Files  F3 Text  F4 Checks  F9 Play  F1 Help  F5 Pause  F6 Step out")

    studio(tmp_path, story)


def test_another_file_is_opened_from_the_tree_after_a_question_about_what_is_unsaved(tmp_path):
    other = scenario(tmp_path).with_name("other.yaml")
    other.write_text("# other\n" + SCENARIO, encoding="utf-8")

    async def story(table: Table) -> None:
        await table.press(*"# a", "f2")
        await table.shows("S other.yaml")
        await table.press("down", "enter")
        await table.shows("evening.yaml” is not saved")
        await table.press("w")
        await table.until(lambda: table.app.writing.opened.path == other)
        assert kept(tmp_path) == "# a" + SCENARIO

    studio(tmp_path, story)


def test_a_file_that_is_not_utf_8_is_one_sentence(tmp_path):
    bad = scenario(tmp_path).with_name("bad.yaml")
    bad.write_bytes(b"id: bad\ntitle: caf\xe9\n")

    async def story(table: Table) -> None:
        await table.on("StudioScreen")
        await table.shows("is not UTF-8 from line 2 on")
        await table.press("x")
        assert table.screen.editor.text == ""

    play(tmp_path, story, start="studio", file=str(bad))
    assert bad.read_bytes() == b"id: bad\ntitle: caf\xe9\n"


def test_a_pause_keeps_what_was_typed_and_comes_back_to_it(tmp_path):
    async def story(table: Table) -> None:
        await table.press(*"# a", "f5")
        await table.on("Quiet")
        await table.press("escape")
        await table.on("StudioScreen")
        assert table.screen.editor.text == "# a" + SCENARIO and table.screen.editor.has_focus

    studio(tmp_path, story)


def test_a_file_that_is_not_there_is_wrong_use(capsys, tmp_path):
    assert main(["studio", str(tmp_path / "nowhere.yaml")]) == 2
    assert "handoff new" in capsys.readouterr().err


OURS = (StudioScreen, Editor, Play, Ask, Page)


@pytest.mark.parametrize("owner", OURS, ids=lambda owner: owner.__name__)
def test_every_key_of_the_studio_has_an_id_and_says_what_it_does(owner):
    for binding in owner.__dict__["BINDINGS"]:
        assert isinstance(binding, Binding) and (
            (binding.description and not binding.show) or (binding.id and binding.tooltip)
        )


def test_when_another_window_comes_to_the_front_what_was_typed_is_kept_at_once(tmp_path):
    async def story(table: Table) -> None:
        side = autosave.side_file(path_of(tmp_path))
        await table.press(*"# ab")
        await table.until(side.exists)
        await table.press("c")
        table.screen._keeping.stop()  # the second is not over yet
        table.app.post_message(AppBlur())
        await table.until(lambda: kept(tmp_path) == "# abc" + SCENARIO)

    studio(tmp_path, story)


def codes(table: Table) -> list[str]:
    return [problem.code for problem in table.app.writing._study.problems]


def listed(table: Table) -> list[str]:
    """The codes in the list of problems."""
    shown = table.app.writing.query_one("#studio-problems", OptionList)
    return [str(option.prompt).split()[0] for option in shown.options]


async def proven(table: Table) -> None:
    """Wait until there is nothing left to be proven about the text as it is now."""
    screen = table.app.writing
    await checked(table)
    await table.until(lambda: screen._study.version == screen.version and screen._study.subject is None, "a proof")


def test_what_is_proven_joins_the_problems_and_goes_when_it_is_mended(tmp_path):
    async def story(table: Table) -> None:
        assert "HS701" in codes(table) and "HS309" not in codes(table)
        await table.until(lambda: table.screen.proving)
        await table.shows("proving …")
        await proven(table)
        assert codes(table).count("HS309") == 1
        await table.until(lambda: "proving" not in table.text())
        assert listed(table).count("HS309") == 1
        await stand(table, "later:")
        editor = table.screen.editor
        row = editor.cursor_location[0]
        editor.replace(
            line(table).replace("when: officer_arrived, closed: nobody is here yet, ", ""),
            (row, 0),
            (row, len(editor.lines[row])),
        )
        await proven(table)
        assert "HS309" not in codes(table) + listed(table)

    studio(tmp_path, story, WIDE)


def test_a_proof_of_an_older_text_is_ended_and_tells_nothing(tmp_path):
    async def story(table: Table) -> None:
        screen = table.screen
        await table.until(lambda: screen._once is not None and screen._once.begun, "another process")
        once = screen._once
        await table.press("[")
        await table.until(lambda: screen._proving is None)
        await table.until(lambda: not once.begun)
        await checked(table)
        assert screen.prover.count == 0 and "HS309" not in codes(table)

    studio(tmp_path, story)


def test_after_a_change_of_prose_alone_what_was_proven_is_told_at_once_and_in_its_new_place(tmp_path):
    async def story(table: Table) -> None:
        await proven(table)
        before = next(problem.line for problem in table.screen._study.problems if problem.code == "HS309")
        await table.press("#", "enter")
        await checked(table)
        assert table.screen._study.subject is None
        assert [p.line for p in table.screen._study.problems if p.code == "HS309"] == [before + 1]

    studio(tmp_path, story)


def test_where_no_process_can_be_begun_it_is_said_once_and_typing_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nowhere"))

    async def story(table: Table) -> None:
        await table.until(lambda: "only by “handoff check”" in table.screen.notice)
        await table.press("#")
        await checked(table)
        assert table.screen.text == "#" + SCENARIO and not table.screen.proving

    studio(tmp_path, story)
