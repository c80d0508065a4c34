"""Variants: what a play draws changes its words and nothing else, and whoever looks at it later reads the same words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from facilitator.checks.texts import prose
from simulator.events import BadEvent, Start, from_json, to_json
from simulator.game import Game
from simulator.games import Games
from simulator.library import Bundle, Library, bundle_from_texts
from simulator.log import Place, Store
from simulator.model import Seat
from simulator.outlook import Outlook
from simulator.outlook.knowledge import Observer
from simulator.outlooks import begin as begin_outlook
from simulator.play import game_of
from simulator.reading import wording
from simulator.session import Session
from simulator.summing import names_of, summarise
from simulator.variants import BadDraw, Wanted, by_seed, number_of_draws, rewritten, worded
from tests.generator import generate, texts
from tests.small import Tree

HUMANS = (Place("officer", "Heron", "human"), Place("advocate", "Wren", "human"))
STREETS = ["Alder Street", "Mill Road", "Quay Lane"]
NEIGHBORS = [{"name": "Ines", "she": "she"}, {"name": "Teo", "she": "he"}]


@pytest.fixture(scope="module")
def kitchen() -> Bundle:
    return Library().bundle("kitchen-table")


def street(seed: int = 3, **size: Any) -> Bundle:
    """A generated scenario in which every text that a draw may change holds two placeholders."""
    trees = generate(seed, **size)
    _mark(trees["scenario"])
    trees["scenario"]["variants"] = {"street": STREETS, "neighbor": NEIGHBORS}
    return bundle_from_texts(texts(trees))


def _mark(tree: Tree) -> None:
    for key, value in tree.items():
        if isinstance(value, dict):
            _mark(value)
        elif isinstance(value, list):
            for each in value:
                if isinstance(each, dict):
                    _mark(each)
        elif key in ("text", "brief", "says", "closed", "because", "felt", "report", "label", "name", "purpose"):
            tree[key] = f"{value} {{street}} {{neighbor.She}}"
        elif key == "title" and "scenes" not in tree:
            tree[key] = f"{value} {{neighbor.name}}"
    for each in (tree.get("private"),):
        for seat in each or ():
            each[seat] = f"{each[seat]} {{street}}"


def draws(bundle: Bundle) -> Iterator[dict[str, int]]:
    found: list[dict[str, int]] = [{}]
    for name, entries in bundle.written.variants.items():
        found = [{**draw, name: number} for draw in found for number in range(len(entries))]
    assert len(found) == number_of_draws(bundle.written.variants)
    return iter(found)


def told(bundle: Bundle) -> str:
    return "\n".join(each.text for each in prose(replace(bundle.scenario, variants={}, protocols={})))


def story(game: Game) -> list[object]:
    """All that exploring a game comes to: its states and arrows, what each is still worth, what each seat may see of a move."""
    outlook = Outlook.of(game)
    graph = outlook.graph
    found: list[object] = [graph.states, graph.start, graph.initial, graph.initial_emitted]
    watchers = {seat: Observer(game, seat) for seat in game.seats}
    for block in graph.blocks:
        found += [block.scene, block.first, [np.asarray(word).tolist() for word in block.words]]
        for edges in block.edges:
            found += [edges.move.ids, edges.to.tolist()]
            found += [observer.sees_move(block.scene, edges.move) for observer in watchers.values()]
    found += [outlook[state] for state in range(graph.states)]
    return found


# --- words, and nothing else --------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_every_draw_of_a_generated_scenario_plays_the_same_story(seed: int) -> None:
    bundle = street(seed, layers=3, width=2, calendar=seed % 3 == 0)
    first = story(game_of(bundle))
    words = {told(bundle)}
    for draw in draws(bundle):
        other = bundle.drawn(draw)
        assert story(game_of(other)) == first
        words.add(told(other))
    assert len(words) == number_of_draws(bundle.written.variants)


@pytest.mark.parametrize("seed", range(6))
def test_the_story_hangs_on_no_text_that_a_draw_may_change_whatever_is_put_there(seed: int) -> None:
    bundle = bundle_from_texts(texts(generate(seed, layers=3, width=2, calendar=seed % 2 == 0)))
    count = iter(range(1_000_000))
    other = replace(bundle, scenario=rewritten(bundle.scenario, lambda text: f"other words {next(count)}"))
    assert next(count) > 20
    assert story(game_of(other)) == story(game_of(bundle))


def test_an_employer_is_no_prose_since_the_story_hangs_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above would notice: with employers let in, who shares whose papers changes."""
    bundle = bundle_from_texts(texts(generate(0, layers=3, width=2, seats=3)))
    tree = generate(0, layers=3, width=2, seats=3)
    employers = {seat["employer"] for seat in tree["scenario"]["seats"].values()}
    assert len(employers) > 1
    same = {slot for slot in wording.SAME if slot != (Seat, "employer")}
    monkeypatch.setattr(wording, "SAME", frozenset(same))
    wording.drawable.cache_clear()
    try:
        other = replace(bundle, scenario=rewritten(bundle.scenario, lambda text: "all one"))
        assert story(game_of(other)) != story(game_of(bundle))
    finally:
        monkeypatch.undo()
        wording.drawable.cache_clear()


