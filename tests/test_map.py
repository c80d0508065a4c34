"""The map of a scenario: its graph, where it is drawn, what the lenses say, and the files it is written to."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import defaultdict
from functools import partial

import networkx as nx
import pytest

from facilitator.chart import Chart, chart_of
from facilitator.chart_cells import ZOOMS, cells
from facilitator.chart_layout import Plan, plan
from facilitator.lenses import LENSES, look
from facilitator.outline import card, outline
from simulator.library import Library, bundle_from_texts
from tests.app_helpers import SCENARIO, scenario
from tests.generator import generate, texts
from tests.test_imports import PLAY, imported


@pytest.fixture
def evening(tmp_path) -> Chart:
    return chart_of(Library().bundle(scenario(tmp_path)))


def generated(seed: int, **size: int) -> Chart:
    return chart_of(bundle_from_texts(texts(generate(seed, **size))))


def kitchen_table() -> Chart:
    return chart_of(Library().bundle("kitchen-table"))


# --- the graph ---------------------------------------------------------------------------------------------------


def test_a_together_scene_leads_on_by_itself_and_not_by_its_actions(evening):
    assert [(way.target, way.action) for way in evening.ways_from("both")] == [("hard", "")]


def test_every_branch_of_an_action_is_a_way_with_its_condition():
    ways = kitchen_table().ways_from("screen.how-to-ask", "own-words")
    assert [way.when for way in ways] == ["separated_sight_and_sound", ""]


def test_a_protocol_is_shown_where_it_is_played():
    chart = kitchen_table()
    assert chart.after["screen"] == ("screen.how-to-ask",)


@pytest.mark.parametrize("seed", range(6))
def test_without_the_edges_aside_the_graph_has_no_loop_and_layers_lead_forward(seed):
    chart = generated(seed, layers=6, width=4)
    depth = {scene: number for number, layer in enumerate(chart.layers) for scene in layer}
    assert set(depth) == set(chart.scenes)
    assert all(depth[source] < depth[target] for source, target in chart.edges if (source, target) not in chart.aside)


@pytest.mark.parametrize("seed", range(6))
def test_what_is_reached_is_what_networkx_finds(seed):
    chart = generated(seed, layers=6, width=4)
    assert chart.reached == nx.descendants(chart.graph, chart.opening) | {chart.opening}


@pytest.mark.parametrize("seed", range(6))
def test_the_story_begins_with_the_opening_and_ends_with_what_nobody_reaches(seed):
    chart = generated(seed, layers=6, width=4)
    assert chart.order[0] == chart.opening
    assert [scene in chart.reached for scene in chart.order] == sorted(
        (scene in chart.reached for scene in chart.order), reverse=True
    )


def test_a_scene_that_nothing_leads_to_does_not_push_the_opening_down(tmp_path):
    path = scenario(tmp_path)
    path.write_text(
        f"{SCENARIO.rstrip()}\n  lost: {{title: Lost, text: Nobody comes here., to: door}}\n", encoding="utf-8"
    )
    chart = chart_of(Library().bundle(path))
    assert "door" in chart.layers[0] and chart.order[-1] == "lost"
    assert "nothing leads here" in list(outline(chart, look(chart, "seat")))[-2]


def test_seats_whose_names_begin_alike_get_different_letters():
    chart = generated(1, seats=3)
    assert len(set(chart.letters.values())) == 3


def test_a_search_wants_every_word_somewhere_in_the_scene(evening):
    assert evening.find("DANA door") == ("door",)
    assert evening.find("dana elephant") == ()
    assert evening.find("  ") == ()


def test_a_search_looks_into_the_actions_too(evening):
    assert evening.find("hang up") == ("both",)


# --- where it is drawn -------------------------------------------------------------------------------------------

CHARTS = [pytest.param(partial(generated, seed, layers=8, width=5), id=f"generated-{seed}") for seed in range(3)]
CHARTS.append(pytest.param(kitchen_table, id="kitchen-table"))


def laid(chart: Chart) -> Plan:
    return plan(chart, {scene: (len(scene) + 4, 3) for scene in chart.scenes})


@pytest.mark.parametrize("make", CHARTS)
def test_no_two_scenes_overlap(make):
    taken: set[tuple[int, int]] = set()
    for box in laid(make()).boxes.values():
        own = {(x, y) for x in range(box.x, box.x + box.width) for y in range(box.y, box.y + box.height)}
        assert not own & taken and box.x >= 0
        taken |= own


@pytest.mark.parametrize("make", CHARTS)
def test_no_line_runs_through_a_scene(make):
    found = laid(make())
    inside = {
        (x, y)
        for box in found.boxes.values()
        for x in range(box.x, box.x + box.width)
        for y in range(box.y, box.y + box.height)
    }
    for stroke in found.strokes:
        for x in range(stroke.x1, stroke.x2 + 1):
            for y in range(stroke.y1, stroke.y2 + 1):
                assert (x, y) not in inside, stroke


@pytest.mark.parametrize("make", CHARTS)
def test_following_the_lines_of_a_scene_leads_to_the_scenes_it_leads_to(make):
    chart = make()
    found = laid(chart)
    strokes = defaultdict(list)
    for stroke in found.strokes:
        for source in stroke.sources:
            strokes[source].append(stroke)
    above = {(box.centre, box.y - 1): scene for scene, box in found.boxes.items()}
    for scene, box in found.boxes.items():
        cells_of = {
            (x, y): stroke.tip and (x, y) == (stroke.x2, stroke.y2)
            for stroke in sorted(strokes[scene], key=lambda each: each.tip)
            for x in range(stroke.x1, stroke.x2 + 1)
            for y in range(stroke.y1, stroke.y2 + 1)
        }
        seen, left, reached = set(), [(box.centre, box.y + box.height)], set()
        while left:
            cell = left.pop()
            if cell in seen or cell not in cells_of:
                continue
            seen.add(cell)
            if cells_of[cell]:
                reached.add(above[cell])
            x, y = cell
            left += [(x, y + 1), (x, y - 1), (x + 1, y), (x - 1, y)]
        assert reached == {target for target in chart.after[scene] if (scene, target) not in chart.aside}


@pytest.mark.parametrize("make", CHARTS)
def test_two_lines_never_run_along_the_same_row_cells(make):
    owners: dict[tuple[int, int], set[int]] = defaultdict(set)
    for stroke in laid(make()).strokes:
        if stroke.x1 != stroke.x2:
            for x in range(stroke.x1, stroke.x2 + 1):
                owners[x, stroke.y1].add(stroke.net)
    assert owners and all(len(nets) == 1 for nets in owners.values())


def test_a_line_that_starts_below_the_end_of_another_keeps_clear_of_it():
    """Two scenes one below the other, with crossed ways: the upper line must turn off before the lower one comes in."""
    from facilitator.chart_layout import _assign_tracks, _Net

    coming = _Net({0: "left"}, {6: True, 9: True})
    leaving = _Net({6: "middle"}, {2: True, 12: True})
    assert _assign_tracks([coming, leaving]) == 2
    assert leaving.track < coming.track


def test_a_story_without_branches_is_one_straight_column(evening):
    found = plan(evening, {scene: (6 + 2 * number, 3) for number, scene in enumerate(evening.scenes)})
    assert len({box.centre for box in found.boxes.values()}) == 1
    assert all(stroke.x1 == stroke.x2 for stroke in found.strokes)


def test_a_line_that_only_passes_another_does_not_join_it():
    from facilitator.chart_cells import _glyph

    up_and_down, across, branching = 3, 12, 14
    assert _glyph({1: up_and_down, 2: across}) == "│"
    assert _glyph({1: up_and_down, 2: branching}) == "┼"
    assert _glyph({1: up_and_down | across}) == "┼"


@pytest.mark.parametrize("zoom", ZOOMS)
def test_every_scene_is_drawn_with_its_mark(evening, zoom):
    lens = look(evening, "seat")
    drawn = cells(evening, lens, zoom)
    seen = {scene: "" for scene in evening.scenes}
    for y in range(drawn.height):
        for piece in drawn.row(y):
            if piece.role == "mark":
                seen[piece.scenes[0]] += piece.text
    assert seen == {scene: lens.marks[scene].letters for scene in evening.scenes}


def test_the_nearest_zoom_shows_actions_and_where_they_lead(evening):
    drawn = cells(evening, look(evening, "seat"), "all")
    text = "\n".join("".join(piece.text for piece in drawn.row(y)) for y in range(drawn.height))
    assert "· apart → phone" in text and "Maya Ellison" in text


def test_wide_characters_keep_the_boxes_in_shape(tmp_path):
    path = scenario(tmp_path)
    path.write_text(SCENARIO.replace("title: At the door", "title: 玄関の前で 🚪"), encoding="utf-8")
    chart = chart_of(Library().bundle(path))
    from rich.cells import cell_len

    for rows in cells(chart, look(chart, "seat"), "titles").drawn.values():
        assert len({sum(cell_len(piece.text) for piece in row) for row in rows}) == 1


def test_every_one_of_three_hundred_scenes_has_its_place():
    chart = generated(1, layers=30, width=10)
    assert len(chart.scenes) > 290
    drawn = cells(chart, look(chart, "seat"), "titles")
    assert drawn.drawn.keys() == chart.scenes.keys()
    assert all(any(piece.text.strip() for piece in drawn.row(y)) for y in range(60))


def test_two_computers_draw_the_same_map(tmp_path):
    """Python's string hashes differ from process to process, and so would anything that hung on them."""
    pictures = []
    for seed in ("1", "2"):
        path = tmp_path / f"{seed}.svg"
        code = f"from facilitator.cli import main; main(['map', 'kitchen-table', '-o', {str(path)!r}])"
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", code], check=True, env=environment, capture_output=True)
        pictures.append(path.read_bytes())
    assert pictures[0] == pictures[1]


