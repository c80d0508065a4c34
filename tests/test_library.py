"""The shelf: what is at hand, what one play is made of, and what happens when a file is broken."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from simulator.library import Library, Text, Unreadable, bundle_from_texts

SHELF = Path(__file__).parent / "fixtures" / "shelf"
PACKAGED = Library()


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A shelf of one's own, to break."""
    return Path(shutil.copytree(SHELF, tmp_path / "shelf"))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def codes_of(error: pytest.ExceptionInfo[Unreadable]) -> list[str]:
    return [problem.code for problem in error.value.problems]


# --- one play ------------------------------------------------------------------------------------------------


def test_a_bundle_holds_all_that_one_play_needs() -> None:
    bundle = Library([SHELF]).bundle("porch")
    ids = (bundle.scenario.id, bundle.mou.id, bundle.jurisdiction.id, bundle.framework.id, bundle.vocabulary.id)
    assert ids == ("porch", "plain", "here", "simple", "vocabulary")


def test_a_bundles_protocols_are_inlined() -> None:
    assert "screen.ask" in Library([SHELF]).bundle("porch").scenario.scenes


def test_a_scenario_is_found_by_its_path() -> None:
    assert Library([SHELF]).bundle(SHELF / "library" / "porch.yaml").scenario.id == "porch"


def test_a_path_may_be_given_as_text() -> None:
    assert Library().bundle(str(SHELF / "library" / "porch.yaml")).scenario.id == "porch"


def test_a_scenario_brings_the_files_beside_it_along(tmp_path: Path) -> None:
    for name in ("library/porch", "mous/plain", "jurisdictions/here", "frameworks/simple", "vocabulary"):
        shutil.copy(SHELF / f"{name}.yaml", tmp_path)
    assert Library().bundle(tmp_path / "porch.yaml").mou.id == "plain"


def test_another_agreement_can_be_chosen(shelf: Path) -> None:
    shutil.copy(shelf / "mous" / "plain.yaml", shelf / "mous" / "other.yaml")
    change(shelf / "mous" / "other.yaml", "id: plain", "id: other")
    assert Library([shelf]).bundle("porch", mou="other").mou.id == "other"


def test_another_agreement_can_be_chosen_by_its_path(shelf: Path, tmp_path: Path) -> None:
    shutil.copy(shelf / "mous" / "plain.yaml", tmp_path / "mine.yaml")
    change(tmp_path / "mine.yaml", "id: plain", "id: mine")
    assert Library([shelf]).bundle("porch", mou=tmp_path / "mine.yaml").mou.id == "mine"


def test_the_first_folder_wins(shelf: Path) -> None:
    change(shelf / "library" / "porch.yaml", "title: On the porch", "title: My own porch")
    assert Library([shelf, SHELF]).bundle("porch").scenario.title == "My own porch"
    assert Library([SHELF, shelf]).bundle("porch").scenario.title == "On the porch"


def test_a_change_on_disk_is_seen_at_once(shelf: Path) -> None:
    library = Library([shelf])
    library.bundle("porch")
    change(shelf / "library" / "porch.yaml", "title: On the porch", "title: Changed")
    assert library.bundle("porch").scenario.title == "Changed"


def test_an_unknown_scenario_is_answered_with_the_nearest() -> None:
    with pytest.raises(Unreadable) as error:
        Library([SHELF]).bundle("poch")
    (problem,) = error.value.problems
    assert problem.hint == "Did you mean “porch”?"


def test_a_missing_file_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as error:
        Library([SHELF]).bundle(tmp_path / "none.yaml")
    assert "HS101" in codes_of(error)


def test_errors_in_every_file_of_a_play_are_told_together(shelf: Path) -> None:
    change(shelf / "library" / "porch.yaml", "to: weather", "to: wether")
    change(shelf / "mous" / "plain.yaml", "30 min", "a while")
    change(shelf / "jurisdictions" / "here.yaml", "2026-01-01", "2026-13-01")
    with pytest.raises(Unreadable) as error:
        Library([shelf]).bundle("porch")
    assert codes_of(error) == ["HS203", "HS113", "HS112"]


def test_warnings_ride_along(shelf: Path) -> None:
    change(shelf / "library" / "porch.yaml", "  end:\n", "  garden: {text: Dark., to: end}\n  end:\n")
    assert [problem.code for problem in Library([shelf]).bundle("porch").warnings] == ["HS301"]


def test_a_switch_of_any_jurisdiction_may_be_asked_for(shelf: Path) -> None:
    there = shelf / "jurisdictions" / "there.yaml"
    shutil.copy(shelf / "jurisdictions" / "here.yaml", there)
    change(there, "id: here", "id: there")
    change(there, "mandatory_arrest:", "rare_switch:")
    change(there, "law.mandatory_arrest", "law.rare_switch")
    change(shelf / "library" / "porch.yaml", "law.mandatory_arrest", "law.rare_switch")
    assert Library([shelf]).bundle("porch").jurisdiction.id == "here"


