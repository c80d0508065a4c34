"""`handoff panel` on a screen: a panelist's way from the first page to the thanks, by keys and by mouse."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from facilitator.sitting import Sitting
from facilitator.voting import asked_for
from scoring.panel import Vote
from simulator.library import Bundle, Library
from simulator.log import LogError, open_store
from simulator.panel import questions
from tests.app_helpers import SCENARIO, Table, play, scenario
from tests.panels import collect, votes
from tests.test_panel_cli import FULL

SECRET = "ANOTHERSREASON"
LATER = """  later:
    title: An hour later
    turn: advocate
    present: [officer, advocate]
    text: It is late.
    judgement: {question: What now?, both_sides: [stay, go]}
    actions:
      stay: {text: Stay, to: end}
      go: {text: Go, when: officer_arrived, closed: nobody came, to: end}
  end:"""


@pytest.fixture
def two(tmp_path: Path) -> str:
    """A scenario of two judgement scenes."""
    path = tmp_path / "two" / "library" / "evening.yaml"
    path.parent.mkdir(parents=True)
    text = SCENARIO.replace("{text: This way, to: end}", "{text: This way, to: later}")
    path.write_text(text.replace("  end:", LATER, 1), encoding="utf-8")
    return str(path)


def sit(folder: Path, story, where: str = "", **options) -> None:
    play(folder, story, start="panel", scenario=where or str(scenario(folder)), **options)


def kept(folder: Path, where: str = "") -> dict[str, list[Vote]]:
    """The votes in the test's store, by scene."""
    bundle = Library().bundle(where or str(scenario(folder)))
    with closing(open_store(folder / "store.sqlite3")) as store:
        return {scene: cast for (scene, _), cast in store.votes(bundle.scenario.id).items()}


def known(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "store.sqlite3")) as db:
        return [name for (name,) in db.execute("SELECT known FROM panelists")]


async def begin(table: Table, word: str = "") -> None:
    """Community work, and perhaps a word."""
    await table.shows("What is your work?")
    await table.press("3", "enter", *word, "enter")
    await table.shows("1 of ")


async def vote(table: Table, key: str, reason: str = "") -> None:
    await table.press(key, "enter")
    await table.shows("In one line, why?")
    await table.press(*reason, "enter")


def test_advisories_and_what_becomes_of_it_stand_before_the_first_question(tmp_path: Path) -> None:
    async def story(table: Table) -> None:
        await table.shows("What is your work?")
        text = " ".join(table.text().split())
        assert "raised voices, a door that slams" in text and "counted without your name" in text
        assert "Which of the two?" not in text

    sit(tmp_path, story)


def test_a_vote_is_kept_with_its_work_and_its_reason(tmp_path: Path) -> None:
    async def story(table: Table) -> None:
        await begin(table, "heron")
        await table.shows("Which of the two?")
        await vote(table, "2", "asked")
        await table.shows("Thank you.")
        assert "That way" in table.text() and "“asked”" in table.text()

    sit(tmp_path, story)
    assert kept(tmp_path) == {"hard": [Vote(option="that", discipline="community", reason="asked")]}
    assert known(tmp_path) == ["heron"]


def test_only_the_seat_that_decides_is_read_and_markup_is_text(tmp_path: Path) -> None:
    text = SCENARIO.replace("text: Nobody knows.", 'text: "Nobody [b]knows[/b] [oops."')

    async def story(table: Table) -> None:
        await begin(table)
        await table.shows("Nobody [b]knows[/b] [oops.")
        assert "OFFICERSECRET one." in table.text() and "ADVOCATESECRET" not in table.text()

    path = tmp_path / "marked" / "library" / "evening.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    sit(tmp_path, story, str(path))


def test_nothing_of_others_is_on_any_page(tmp_path: Path, two: str) -> None:
    bundle = Library().bundle(two)
    with closing(open_store(tmp_path / "store.sqlite3")) as store:
        for question in questions(bundle.scenario, bundle.vocabulary):
            for number, each in enumerate(FULL):
                cast = Vote(option=question.options[0].id, discipline=each.discipline, reason=SECRET)
                store.vote("evening", question.scene, question.digest, cast, f"heron{number}")
    seen: list[str] = []

    async def story(table: Table) -> None:
        await begin(table, "heron1")
        await table.shows("You have voted on this before.")
        seen.append(table.text())
        await vote(table, "2", "mine")
        await table.shows("2 of 2")
        seen.append(table.text())
        await table.press("f9")
        await table.shows("Thank you.")
        seen.append(table.text())

    sit(tmp_path, story, two)
    assert len(seen) == 3 and not any(SECRET in text or "Chosen by" in text for text in seen)