def test_laying_out_a_map_leaves_the_programs_own_error_hook_alone():
    code = "import sys\nfrom tests.test_map import kitchen_table, laid\nlaid(kitchen_table())\nassert sys.excepthook is sys.__excepthook__"
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONPATH": os.getcwd()})


def test_play_and_the_first_frame_load_no_graph_library():
    for code in (PLAY, "import facilitator.app"):
        assert imported(code).isdisjoint({"networkx", "netext"})


# --- lenses ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LENSES)
def test_every_lens_marks_every_scene_in_letters_and_in_words(evening, name):
    lens = look(evening, name)
    assert set(lens.marks) == set(evening.scenes) and lens.legend
    assert all(0 < len(mark.letters) <= 4 and mark.words for mark in lens.marks.values())


def test_the_seat_lens_tells_who_acts(evening):
    marks = look(evening, "seat").marks
    assert [marks[scene].letters for scene in ("door", "phone", "both", "end")] == ["O", "A", "OA", "■"]


def test_the_duty_lens_tells_where_a_duty_can_begin_be_kept_and_be_broken():
    words = look(kitchen_table(), "duty").marks["inside"].words
    assert "can be kept: apart-before-questions, room-looked-over" in words


def test_the_duty_lens_leaves_out_duties_of_parties_that_nobody_plays():
    chart = generated(1, layers=6, width=4, seats=1)
    parties = chart.bundle.mou.parties
    unplayed = [d.id for d in chart.bundle.mou.duties.values() if "patrol-officer" not in parties[d.party].roles]
    assert unplayed
    for mark in look(chart, "duty").marks.values():
        assert not set(re.findall(r"[\w-]+", mark.words)) & set(unplayed)


