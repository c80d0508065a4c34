"""Judgement scenes of many sessions: how people decided beside a panel's spread, on the page, in lines, in JSON and on paper."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from facilitator.cli import main
from facilitator.cohort import figures, looking
from facilitator.cohort_pages import sheets
from facilitator.report.cohort import Around, cohort_report
from facilitator.report.markdown import markdown
from scoring.cohort import ENOUGH, RAW_BELOW, Cohort, DilemmaFigure
from scoring.panel import Vote
from simulator.library import Bundle, Library
from simulator.log import Place, Store, open_store
from simulator.log.postgres import PostgresStore
from simulator.session import Session
from simulator.summing import bring_up_to_date
from tests.app_helpers import scenario
from tests.cohorts import FIGURES
from tests.panels import collect
from tests.servers import Server, as_user
from tests.test_panel_cli import FULL, REASON

EVERYBODY = Cohort()


@pytest.fixture
def evenings(tmp_path: Path) -> Callable[..., Store]:
    """A store of so many plays of the evening, in which “this” was chosen so often; and a panel's votes."""

    def filled(plays: int, this: int, panel: list[Vote] = FULL, advocate: str = "human") -> Store:
        store = open_store(tmp_path / "store.sqlite3")
        fill(store, Library().bundle(scenario(tmp_path)), plays, this, panel, advocate)
        return store

    return filled


def fill(store: Store, bundle: Bundle, plays: int, this: int, panel: list[Vote], advocate: str = "human") -> None:
    """So many plays of the evening in a store, and a panel's votes."""
    for number in range(plays):
        places = (Place("officer", f"O{number}", "human", "PD"), Place("advocate", f"A{number}", advocate, "Harbor"))
        session = Session.begin(store, bundle, places, seed=number, workshop=f"W{number % 3}")
        last = "this" if number < this else "that"
        for seat, action in (("officer", "apart"), ("advocate", "listen"), ("officer", "officer-stay"), ("advocate", "advocate-go"), ("officer", last)):  # fmt: skip
            if seat in session.human_seats:
                session.choose(seat, action)
            session.run_others()
        assert session.finished
    if panel:
        collect(store, bundle, panel)


def only(store: Store, cohort: Cohort = EVERYBODY) -> DilemmaFigure:
    bring_up_to_date(store)
    [found] = figures(store, cohort).dilemmas
    return found


def test_options_are_counted_beside_the_panels(evenings: Callable[..., Store]) -> None:
    with closing(evenings(12, 5)) as store:
        found = only(store)
    assert (found.scenario, found.scene, found.seat, found.decisions, found.panel) == (
        "evening",
        "hard",
        "officer",
        12,
        11,
    )
    assert [(o.option, o.text, o.chosen.words, o.panel) for o in found.options] == [
        ("this", "This way", "5 of 12", 7),
        ("that", "That way", "7 of 12", 4),
    ]
    assert found.options[0].reasons == (REASON,)


def test_under_ten_decisions_no_option_is_counted(evenings: Callable[..., Store]) -> None:
    with closing(evenings(ENOUGH - 1, 4)) as store:
        found = only(store)
    assert found.decisions == ENOUGH - 1
    assert all(option.chosen.hits is None and option.chosen.value is None for option in found.options)
    text = "\n".join(line for sheet in sheets("dilemmas", (found,)) for block in sheet.blocks for line in block.lines)
    assert "not enough to say (n = 9)" in text and not any(
        b.rows for s in sheets("dilemmas", (found,)) for b in s.blocks
    )


def test_an_option_nobody_chose_stands_there_too(evenings: Callable[..., Store]) -> None:
    with closing(evenings(ENOUGH, ENOUGH)) as store:
        assert [option.chosen.words for option in only(store).options] == ["10 of 10", "0 of 10"]


def test_a_panel_that_is_not_enough_is_not_there_at_all(evenings: Callable[..., Store]) -> None:
    with closing(evenings(ENOUGH, 4, FULL[:9])) as store:
        found = only(store)
    assert found.panel is None and all(o.panel is None and not o.reasons for o in found.options)
    [sheet] = sheets("dilemmas", (found,))
    assert sheet.blocks[1].lines[1:] == ("· this one", "· that one")