def test_a_draw_leaves_a_scenario_without_variants_alone() -> None:
    bundle = bundle_from_texts(texts(generate(1)))
    assert worded(bundle.scenario, {}) is bundle.scenario
    assert bundle.drawn({}) is bundle and bundle.draw == {}


def test_a_capital_in_the_placeholder_is_one_in_the_text() -> None:
    bundle = street()
    assert "Alder Street She" in told(bundle) and "Quay Lane He" in told(bundle.drawn({"street": 2, "neighbor": 1}))


def test_the_title_by_which_lists_know_a_scenario_is_the_same_in_every_draw(kitchen: Bundle) -> None:
    for draw in draws(kitchen):
        drawn = kitchen.drawn(draw).scenario
        assert (drawn.title, drawn.summary, drawn.advisories) == (
            kitchen.scenario.title, kitchen.scenario.summary, kitchen.scenario.advisories,
        )  # fmt: skip


def test_no_draw_of_the_kitchen_table_leaves_a_brace_or_a_name_of_another_draw(kitchen: Bundle) -> None:
    names = {"street": ("Alder", "Linden", "Mill Road"), "cover": ("Tran", "Novak", "Osei")}
    for draw in draws(kitchen):
        text = told(kitchen.drawn(draw))
        assert "{" not in text and "}" not in text
        for name, words in names.items():
            assert [word for word in words if word in text] == [words[draw[name]]]


def test_a_protocol_speaks_the_names_that_were_drawn_for_its_parts() -> None:
    shelf = Path(__file__).parent / "fixtures" / "shelf"
    text = (shelf / "library" / "porch.yaml").read_text(encoding="utf-8")
    text = text.replace("name: Officer Reyes", 'name: "Officer {officer-name}"')
    text = text.replace("\nopening: porch\n", "\nvariants:\n  officer-name: [Reyes, Boyd]\nopening: porch\n")
    kept = Library([shelf]).bundle("porch").texts
    bundle = bundle_from_texts(replace(each, text=text) if each.kind == "scenario" else each for each in kept)
    scene = next(name for name, path in bundle.origins.items() if path[0] == "protocols" and path[-1] == "ask")
    assert bundle.scenario.scenes[scene].text == "Sam Okafor sits down; Officer Reyes waits."
    assert bundle.drawn({"officer-name": 1}).scenario.scenes[scene].text == "Sam Okafor sits down; Officer Boyd waits."


# --- the draw -----------------------------------------------------------------------------------------------------


def test_the_same_seed_draws_the_same_and_seeds_together_draw_every_entry(kitchen: Bundle) -> None:
    variants = kitchen.written.variants
    assert by_seed(variants, 12) == by_seed(variants, 12)
    found = {tuple(by_seed(variants, seed).values()) for seed in range(200)}
    assert len(found) == number_of_draws(variants)


def test_what_is_asked_for_stands_whatever_else_is_drawn(kitchen: Bundle) -> None:
    variants = kitchen.written.variants
    assert {Wanted({"street": 2}, at_random=True).draw(variants, seed)["street"] for seed in range(30)} == {2}
    assert Wanted({"street": 2}).draw(variants, 9) == {"street": 2, "cover": 0}


@pytest.mark.parametrize(
    "draw, said",
    [
        ({"stret": 1}, "Did you mean “street”?"),
        ({"street": 3}, "its entries are 1 to 3"),
        ({"street": -1}, "no entry 0"),
        ({"street": "x"}, "no entry x"),
    ],
)
def test_a_draw_that_cannot_be_says_what_there_is(kitchen: Bundle, draw: Any, said: str) -> None:
    with pytest.raises(BadDraw, match=said.replace("?", r"\?")):
        kitchen.drawn(draw)


