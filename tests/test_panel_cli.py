"""`handoff panel`, and what a debrief shows of a panel: in plain lines, in `score`, and in the app."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from facilitator.cli import main
from scoring.panel import Vote
from simulator.library import Bundle, Library
from simulator.log import Place, open_store
from simulator.log.postgres import PostgresStore
from simulator.plain import Plain
from simulator.session import Session
from simulator.variants import Wanted
from tests.app_helpers import Table, play, scenario
from tests.app_helpers import kept as kept_session
from tests.panels import asked, collect, votes
from tests.servers import Server, as_user

REASON = "A panelist's own words."
FULL = [
    *votes("this", REASON, police=4, community=3),
    *votes("that", "Slower, and kinder.", police=1, community=2, health=1),
]
SHOWN = "11 people who do this work (5 community, 5 police, 1 of other work) were asked the same"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on the test's store with lines typed; gives (code, out, err)."""

    def runner(*args: str, typed: str = "", store: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = main([*args, "--store", store or str(tmp_path / "store.sqlite3")])
        said = capsys.readouterr()
        return code, said.out, said.err

    return runner


@pytest.fixture
def evening(tmp_path: Path) -> str:
    return str(scenario(tmp_path))


def bundle_of(where: str) -> Bundle:
    return Library().bundle(where)


def kept(folder: Path, where: str) -> list[Vote]:
    bundle = bundle_of(where)
    with closing(open_store(folder / "store.sqlite3")) as store:
        question = asked(bundle)
        return store.votes(bundle.scenario.id).get((question.scene, question.digest), [])


def fill(folder: Path, where: str, cast: list[Vote]) -> None:
    with closing(open_store(folder / "store.sqlite3")) as store:
        collect(store, bundle_of(where), cast)


# --- voting --------------------------------------------------------------------------------------------------


def test_a_panelist_is_asked_for_work_a_word_an_option_and_a_reason(run: Run, tmp_path: Path, evening: str) -> None:
    code, out, _ = run("panel", evening, typed="3\nheron\n2\nShe asked me to.\n")
    assert code == 0 and "1 vote kept." in out
    assert kept(tmp_path, evening) == [Vote(option="that", discipline="community", reason="She asked me to.")]


def test_advisories_come_before_the_first_situation_and_every_box_says_no_real_people(run: Run, evening: str) -> None:
    _, out, _ = run("panel", evening, typed="3\nheron\n2\nx\n")
    assert out.index("raised voices") < out.index("Nobody knows.") < out.index("Which of the two?")
    assert "No real people" in out and "not your name" in out


def test_what_later_happens_and_what_others_chose_is_not_shown(run: Run, tmp_path: Path, evening: str) -> None:
    fill(tmp_path, evening, FULL)
    _, out, _ = run("panel", evening, "--discipline", "police", "--as", "x", typed="1\n\n")
    assert not any(words in out for words in (REASON, "Chosen by", "The night ends", "this one", "Over."))


def test_a_wrong_answer_is_asked_again_and_enter_skips(run: Run, tmp_path: Path, evening: str) -> None:
    _, out, _ = run("panel", evening, "--discipline", "police", "--as", "", typed="9\nthat\n\n")
    assert "“9” is none of them" in out and [vote.option for vote in kept(tmp_path, evening)] == ["that"]
    _, out, _ = run("panel", evening, "--discipline", "police", "--as", "", typed="\n")
    assert "0 votes kept" in out


@pytest.mark.parametrize("typed", ["q\n", "", "1\n"])
def test_who_stops_before_the_reason_leaves_no_vote(run: Run, tmp_path: Path, evening: str, typed: str) -> None:
    code, out, _ = run("panel", evening, "--discipline", "police", "--as", "x", typed=typed)
    assert code == 0 and "0 votes kept" in out and kept(tmp_path, evening) == []


def test_a_word_typed_again_is_told_before_it_takes_the_earlier_vote_s_place(
    run: Run, tmp_path: Path, evening: str
) -> None:
    run("panel", evening, "--discipline", "police", "--as", "Heron", typed="1\nQuick.\n")
    _, out, _ = run("panel", evening, "--discipline", "health", "--as", "heron", typed="2\nSlow.\n")
    assert out.index("“heron” has voted on this before") < out.index("Kept, in place of the one before.")
    assert kept(tmp_path, evening) == [Vote(option="that", discipline="health", reason="Slow.")]


def test_a_reason_is_one_line_without_what_a_terminal_would_act_on(run: Run, tmp_path: Path, evening: str) -> None:
    long = "x" * 301
    _, out, _ = run("panel", evening, "--discipline", "police", "--as", "", typed=f"1\n{long}\nQuick\x1b[2J.\n")
    assert "301 characters" in out
    assert [vote.reason for vote in kept(tmp_path, evening)] == ["Quick [2J."]


def test_as_json_questions_and_votes_are_objects_a_line(run: Run, tmp_path: Path, evening: str) -> None:
    code, out, _ = run("panel", evening, "--json", "--discipline", "justice", typed="this\nQuick.\n")
    question, vote = map(json.loads, out.splitlines())
    assert code == 0 and (question["kind"], vote["kind"]) == ("question", "vote")
    assert [each["option"] for each in question["options"]] == ["this", "that"] and vote["option"] == "this"
    assert kept(tmp_path, evening) == [Vote(option="this", discipline="justice", reason="Quick.")]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--scene", "door"], "“door” is no judgement scene of “An evening”; a panel can be asked about hard"),
        (["--scene", "nowhere"], "“nowhere” is no scene of “An evening”; a panel can be asked about hard"),
        (["--discipline", "nurse"], "“nurse” is no discipline; say police, justice, community, health"),
        (["--json"], "say the panelist's discipline"),
    ],
)
def test_what_cannot_be_asked_is_told_in_a_sentence(run: Run, evening: str, more: list[str], told: str) -> None:
    code, out, err = run("panel", evening, *more)
    assert (code, out) == (2, "") and told in err