def test_without_figures_coverage_and_cost_say_that_nothing_was_measured(evening):
    for name in ("coverage", "cost"):
        lens = look(evening, name)
        assert lens.legend == f"{name}: not measured"
        assert {mark.words for mark in lens.marks.values()} == {"not measured"}


def test_coverage_is_shown_in_plays_of_a_hundred_and_a_scene_without_a_figure_says_so(evening):
    marks = look(evening, "coverage", {"door": 1.0, "phone": 0.25, "both": 0.0}).marks
    assert [marks[scene].letters for scene in ("door", "phone", "both", "end")] == ["100%", "25%", "0%", "–"]
    assert marks["end"].words == "not measured"


def test_cost_is_shown_as_a_figure(evening):
    marks = look(evening, "cost", {"door": 75.4, "phone": 0.0}).marks
    assert [marks[scene].letters for scene in ("door", "phone")] == ["75", "0"]


def test_a_rating_without_a_reason_is_left_for_a_reviewer(evening):
    mark = look(evening, "unreviewed").marks["phone"]
    assert "listen is rated without a reason" in mark.words and "hurry is not rated though others are" in mark.words


def test_unfinished_words_are_left_for_a_reviewer(tmp_path):
    path = scenario(tmp_path)
    path.write_text(SCENARIO.replace("Nobody knows.", "TODO write this"), encoding="utf-8")
    assert "the text is not finished" in look(chart_of(Library().bundle(path)), "unreviewed").marks["hard"].words


def test_the_library_scenario_awaits_its_sign_offs_and_says_so():
    legend = look(kitchen_table(), "unreviewed").legend
    assert "0 given" in legend and "survivor-adviser" in legend


# --- the outline and the card --------------------------------------------------------------------------------------


def test_the_outline_names_each_scene_once_and_each_action_with_its_target(evening):
    lines = list(outline(evening, look(evening, "seat")))
    assert sum(line.startswith(("1. ", "2. ", "3. ", "4. ", "5. ")) for line in lines) == 5
    assert "   - apart → phone: Take her apart" in lines
    assert "   - officer-stay (O): You stay" in lines
    assert "   - goes on → hard" in lines


def test_the_outline_says_what_leads_back():
    chart = generated(1, layers=6, width=4)
    source, target = sorted(chart.leading_back)[0]
    lines = "\n".join(outline(chart, look(chart, "seat")))
    assert f"→ {target} (back)" in lines.split(f"] {source}:")[1].split("\n\n")[0]


def test_a_card_holds_text_presence_ratings_reasons_and_targets(evening):
    said = "\n".join("\n".join(block.lines) for block in card(evening, look(evening, "seat"), "door"))
    for words in (
        "Dana opens [b]the door[/b] and [oops.",
        "present: Officer Reyes",
        "reached from: the start",
        "Safety +2",
        "because: It is quiet there.",
        "open only if: officer_arrived (else: nobody is here yet)",
        "→ phone",
        "OFFICERSECRET two.",
    ):
        assert words in said