# --- a session ----------------------------------------------------------------------------------------------------


def begun(store: Store, bundle: Bundle, **draw: int) -> Session:
    return Session.begin(store, bundle, HUMANS, seed=1, draw=Wanted(draw))


def test_the_log_records_the_draw_and_a_session_taken_up_again_tells_the_same_words(
    store: Store, kitchen: Bundle
) -> None:
    session = begun(store, kitchen, street=1)
    assert store.read(session.id)[0].body["draw"] == {"street": 1, "cover": 0}
    again = Session.reopen(store, session.id)
    assert again.view("officer") == session.view("officer")
    assert "Linden Street" in again.view("officer").passages[0].text
    assert again.retold(again.events, again.places).view("officer") == session.view("officer")


def test_a_draw_at_random_is_kept_as_it_fell(store: Store, kitchen: Bundle) -> None:
    for seed in range(4):
        session = Session.begin(store, kitchen, HUMANS, seed=seed, draw=Wanted(at_random=True))
        assert Session.reopen(store, session.id).bundle.draw == by_seed(kitchen.written.variants, seed)


def test_a_log_from_before_there_were_variants_reads_as_written(kitchen: Bundle) -> None:
    start = to_json(Start(scenario="x", texts={}, seats={}, seed=1))
    del start["draw"]
    read = from_json(json.loads(json.dumps(start)))
    assert isinstance(read, Start)
    assert kitchen.drawn(read.draw) is kitchen


def test_a_draw_that_the_texts_do_not_have_is_refused_in_words(store: Store, kitchen: Bundle) -> None:
    start = begun(store, kitchen).events[0]
    assert isinstance(start, Start)
    ident = store.sessions()[0].id
    with pytest.raises(BadEvent, match="its entries are 1 to 3"):
        Games().of(store, ident, replace(start, draw={"street": 7}))


def test_plays_of_many_draws_read_their_texts_once(
    store: Store, kitchen: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    idents = [begun(store, kitchen, street=number).id for number in (0, 1, 2, 1)]
    asked = []
    read = store.texts
    monkeypatch.setattr(store, "texts", lambda ident: asked.append(ident) or read(ident))
    games = Games()
    found = [Session.reopen(store, ident, games=games) for ident in idents]
    assert len(asked) == 1
    assert [session.bundle.draw["street"] for session in found] == [0, 1, 2, 1]
    assert found[1].state.game is found[3].state.game and found[1].state.game is not found[2].state.game


def test_one_outlook_serves_every_draw(kitchen: Bundle) -> None:
    assert begin_outlook(kitchen.drawn({"street": 2})) is begin_outlook(kitchen)


def test_figures_of_many_keep_one_name_for_each_thing_whatever_was_drawn(store: Store) -> None:
    bundle = street()
    drawn = begun(store, bundle, street=1, neighbor=1)
    assert names_of(drawn.bundle) == names_of(bundle)
    assert any("Alder Street" in each.text for each in names_of(bundle))


def played(store: Store, bundle: Bundle, **draw: int) -> Session:
    """A play to its end in which everybody takes the last open option."""
    session = begun(store, bundle, **draw)
    while not session.finished:
        session.run_others()
        for seat in session.on_turn:
            session.choose(seat, [option.action for option in session.view(seat).options if option.open][-1])
    return session


def test_a_debrief_speaks_of_turning_points_in_the_words_of_its_own_play(store: Store) -> None:
    bundle = street(5, layers=3)
    first, other = (repr(played(store, bundle, **draw).hindsight()) for draw in ({}, {"street": 2, "neighbor": 1}))
    assert "Alder Street" in first and "Quay Lane" in other and "Alder Street" not in other
    assert first.replace("Alder Street She", "Quay Lane He").replace("Ines", "Teo") == other


def test_a_summary_differs_in_nothing_but_the_session_it_is_of(store: Store) -> None:
    bundle = street(layers=2)

    def summed(**draw: int) -> Any:
        session = played(store, bundle, **draw)
        found = summarise(session, store.read(session.id))
        return replace(
            found,
            session="", created="", day="", seconds=0.0, decisions=tuple(replace(d, seconds=0.0) for d in found.decisions),
        )  # fmt: skip

    assert summed() == summed(street=2, neighbor=1)