def test_a_scenario_without_a_judgement_scene_has_nothing_to_ask(run: Run) -> None:
    code, _, err = run("panel", str(Path(__file__).parent / "fixtures" / "two-scenes.yaml"))
    assert code == 2 and "has no judgement scene" in err


def test_a_panelist_can_be_forgotten_who_never_played(run: Run, tmp_path: Path, evening: str) -> None:
    run("panel", evening, "--discipline", "police", "--as", "Heron", typed="1\nQuick.\n")
    code, out, _ = run("forget", "HERON")
    assert code == 0 and "0 sessions and 1 vote of a panel" in out
    assert kept(tmp_path, evening) == [Vote(option="this", discipline="police")]


# --- how far a panel is --------------------------------------------------------------------------------------


def test_the_list_says_what_a_panel_lacks_and_nothing_of_what_was_chosen(
    run: Run, tmp_path: Path, evening: str
) -> None:
    fill(tmp_path, evening, FULL[:7])
    code, out, _ = run("panel", evening, "--list")
    assert code == 0 and "Voted: 3 community, 4 police." in out and "since it has 7 of at least 10 votes" in out
    assert "This way" not in out and REASON not in out and "Panelist" not in out


def test_the_list_shows_the_spread_once_it_is_enough(run: Run, tmp_path: Path, evening: str) -> None:
    fill(tmp_path, evening, FULL)
    _, out, _ = run("panel", evening, "--list")
    assert "- This way Chosen by 7: 3 community, 4 police." in out
    [found] = json.loads(run("panel", evening, "--list", "--json")[1])
    assert found["enough"] and [one["votes"] for one in found["spread"]] == [7, 4] and "credit" not in str(found)


def test_a_panel_of_one_mind_is_told_that_it_may_be_a_rule(run: Run, tmp_path: Path, evening: str) -> None:
    fill(tmp_path, evening, votes("this", police=5, community=5))
    assert "perhaps a rule" in run("panel", evening, "--list")[1]


# --- the debrief ---------------------------------------------------------------------------------------------


def finished(folder: Path, where: str) -> str:
    """A play of the evening to its end, in the test's store."""
    with closing(open_store(folder / "store.sqlite3")) as store:
        session = Session.begin(
            store, bundle_of(where), (Place("officer", "Heron", "human"), Place("advocate", "Plover", "human")), seed=1
        )
        for seat, action in (
            ("officer", "apart"), ("advocate", "listen"), ("officer", "officer-stay"), ("advocate", "advocate-go"), ("officer", "this"),
        ):  # fmt: skip
            session.choose(seat, action)
        return session.id


def reacted(folder: Path, where: str) -> str:
    """Such a play, with its first reactions done, so that a report opens."""
    ident = finished(folder, where)
    with closing(open_store(folder / "store.sqlite3")) as store:
        Session.reopen(store, ident).finish_phase("reactions")
    return ident