def test_a_question_may_be_left_out_and_the_last_page_says_so(tmp_path: Path, two: str) -> None:
    async def story(table: Table) -> None:
        await begin(table)
        await table.press("f9")
        await table.shows("2 of 2 · 0 kept, 2 still open")
        await vote(table, "1")
        await table.shows("Left out: 1.")
        assert "1 kept, 1 still open" in table.text()
        assert "it has 1 of at least 10 votes" in " ".join(table.text().split())

    sit(tmp_path, story, two)
    assert set(kept(tmp_path, two)) == {"later"}


def test_going_back_shows_what_was_chosen_and_changing_it_replaces_it(tmp_path: Path, two: str) -> None:
    async def story(table: Table) -> None:
        await begin(table)
        await vote(table, "1", "so")
        await table.shows("2 of 2")
        await table.press("f4")
        await table.shows("1 of 2")
        assert "▶ 1" in table.text() and "so" in table.text()
        await table.press("2", "enter")
        await table.shows("In one line, why?")
        await table.press(*"il", "enter")
        await table.shows("2 of 2")

    sit(tmp_path, story, two)
    assert kept(tmp_path, two) == {"hard": [Vote(option="that", discipline="community", reason="soil")]}


def test_what_is_selected_is_kept_by_going_on_with_f9(tmp_path: Path) -> None:
    async def story(table: Table) -> None:
        await begin(table)
        await table.press("down", "f9")
        await table.shows("Thank you.")

    sit(tmp_path, story)
    assert kept(tmp_path) == {"hard": [Vote(option="this", discipline="community")]}


def test_without_a_word_votes_are_nobodys_once_the_panelist_has_left(tmp_path: Path) -> None:
    async def story(table: Table) -> None:
        await begin(table)
        await vote(table, "1")
        await table.shows("Thank you.")
        assert len(known(tmp_path)[0]) == 16  # while they sit here, so that they can change it
        await table.press("ctrl+q")

    sit(tmp_path, story)
    assert known(tmp_path) == [""]


def test_own_votes_can_be_erased_and_others_stay(tmp_path: Path) -> None:
    where = str(scenario(tmp_path))
    with closing(open_store(tmp_path / "store.sqlite3")) as store:
        collect(store, Library().bundle(where), votes("this", police=2))

    async def story(table: Table) -> None:
        await begin(table, "heron")
        await vote(table, "2")
        await table.shows("X Erase mine")
        await table.press("x")
        await table.shows("Erase your votes in this scenario?")
        await table.press("n")
        await table.on("PanelScreen")
        assert len(kept(tmp_path)["hard"]) == 3
        await table.press("x", "y")
        await table.shows("1 vote erased.")

    sit(tmp_path, story)
    assert {each.option for each in kept(tmp_path)["hard"]} == {"this"} and len(kept(tmp_path)["hard"]) == 2


def test_the_next_panelist_finds_nothing_of_the_one_before(tmp_path: Path) -> None:
    async def story(table: Table) -> None:
        await begin(table, "heron")
        await vote(table, "2", "secret")
        await table.shows("F9 Next panelist")
        await table.press("f9")
        await table.shows("What is your work?")
        assert "heron" not in table.text()
        await table.press("1", "enter", "enter")
        await table.shows("1 of 1 · 0 kept")
        assert "secret" not in table.text() and "▶" not in table.text()
        await vote(table, "1")
        await table.shows("Thank you.")

    sit(tmp_path, story)
    assert [(v.option, v.discipline) for v in sorted(kept(tmp_path)["hard"], key=lambda v: v.option)] == [
        ("that", "community"),
        ("this", "police"),
    ]


def test_a_mouse_does_it_all(tmp_path: Path) -> None:
    async def click(table: Table, number: int) -> None:
        await table.click(number)
        await table.click(number)
        await table.pilot.pause()

    async def tap(table: Table, words: str) -> None:
        """Click on a key in the last line."""
        line = table.text().splitlines()[-1]
        await table.pilot.click("KeyLine", offset=(line.index(words) + 3, 0))

    async def story(table: Table) -> None:
        await table.shows("What is your work?")
        await click(table, 0)
        await table.shows("A word of your own")
        await tap(table, "F9 Next")
        await table.shows("Which of the two?")
        await click(table, 1)
        await table.shows("In one line, why?")
        await tap(table, "F9 Next")
        await table.shows("Thank you.")

    sit(tmp_path, story)
    assert kept(tmp_path) == {"hard": [Vote(option="that", discipline="police")]}


