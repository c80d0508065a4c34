"""Files that are edited: opened and saved without changing what was not typed, and kept beside themselves meanwhile."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilitator import autosave
from facilitator.autosave import EVERY, Keeper, Refused


def write(folder: Path, data: bytes | str, name: str = "a.yaml") -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_a_file_is_opened_with_one_kind_of_line_end(tmp_path):
    assert autosave.open_text(write(tmp_path, "id: a\r\ntitle: b\r\n")).text == "id: a\ntitle: b\n"


@given(st.lists(st.text(st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp"])), min_size=1),
       st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())  # fmt: skip
def test_a_file_saved_unchanged_is_the_same_bytes(tmp_path_factory, lines, newline, mark):
    data = (("\ufeff" if mark else "") + newline.join(line.replace("\ufeff", "") for line in lines)).encode()
    path = write(tmp_path_factory.mktemp("same"), data)
    opened = autosave.open_text(path)
    autosave.save(opened, opened.text)
    assert path.read_bytes() == data


def test_saving_keeps_the_mode(tmp_path):
    path = write(tmp_path, "id: a\n")
    path.chmod(0o640)
    autosave.save(autosave.open_text(path), "id: b\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640 and path.read_text() == "id: b\n"


def test_saving_through_a_link_changes_the_file_behind_it(tmp_path):
    real = write(tmp_path, "id: a\n", "real.yaml")
    link = tmp_path / "link.yaml"
    link.symlink_to(real)
    autosave.save(autosave.open_text(link), "id: b\n")
    assert link.is_symlink() and real.read_text() == "id: b\n"


def test_a_full_disk_leaves_the_old_file_and_says_so_in_a_sentence(tmp_path, monkeypatch):
    path = write(tmp_path, "id: a\n")
    opened = autosave.open_text(path)

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refused, match="“a.yaml” was not saved: the disk is full"):
        autosave.save(opened, "id: b\n")
    assert path.read_text() == "id: a\n" and os.listdir(tmp_path) == ["a.yaml"]


def test_a_write_protected_file_is_not_replaced(tmp_path):
    path = write(tmp_path, "id: a\n")
    opened = autosave.open_text(path)
    path.chmod(0o444)
    with pytest.raises(Refused, match="write-protected"):
        autosave.save(opened, "id: b\n")
    assert path.read_text() == "id: a\n"


def test_a_file_that_is_not_utf_8_is_refused_with_its_line(tmp_path):
    with pytest.raises(Refused, match="not UTF-8 from line 2 on"):
        autosave.open_text(write(tmp_path, b"id: a\ntitle: caf\xe9\n"))


def test_an_enormous_file_is_refused_unread(tmp_path):
    path = tmp_path / "a.yaml"
    with path.open("wb") as file:
        file.truncate(autosave.MAX_BYTES + 1)
    with pytest.raises(Refused, match="larger than 5 MB"):
        autosave.open_text(path)


@pytest.mark.parametrize("what", ["missing", "folder"])
def test_what_is_no_file_is_refused(tmp_path, what):
    path = tmp_path / "a.yaml"
    if what == "folder":
        path.mkdir()
    with pytest.raises(Refused, match="“a.yaml”"):
        autosave.open_text(path)


def test_what_is_not_saved_is_offered_again(tmp_path):
    path = write(tmp_path, "id: a\r\n")
    autosave.keep(autosave.open_text(path), "id: b\n")
    left = autosave.unsaved(autosave.open_text(path))
    assert left is not None and left.text == "id: b\n" and path.read_bytes() == b"id: a\r\n"


def test_the_side_file_is_hidden_beside_the_file_and_no_yaml(tmp_path):
    path = write(tmp_path, "id: a\n")
    autosave.keep(autosave.open_text(path), "id: b\n")
    assert sorted(os.listdir(tmp_path)) == [".a.yaml.autosave", "a.yaml"]


def test_nothing_is_offered_that_the_file_has_already(tmp_path):
    path = write(tmp_path, "id: a\n")
    autosave.keep(autosave.open_text(path), "id: b\n")
    path.write_text("id: b\n")
    assert autosave.unsaved(autosave.open_text(path)) is None


def test_typing_back_to_what_was_saved_takes_the_side_file_away(tmp_path):
    path = write(tmp_path, "id: a\n")
    opened = autosave.open_text(path)
    autosave.keep(opened, "id: b\n")
    autosave.keep(opened, "id: a\n")
    assert os.listdir(tmp_path) == ["a.yaml"]


def test_a_side_file_that_cannot_be_written_is_told(tmp_path):
    path = write(tmp_path, "id: a\n")
    opened = autosave.open_text(path)
    path.unlink()
    tmp_path.rmdir()
    with pytest.raises(Refused, match="save soon"):
        autosave.keep(opened, "id: b\n")


def test_the_side_file_is_written_at_once_and_then_once_a_second():
    now = [100.0]
    keeper = Keeper(lambda: now[0])
    assert keeper.wait() == 0
    keeper.wrote()
    now[0] += 0.25
    assert keeper.wait() == pytest.approx(EVERY - 0.25)
    now[0] += 5
    assert keeper.wait() == 0


def test_a_difference_shows_both_sides():
    lines = autosave.differences("id: a\nb\n", "id: c\nb\n", ("theirs", "mine"))
    assert "-id: a" in lines and "+id: c" in lines and " b" in lines


def test_a_text_taken_up_knows_whether_the_file_is_still_the_one_it_was_made_from(tmp_path: Path) -> None:
    path = tmp_path / "story.yaml"
    path.write_text("one\n", encoding="utf-8")
    opened = autosave.open_text(path)
    autosave.keep(opened, "one\ntwo\n")
    left = autosave.unsaved(autosave.open_text(path))
    assert left is not None and left.text == "one\ntwo\n" and left.same_base
    path.write_text("theirs\n", encoding="utf-8")
    left = autosave.unsaved(autosave.open_text(path))
    assert left is not None and left.text == "one\ntwo\n" and not left.same_base