def debriefed(folder: Path, ident: str) -> str:
    """What the plain debrief says, on one line."""
    out = io.StringIO()
    with closing(open_store(folder / "store.sqlite3")) as store:
        Plain(Session.reopen(store, ident), io.StringIO(), out, interactive=False).debrief()
    return " ".join(out.getvalue().split())


def test_before_a_panel_is_enough_the_pair_is_asked_to_argue_both_sides(tmp_path: Path, evening: str) -> None:
    ident = finished(tmp_path, evening)
    fill(tmp_path, evening, FULL[:9])
    text = debriefed(tmp_path, ident)
    assert "Argue both sides before you agree: - this one - that one" in text
    assert "who do this work" not in text and REASON not in text


def test_from_enough_on_the_spread_and_the_reasons_come_after_both_sides(tmp_path: Path, evening: str) -> None:
    ident = finished(tmp_path, evening)
    fill(tmp_path, evening, FULL)
    text = debriefed(tmp_path, ident)
    assert text.index("Argue both sides") < text.index("that one") < text.index(SHOWN)
    assert f"- This way Chosen by 7: 3 community, 4 police. “{REASON}”" in text
    assert "- That way Chosen by 4: 2 community, 1 police, 1 of other work. “Slower, and kinder.”" in text
    assert "Panelist" not in text and "health" not in text


def test_a_session_of_another_wording_shows_no_panel(tmp_path: Path, evening: str) -> None:
    fill(tmp_path, evening, FULL)
    path = Path(evening)
    path.write_text(path.read_text(encoding="utf-8").replace("Nobody knows.", "Nobody can know."), encoding="utf-8")
    assert "who do this work" not in debriefed(tmp_path, finished(tmp_path, evening))


def test_an_option_that_nobody_of_the_panel_chose_is_shown_so(tmp_path: Path, evening: str) -> None:
    ident = finished(tmp_path, evening)
    fill(tmp_path, evening, votes("this", police=5, community=5))
    assert "- That way Chosen by nobody." in debriefed(tmp_path, ident)


def test_score_shows_the_panel_in_words_and_keeps_it_out_of_its_figures(run: Run, tmp_path: Path, evening: str) -> None:
    ident = finished(tmp_path, evening)
    fill(tmp_path, evening, FULL)
    assert SHOWN in run("score", ident)[1]
    assert "credit" not in run("score", ident, "--json")[1]


def test_the_kitchen_table_s_dilemma_is_debriefed_with_its_panel(run: Run, tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "store.sqlite3")) as store:
        bundle = Library().bundle("kitchen-table")
        cast: list[Vote] = []
        for option in asked(bundle).options:
            cast += votes(option.id, f"For {option.id}.", police=2, community=2)
        collect(store, bundle, cast)
    script = tmp_path / "there.script"
    script.write_text(run("explore", "kitchen-table", "--show", "scene without-her-leave")[1], encoding="utf-8")
    code, out, _ = run("play", "kitchen-table", "--script", str(script))
    text = " ".join(out.split())
    assert code == 0 and "12 people who do this work (6 community, 6 police) were asked the same" in text
    assert text.count("Chosen by 4: 2 community, 2 police. “For ") == 3


def test_score_as_json_and_the_report_show_what_the_debrief_does(run: Run, tmp_path: Path, evening: str) -> None:
    ident = reacted(tmp_path, evening)
    fill(tmp_path, evening, FULL)
    [panel] = json.loads(run("score", ident, "--json")[1])["panels"]
    assert (panel["scene"], panel["seat"], panel["enough"], panel["votes"]) == ("hard", "officer", True, 11)
    assert [one["votes"] for one in panel["spread"]] == [7, 4] and "credit" not in str(panel)
    assert panel["spread"][1]["by_discipline"] == {"police": 1, "community": 2, "of other work": 1}
    report = run("report", "session", ident, "--format", "md")[1]
    assert SHOWN in report and f"“{REASON}”" in report and "Chosen by 7: 3 community, 4 police." in report


def test_of_a_panel_that_is_not_enough_they_say_only_that_and_both_sides(
    run: Run, tmp_path: Path, evening: str
) -> None:
    ident = reacted(tmp_path, evening)
    fill(tmp_path, evening, [replace(vote, reason="PANELSECRET") for vote in FULL[:9]])
    said = run("score", ident, "--json")[1]
    assert json.loads(said)["panels"] == [
        {"scene": "hard", "seat": "officer", "enough": False, "votes": None, "spread": []}
    ]
    report = run("report", "session", ident)[1]
    assert "PANELSECRET" not in said + report
    assert "Argue both sides before you agree." in report and "this one" in report and "that one" in report