def test_nothing_is_asked_of_somebody_who_has_not_said_their_work(tmp_path: Path) -> None:
    async def story(table: Table) -> None:
        await table.shows("What is your work?")
        await table.press("f9")
        await table.shows("First your work")
        assert "Which of the two?" not in table.text()

    sit(tmp_path, story)


def test_work_and_word_of_the_command_line_are_filled_in(tmp_path: Path) -> None:
    async def story(table: Table) -> None:
        await table.shows("heron")
        await table.press("f9")
        await table.shows("Which of the two?")
        await vote(table, "1")
        await table.shows("Thank you.")

    sit(tmp_path, story, discipline="police", alias="heron")
    assert known(tmp_path) == ["heron"]


def test_a_pause_covers_the_question_and_comes_back_to_it(tmp_path: Path) -> None:
    async def story(table: Table) -> None:
        await begin(table)
        await table.shows("Nobody knows.")
        await table.press("f5")
        await table.on("Quiet")
        assert "Nobody knows." not in table.text()
        await table.press("escape")
        await table.on("PanelScreen")
        await table.shows("Nobody knows.")

    sit(tmp_path, story)


# --- the sitting behind it -----------------------------------------------------------------------------------


@pytest.fixture
def evening(tmp_path: Path) -> Bundle:
    return Library().bundle(scenario(tmp_path))


def test_whoever_says_another_work_later_has_said_it_of_every_vote(tmp_path: Path, evening: Bundle) -> None:
    with closing(open_store(tmp_path / "store.sqlite3")) as store:
        sitting = Sitting(store, evening, asked_for(evening, None))
        sitting.begin("police", "")
        sitting.keep(0, "this", "so")
        sitting.begin("community", "")
        [cast] = store.votes("evening").values()
    assert cast == [Vote(option="this", discipline="community", reason="so")]


@pytest.mark.parametrize("words", [("", "heron"), ("heron", "wren"), ("heron", "")])
def test_whoever_gives_another_word_later_takes_their_votes_along(
    tmp_path: Path, evening: Bundle, words: tuple[str, str]
) -> None:
    with closing(open_store(tmp_path / "store.sqlite3")) as store:
        store.vote("other", "s", "digest", Vote(option="a", discipline="police"), words[0])
        sitting = Sitting(store, evening, asked_for(evening, None))
        sitting.begin("police", words[0])
        sitting.keep(0, "this", "so")
        sitting.begin("police", words[1])
        assert store.votes("evening").popitem()[1] == [Vote(option="this", discipline="police", reason="so")]
        assert store.votes_of(words[1]) == (1 if words[1] else 0)
        sitting.end()
        assert len(store.votes("other")) == 1 and sitting.kept == 1
    assert sorted(known(tmp_path)) == sorted(words)


def test_a_word_tells_that_there_is_a_vote_and_not_which(tmp_path: Path, evening: Bundle) -> None:
    with closing(open_store(tmp_path / "store.sqlite3")) as store:
        first = Sitting(store, evening, asked_for(evening, None))
        first.begin("police", "heron")
        first.keep(0, "this", SECRET)
        second = Sitting(store, evening, asked_for(evening, None))
        second.begin("police", "Heron ")
        assert second.earlier == {0} and second.missing == () and second.draft(0).option is None
        assert SECRET not in repr(second)


def test_a_name_on_the_line_is_cleaned_of_what_a_terminal_would_act_on(tmp_path: Path, evening: Bundle) -> None:
    with closing(open_store(tmp_path / "store.sqlite3")) as store:
        sitting = Sitting(store, evening, asked_for(evening, None))
        sitting.begin("police", "")
        sitting.keep(0, "this", "a\x1b[31mb\nc")
        [[cast]] = store.votes("evening").values()
    assert cast.reason == "a [31mb c"


def test_who_may_only_look_may_not_vote(evening: Bundle) -> None:
    class Looking:
        may_write = False

    with pytest.raises(LogError, match="run by the store's owner"):
        Sitting(Looking(), evening, ())  # type: ignore[arg-type]