def test_a_bundle_knows_where_a_scene_of_a_protocol_is_written() -> None:
    file, line, column = Library([SHELF]).bundle("porch").place("scenario", "scenes", "again.thanks", "text")
    written = (SHELF / "library" / "porch.yaml").read_text(encoding="utf-8").splitlines()[line - 1]
    assert file.endswith("porch.yaml")
    assert written[column - 1 :] == 'text: "{asker} says thanks."'


# --- kept copies ---------------------------------------------------------------------------------------------


def test_a_text_is_known_by_the_digest_of_its_exact_bytes() -> None:
    text = Library([SHELF]).bundle("porch").texts[0]
    assert text.digest == hashlib.sha256((SHELF / "library" / "porch.yaml").read_bytes()).hexdigest()


def test_a_byte_order_mark_and_line_ends_belong_to_the_exact_text(shelf: Path) -> None:
    path = shelf / "library" / "porch.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    text = Library([shelf]).bundle("porch").texts[0]
    assert text.digest == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_bundle_is_rebuilt_from_kept_copies_without_any_file() -> None:
    bundle = Library([SHELF]).bundle("porch")
    kept = [Text(text.kind, text.id, text.digest, text.text, "gone") for text in bundle.texts]
    again = bundle_from_texts(kept)
    assert again.scenario == bundle.scenario
    assert [text.digest for text in again.texts] == [text.digest for text in bundle.texts]


def test_kept_copies_of_too_few_files_are_unreadable() -> None:
    texts = Library([SHELF]).bundle("porch").texts
    with pytest.raises(Unreadable, match="no copy of its mou"):
        bundle_from_texts(text for text in texts if text.kind != "mou")


def test_kept_copies_that_were_cut_short_are_unreadable() -> None:
    texts = Library([SHELF]).bundle("porch").texts
    with pytest.raises(Unreadable):
        bundle_from_texts(replace(text, text=text.text[:300]) for text in texts)


# --- cards ---------------------------------------------------------------------------------------------------


def test_a_card_shows_what_the_home_screen_needs() -> None:
    card = next(card for card in Library([SHELF]).scenarios() if card.id == "porch")
    assert card.playable
    assert (card.title, card.minutes_to_play, card.topics) == ("On the porch", 10, ("hotline",))
    assert card.seats == ("Officer Reyes (Patrol officer)", "Sam Okafor (Community advocate)")


@pytest.mark.parametrize("damage", ["", "id: [", "scenes: 3", "\x00", "id: porch\nscenes: {}\n"])
def test_a_broken_file_is_a_card_with_problems(shelf: Path, damage: str) -> None:
    (shelf / "library" / "porch.yaml").write_text(damage, encoding="utf-8")
    card = next(card for card in Library([shelf]).scenarios() if card.id == "porch")
    assert not card.playable
    assert card.problems


def test_a_scenario_whose_agreement_is_broken_is_a_card_with_problems(shelf: Path) -> None:
    change(shelf / "mous" / "plain.yaml", "30 min", "a while")
    card = next(card for card in Library([shelf]).scenarios() if card.id == "porch")
    assert [problem.code for problem in card.problems] == ["HS113"]


def test_a_folder_that_does_not_exist_holds_nothing(tmp_path: Path) -> None:
    assert Library([tmp_path / "none"]).names("mou") == PACKAGED.names("mou")


def test_a_file_that_is_none_of_ours_is_passed_over(shelf: Path) -> None:
    (shelf / "notes.yaml").write_text("buy: milk\n", encoding="utf-8")
    library = Library([shelf])
    assert all("notes" not in library.names(kind) for kind in ("scenario", "mou", "jurisdiction", "framework"))


# --- the packaged library ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PACKAGED.names("scenario"))
def test_a_packaged_scenario_can_be_played(name: str) -> None:
    bundle = PACKAGED.bundle(name)
    assert bundle.scenario.id == name
    assert bundle.warnings == ()


@pytest.mark.parametrize("name", PACKAGED.names("scenario"))
@pytest.mark.parametrize("mou", PACKAGED.names("mou"))
def test_a_packaged_scenario_can_be_played_under_every_packaged_agreement(name: str, mou: str) -> None:
    assert PACKAGED.bundle(name, mou=mou).mou.id == mou


@pytest.mark.parametrize("name", PACKAGED.names("scenario"))
@pytest.mark.parametrize("jurisdiction", PACKAGED.names("jurisdiction"))
def test_a_packaged_scenario_can_be_played_in_every_packaged_jurisdiction(name: str, jurisdiction: str) -> None:
    assert PACKAGED.bundle(name, jurisdiction=jurisdiction).jurisdiction.id == jurisdiction


def test_the_package_brings_scenarios_agreements_laws_and_a_framework() -> None:
    assert all(PACKAGED.names(kind) for kind in ("scenario", "mou", "jurisdiction", "framework"))


def test_the_tutorial_can_be_played() -> None:
    path = Path(__file__).parent.parent / "scenarios" / "tutorial" / "tutorial.yaml"
    assert PACKAGED.bundle(path).warnings == ()
