"""`handoff map` without the screen: the files it writes, and what it prints."""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import networkx as nx
import pytest

from facilitator.chart import Chart, chart_of
from facilitator.chart_export import dot, graphml, mermaid
from facilitator.chart_picture import MOST_PIXELS, png, svg
from facilitator.cli import main
from facilitator.lenses import LENSES, look
from simulator.library import Library
from tests.app_helpers import SCENARIO, scenario

HOSTILE = 'Say "no" \\ [b] <i> | {x} & end; #1 --> `y` %% é “…”'


@pytest.fixture
def hostile(tmp_path) -> Chart:
    path = scenario(tmp_path)
    path.write_text(SCENARIO.replace("title: At the door", f"title: {json.dumps(HOSTILE)}"), encoding="utf-8")
    return chart_of(Library().bundle(path))


def kitchen_table() -> Chart:
    return chart_of(Library().bundle("kitchen-table"))


# --- files ---------------------------------------------------------------------------------------------------------


def unquoted(text: str) -> list[str]:
    """The strings of a DOT file, as Graphviz reads them."""
    found = re.findall(r'"((?:[^"\\]|\\.)*)"', text, re.DOTALL)
    return [re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], each) for each in found]


def test_dot_keeps_every_character_of_a_title(hostile):
    assert f"{HOSTILE}\ndoor\n[O]" in unquoted(dot(hostile, look(hostile, "seat")))


def test_dot_is_nothing_but_statements(hostile):
    string = r'"(?:[^"\\\n]|\\.)*"'
    attributes = rf"\[(?:\w+=(?:{string}|\w+)(?:, )?)+\];"
    statement = re.compile(
        rf"  {string}(?: -> {string})? {attributes}|digraph {string} \{{|\}}|  label={string};|  node {attributes}"
    )
    for line in dot(hostile, look(hostile, "seat")).splitlines():
        assert statement.fullmatch(line), line


def test_mermaid_is_nothing_but_nodes_and_arrows(hostile):
    label = r"(?:[^\"<>|{}\[\]`\\&]|<br/>)*"
    node = rf"  s\d+[\[({{]+\"{label}\"[\])}}]+"
    arrow = rf"  s\d+ (?:-->|-\.->)(?:\|\"{label}\"\|)? s\d+"
    lines = mermaid(hostile, look(hostile, "seat")).splitlines()
    assert lines[3] == "flowchart TD"
    for line in lines[4:]:
        assert re.fullmatch(f"{node}|{arrow}", line), line


def test_graphml_can_be_read_again_with_every_scene_and_way(hostile):
    read = nx.read_graphml(io.BytesIO(graphml(hostile, look(hostile, "seat")).encode()), force_multigraph=True)
    assert set(read) == set(hostile.scenes) and read.number_of_edges() == len(hostile.ways)
    assert read.nodes["door"]["title"] == HOSTILE and read.nodes["door"]["opening"] is True


def test_the_svg_stands_alone_and_speaks(hostile):
    text = svg(hostile, look(hostile, "seat"))
    root = ElementTree.fromstring(text)
    space = "{http://www.w3.org/2000/svg}"
    assert root.find(f"{space}title") is not None and root.find(f"{space}desc") is not None
    assert root.attrib["aria-labelledby"] == "map-title map-desc"
    words = " ".join("".join(each.itertext()) for each in root.iter(f"{space}text"))
    assert all(scene in words for scene in hostile.scenes)
    assert any(each.text and HOSTILE in each.text for each in root.iter(f"{space}title"))
    assert re.findall(r"https?://[^\"' ]+", text) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"@import|url\((?!#)|<script|href", text)


def test_an_svg_box_is_as_wide_as_its_words():
    chart = kitchen_table()
    root = ElementTree.fromstring(svg(chart, look(chart, "duty")))
    space = "{http://www.w3.org/2000/svg}"
    for group in root.iter(f"{space}g"):
        box = group.find(f"{space}rect")
        if group.find(f"{space}title") is None or box is None:
            continue
        right = float(box.attrib["x"]) + float(box.attrib["width"])
        for line in group.findall(f"{space}text"):
            assert float(line.attrib["x"]) + 7.3 * len(line.text or "") <= right + 1  # 12 px monospace is 7.2 wide