def test_what_a_computer_decided_is_not_counted(evenings: Callable[..., Store]) -> None:
    with closing(evenings(3, 1, advocate="typical")) as store:
        assert only(store).decisions == 3  # the officer's; the advocate is the computer's and decides elsewhere


def test_a_cohort_takes_its_own_sessions_only(evenings: Callable[..., Store]) -> None:
    with closing(evenings(33, 33)) as store:
        assert only(store, Cohort(workshop="W1")).decisions == 11
        assert only(store, Cohort(agency="PD")).decisions == 33
        bring_up_to_date(store)
        assert figures(store, Cohort(workshop="nowhere")).dilemmas == ()


def test_from_thirty_on_there_is_a_share_with_its_interval_over_workshops(evenings: Callable[..., Store]) -> None:
    with closing(evenings(RAW_BELOW + 3, 16)) as store:
        chosen = only(store).options[0].chosen
    assert (chosen.n, chosen.hits, chosen.clusters) == (33, 16, 3)
    assert chosen.value == pytest.approx(16 / 33) and chosen.low is not None


def test_texts_that_cannot_be_read_any_more_leave_the_options_names(
    evenings: Callable[..., Store], monkeypatch
) -> None:
    with closing(evenings(ENOUGH, 4)) as store:
        bring_up_to_date(store)
        monkeypatch.setattr("facilitator.cohort_dilemmas._played", lambda *_: None)
        [found] = figures(store, Cohort()).dilemmas
    assert Counter({o.text: o.chosen.hits for o in found.options}) == {"this": 4, "that": 6}
    assert found.panel is None


def test_every_way_of_asking_gives_the_same(evenings: Callable[..., Store]) -> None:
    """Live sums, as a coordinator's login has them, are the same as those of the store's owner."""
    with closing(evenings(12, 5)) as store:
        bring_up_to_date(store)
        with looking(store, Cohort(), as_it_is=True) as look:
            from facilitator.cohort import dilemmas

            live = replace(look, asked=look.asked._replace(tallies=False))
            assert dilemmas(live) == dilemmas(look) != ()


def test_a_coordinators_login_sees_both_spreads_and_no_reasons(server: Server, tmp_path: Path) -> None:
    with server.login("pat") as pat, server.database() as url, closing(PostgresStore(url)) as owner:
        fill(owner, Library().bundle(scenario(tmp_path)), ENOUGH, 4, FULL)
        bring_up_to_date(owner)
        owner.admit(pat, "PD")
        with closing(PostgresStore(as_user(url, pat))) as store:
            [found] = figures(store, Cohort()).dilemmas
    assert [(o.chosen.words, o.panel, o.reasons) for o in found.options] == [("4 of 10", 7, ()), ("6 of 10", 4, ())]


def test_the_plain_page_and_json_say_it(
    evenings: Callable[..., Store], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evenings(12, 5).close()
    where = str(tmp_path / "store.sqlite3")
    assert main(["review", "--cohort", "--plain", "--store", where]) == 0
    said = capsys.readouterr().out
    assert "This way: 5 of 12" in said and "7 (3 community, 4 police): This way" in said and f"“{REASON}”" in said
    assert main(["review", "--cohort", "--json", "--store", where]) == 0
    [found] = json.loads(capsys.readouterr().out)["dilemmas"]
    assert found["options"][0]["chosen"]["words"] == "5 of 12" and "credit" not in str(found)


@pytest.mark.parametrize("kind", ["workshop", "cohort"])
def test_the_report_of_many_has_a_part_for_it(kind) -> None:
    text = markdown(cohort_report(FIGURES, kind, Around(title="all", scope=())))
    part = text.split("## Where there was no right answer")[1].split("\n## ")[0]
    assert "| This way | 58 % (50–66 %), n = 206 | 7 (3 community, 4 police) |" in part
    assert "It is hers to say." in part
    assert "not enough to say (n = 9)" in part and "- her child" in part and "| Go |" not in part


def test_a_report_without_such_a_scene_says_so() -> None:
    text = markdown(cohort_report(replace(FIGURES, dilemmas=()), "cohort", Around(title="all", scope=())))
    assert "Nobody has decided in a judgement scene yet." in text
