"""Variants on the command line and in the lobby."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simulator.log import open_store
from simulator.session import Session
from tests import app_helpers
from tests.app_helpers import Table, play
from tests.golden import SCRIPTS
from tests.test_cli import GOOD, run  # noqa: F401 - a fixture

EXPERT = str(SCRIPTS / "kitchen-table" / "expert.script")
MINI = str(Path(__file__).parent / "fixtures" / "two-scenes.yaml")


def test_an_entry_that_is_asked_for_is_told(run):  # noqa: F811
    code, out, _ = run("play", "kitchen-table", "--variant", "street=3", "--variant", "cover=2", "--script", EXPERT)
    assert code == 0 and "Mill Road" in out and "Officer Novak" in out and "Alder Street" not in out


def test_a_script_tells_the_first_of_every_list(run):  # noqa: F811
    _, plain, _ = run("play", "kitchen-table", "--script", EXPERT, "--seed", "5", store=False)
    _, first, _ = run("play", "kitchen-table", "--script", EXPERT, "--seed", "5", "--draw", "first", store=False)
    assert "Alder Street" in plain and plain.splitlines()[:-1] == first.splitlines()[:-1]


def test_drawing_at_random_is_made_repeatable_by_the_seed(run):  # noqa: F811
    def streets(seed: int) -> str:
        given = ("--draw", "random", "--seed", str(seed), "--script", EXPERT, "--json")
        _, out, _ = run("play", "kitchen-table", *given, store=False)
        return next(name for name in ("Alder Street", "Linden Street", "Mill Road") if name in out)

    assert streets(4) == streets(4)
    assert len({streets(seed) for seed in range(8)}) > 1


@pytest.mark.parametrize(
    "given, said",
    [
        (["kitchen-table", "--variant", "stret=2"], "Did you mean “street”?"),
        (["kitchen-table", "--variant", "street=9"], "its entries are 1 to 3"),
        ([MINI, "--variant", "street=1"], "has no list of variants “street”"),
        (["kitchen-table", "--variant", "street"], "such as street=2"),
        (["kitchen-table", "--variant", "street=0"], "such as street=2"),
    ],
)
def test_a_variant_that_cannot_be_is_wrong_use_and_says_what_can(run, given, said):  # noqa: F811
    code, _, err = run("play", *given, "--plain", typed="")
    assert code == 2 and said in err and "Traceback" not in err


def test_a_replay_says_how_to_hear_it_in_the_same_names(run, tmp_path):  # noqa: F811
    run("play", "kitchen-table", "--script", EXPERT, "--variant", "street=2")
    [row] = _sessions(tmp_path)
    code, out, _ = run("replay", row)
    assert code == 0 and out.splitlines()[0] == "# drawn: --variant street=2"
    asked = out.splitlines()[0].removeprefix("# drawn: ").split()
    code, again, _ = run("play", "kitchen-table", "--script", "-", *asked, typed=out, store=False)
    assert code == 0 and "Linden Street" in again


def test_score_and_report_tell_what_was_drawn(run, tmp_path):  # noqa: F811
    mini = tmp_path / "two-scenes.yaml"
    text = Path(MINI).read_text(encoding="utf-8").replace("o: {text: Screen,", 'o: {text: "Screen on {street}",')
    assert "{street}" in text
    mini.write_text(
        text.replace("\nopening:", "\nvariants:\n  street: [Alder Street, Mill Road]\nopening:"), encoding="utf-8"
    )
    code, _, _ = run("play", str(mini), "--variant", "street=2", "--script", "-", typed=GOOD)
    [ident] = _sessions(tmp_path)
    for command in (("score", ident), ("score", ident, "--json"), ("report", "session", ident, "--format", "md")):
        code, out, _ = run(*command)
        assert code == 0 and "Screen on Mill Road" in out and "Alder" not in out


def test_json_lines_carry_the_words_that_were_drawn(run):  # noqa: F811
    code, out, _ = run("play", "kitchen-table", "--script", EXPERT, "--variant", "cover=3", "--json", store=False)
    first = json.loads(out.splitlines()[0])
    assert code == 0 and "Tran" not in out and first["kind"] == "turn" and "Osei" in out


def test_check_says_that_every_draw_plays_the_same_story(run):  # noqa: F811
    code, out, _ = run("check", "scenarios/library/kitchen-table.yaml", store=False)
    assert code == 0 and "9 draws from 2 lists of variants" in out and "every draw plays the same story" in out
    code, out, _ = run("check", MINI, store=False)
    assert "draws" not in out


def test_diff_names_the_entries_that_were_changed(run, tmp_path):  # noqa: F811
    text = Path("scenarios/library/kitchen-table.yaml").read_text(encoding="utf-8")
    other = tmp_path / "kitchen-table.yaml"
    other.write_text(text.replace("[Tran, Novak, Osei]", "[Tran, Novak]"), encoding="utf-8")
    code, out, _ = run("diff", "scenarios/library/kitchen-table.yaml", str(other))
    assert code == 0 and "variants cover: Tran, Novak, Osei → Tran, Novak" in out


def _sessions(folder: Path) -> list[str]:
    store = open_store(folder / "store.sqlite3")
    try:
        return [row.id for row in store.sessions()]
    finally:
        store.close()


# --- the lobby ----------------------------------------------------------------------------------------------------


@pytest.fixture
def evening(monkeypatch: pytest.MonkeyPatch) -> None:
    """The small scenario with two lists, of which the first scene tells one."""
    text = app_helpers.SCENARIO.replace("Dana opens", "On {street}, Dana opens")
    text = text.replace("\nopening:", "\nvariants:\n  street: [Alder Street, Mill Road, Quay Lane]\nopening:", 1)
    monkeypatch.setattr(app_helpers, "SCENARIO", text)


def _drawn(folder: Path) -> dict[str, int]:
    store = open_store(folder / "store.sqlite3")
    try:
        [row] = store.sessions()
        return dict(Session.reopen(store, row.id).bundle.draw)
    finally:
        store.close()


async def _begin(table: Table, draw: str | None) -> None:
    await table.until(lambda: table.screen.query("#lobby-begin"))
    if draw is not None:
        await table.pick("#lobby-draw", draw)
    await table.pick("#player-1", "typical")
    await table.press("f9")
    await table.on("PlayScreen")
    await table.ready()


def test_the_lobby_begins_as_written(evening, tmp_path):
    async def story(table: Table) -> None:
        table.app.open_lobby("evening")
        await _begin(table, None)
        await table.shows("On Alder Street, Dana")

    play(tmp_path, story)
    assert _drawn(tmp_path) == {"street": 0}


def test_the_lobby_draws_names_for_this_play_if_asked(evening, tmp_path):
    async def story(table: Table) -> None:
        await _begin(table, "random")
        await table.shows(f"On {'Alder Street' if SEEDED == 0 else 'Mill Road' if SEEDED == 1 else 'Quay Lane'}, Dana")

    play(tmp_path, story, start="lobby", scenario="evening", seed=SEED)
    assert _drawn(tmp_path) == {"street": SEEDED}


def test_the_lobby_keeps_to_what_the_command_line_named(evening, tmp_path):
    async def story(table: Table) -> None:
        await _begin(table, "random")

    play(tmp_path, story, start="lobby", scenario="evening", variant=[("street", 2)], seed=SEED)
    assert _drawn(tmp_path) == {"street": 2}


def test_the_lobby_tells_of_a_variant_that_is_not_there(evening, tmp_path):
    async def story(table: Table) -> None:
        await table.on("Trouble")
        await table.shows("its entries are 1 to 3")

    play(tmp_path, story, start="lobby", scenario="evening", variant=[("street", 7)])


def test_a_scenario_without_variants_is_not_asked_about_them(tmp_path):
    async def story(table: Table) -> None:
        table.app.open_lobby("evening")
        await table.until(lambda: table.screen.query("#lobby-begin"))
        assert not table.screen.query("#lobby-draw")

    play(tmp_path, story)


SEED, SEEDED = 3, 1  # what this seed draws of three