def test_a_scene_of_the_svg_says_where_it_leads(hostile):
    root = ElementTree.fromstring(svg(hostile, look(hostile, "seat")))
    titles = [each.text or "" for each in root.iter("{http://www.w3.org/2000/svg}title")]
    assert any("(both)" in title and title.endswith("leads to hard") for title in titles)


def test_a_png_of_a_very_large_map_stays_within_bounds():
    picture = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16000 8000" width="16000" height="8000"></svg>'
    data = png(picture)
    width, height = (int.from_bytes(data[at : at + 4], "big") for at in (16, 20))  # of PNG's own header
    assert width * height <= 1.01 * MOST_PIXELS and width == pytest.approx(2 * height, abs=2)


# --- the command ----------------------------------------------------------------------------------------------------


@pytest.fixture
def run(capsys, tmp_path):
    def runner(*args: str):
        try:
            code = main(["map", *args])
        except SystemExit as stop:
            code = stop.code
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return runner


@pytest.fixture
def file(tmp_path) -> str:
    return str(scenario(tmp_path))


@pytest.mark.parametrize("ending", ["svg", "dot", "mmd", "graphml", "png"])
def test_a_map_is_written_in_the_format_its_file_names(run, file, tmp_path, ending):
    path = tmp_path / f"map.{ending.upper()}"
    code, out, _ = run(file, "-o", str(path))
    begins = {"svg": b"<svg", "dot": b"digraph", "mmd": b"---", "graphml": b"<?xml", "png": b"\x89PNG"}
    assert code == 0 and path.read_bytes().startswith(begins[ending]) and "5 scenes" in out


def test_a_file_ending_nobody_knows_is_wrong_use_and_names_those_there_are(run, file, tmp_path):
    code, _, err = run(file, "-o", str(tmp_path / "map.pdf"))
    assert code == 2 and ".svg" in err and ".graphml" in err and not (tmp_path / "map.pdf").exists()


def test_a_png_without_its_package_says_what_to_install(run, file, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    code, _, err = run(file, "-o", str(tmp_path / "map.png"))
    assert code == 1 and "pip install handoff-trainer[png]" in err


def test_a_folder_that_does_not_exist_is_one_sentence(run, file, tmp_path):
    code, _, err = run(file, "-o", str(tmp_path / "nowhere" / "map.svg"))
    assert code == 1 and err.count("\n") == 1 and "cannot be written" in err


def test_without_a_terminal_the_map_is_an_outline_with_a_hint(run, file):
    code, out, err = run(file)
    assert code == 0 and "--outline" in err and out.startswith("An evening (evening): 5 scenes")


@pytest.mark.parametrize("lens", LENSES)
def test_every_lens_can_be_asked_for(run, file, lens):
    code, out, _ = run(file, "--outline", "--lens", lens)
    assert code == 0
    if lens in ("coverage", "cost"):
        assert f"Marks: {lens}: " in out and "random" in out
    else:
        assert f"Marks: {look(chart_of(Library().bundle(Path(file))), lens).legend}" in out


def test_asked_for_the_outline_it_gives_no_hint(run, file):
    code, out, err = run(file, "--outline", "--lens", "unreviewed")
    assert code == 0 and not err and "rated without a reason" in out


def test_json_holds_scenes_and_ways(run, file):
    code, out, _ = run(file, "--json")
    data = json.loads(out)
    assert code == 0 and data["scenes"][0] == {
        "id": "door", "title": "At the door", "kind": "decision", "turn": ["officer"], "present": ["officer"],
        "mark": "O", "mark_means": "Officer Reyes",
    }  # fmt: skip
    assert {"from": "door", "to": "phone", "action": "apart", "seat": "officer", "when": None, "back": False} in data[
        "ways"
    ]


def test_a_scenario_that_does_not_exist_is_named(run):
    code, _, err = run("nowhere", "--outline")
    assert code == 1 and "nowhere" in err and "Traceback" not in err


def test_a_scenario_that_cannot_be_read_is_told_with_its_place(run, file):
    Path(file).write_text(SCENARIO.replace("to: phone}", "to: telephone}"), encoding="utf-8")
    code, _, err = run(file, "--outline")
    assert code == 1 and "telephone" in err and "evening.yaml:" in err