def test_nothing_of_a_panel_is_in_a_view_a_replay_or_an_export(run: Run, tmp_path: Path, evening: str) -> None:
    ident = finished(tmp_path, evening)
    fill(tmp_path, evening, [replace(vote, reason="PANELSECRET") for vote in FULL])
    commands = (("replay", ident), ("review", "--json"))
    exports = [
        ("export", kind, "--for", level) for kind in ("csv", "json", "xapi") for level in ("employer", "research")
    ]
    for command in (*commands, *exports):
        said = "".join(map(str, run(*command)))
        assert "PANELSECRET" not in said and "panelist" not in said.casefold(), command
    with closing(open_store(tmp_path / "store.sqlite3")) as store:
        session = Session.reopen(store, ident)
        seen = str([session.view(seat) for seat in session.seats]) + str(store.read(ident)) + str(store.texts(ident))
        assert "PANELSECRET" not in seen and "panelist" not in seen.casefold()


# --- in the app ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [9, 11])
def test_the_app_s_page_of_dilemmas_shows_a_panel_from_enough_on(tmp_path: Path, count: int) -> None:
    ident = kept_session(tmp_path, advocate="typical", finished=True)
    fill(tmp_path, str(scenario(tmp_path)), FULL[:count])

    async def story(table: Table) -> None:
        await table.until(lambda: table.screen.query("#write-reactions"))
        await table.press("enter")
        await table.shows("What only one of you could see")
        await table.press("f9")
        await table.shows("Law and life safety come first.")
        await table.press("8")
        await table.shows("What speaks for each side")
        if count < len(FULL):
            assert "What a panel thinks" not in table.text()
        else:
            await table.shows("What a panel thinks")
            await table.shows(REASON)
            await table.shows("Chosen by 7: 3 community, 4 police.")

    play(tmp_path, story, start="resume", session=ident, size=(120, 50))


# --- who may see a panel -------------------------------------------------------------------------------------


@pytest.fixture
def rooms(server: Server, own_url: str) -> Iterator[tuple[PostgresStore, str]]:
    """A store on a server, and the address of a coordinator of it."""
    with server.login("pat") as pat, closing(PostgresStore(own_url)) as owner:
        owner.admit(pat, "Riverton PD")
        yield owner, as_user(own_url, pat)


def test_a_coordinator_sees_the_votes_of_a_full_panel_and_of_no_smaller_one(rooms: tuple[PostgresStore, str]) -> None:
    owner, where = rooms
    bundle = Library().bundle("kitchen-table")
    cast = votes("plan-around-it", REASON, police=5, community=4)
    collect(owner, bundle, cast)
    with closing(PostgresStore(where)) as store:
        assert store.votes("kitchen-table") == {}
        collect(owner, bundle, [*cast, Vote(option="plan-around-it", discipline="community")])
        [seen] = store.votes("kitchen-table").values()
        assert len(seen) == 10 and {vote.reason for vote in seen} == {""}
        assert store.votes_of("Panelist0") == 0


def test_a_coordinator_runs_no_panel(rooms: tuple[PostgresStore, str], run: Run) -> None:
    code, _, err = run("panel", "kitchen-table", "--list", store=rooms[1])
    assert code == 1 and "a panel is run by the store's owner" in err


def test_a_play_told_in_other_names_finds_the_panel_that_read_it_as_written(tmp_path: Path, evening: str) -> None:
    path = Path(evening)
    text = path.read_text(encoding="utf-8").replace("Nobody knows.", "Nobody in {town} knows.")
    path.write_text(f"{text}\nvariants:\n  town: [Alder, Linden]\n", encoding="utf-8")
    bundle = bundle_of(evening)
    fill(tmp_path, evening, FULL)
    places = [Place(seat, "", "human") for seat in bundle.scenario.seats]
    with closing(open_store(tmp_path / "store.sqlite3")) as store:
        session = Session.begin(store, bundle, places, draw=Wanted(chosen={"town": 1}))
        [panel] = session.panels().values()
        assert "Nobody in Linden knows." in session.bundle.scenario.scenes[panel.question.scene].text
        assert panel.full
