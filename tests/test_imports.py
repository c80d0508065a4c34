"""What a command really imports, seen in a fresh process: start-up stays light, and walls stay walls."""

from __future__ import annotations

import subprocess
import sys

import pytest


def imported(code: str) -> set[str]:
    """The top-level packages loaded after running `code` in a process of its own."""
    report = "import sys; print('\\n'.join({name.split('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", f"{code}\n{report}"], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


PLAY = """
import io, sys
from facilitator.cli import main
sys.stdout, real = io.StringIO(), sys.stdout
sys.stdin = io.StringIO("officer: apart\\nadvocate: keep\\n")
assert main(["play", "tests/fixtures/two-scenes.yaml", "--script", "-"]) == 0
sys.stdout = real
"""


def test_playing_loads_neither_networkx_nor_textual_nor_jsonschema():
    assert imported(PLAY).isdisjoint({"networkx", "textual", "jsonschema"})


def test_checking_a_file_loads_no_textual():
    assert "textual" not in imported(
        "from facilitator.cli import main\nassert main(['check', 'tests/fixtures/two-scenes.yaml']) == 0"
    )


def test_the_app_loads_no_store_and_no_yaml_before_its_first_frame():
    assert imported("import facilitator.app").isdisjoint({"sqlite_utils", "yaml", "networkx", "jsonschema"})


@pytest.mark.parametrize("module", ["scoring.scorecard", "simulator.engine", "simulator.view", "simulator.assess"])
def test_the_pure_core_loads_no_screen_store_or_file_format(module):
    assert imported(f"import {module}").isdisjoint({"textual", "sqlite_utils", "sqlite3", "yaml", "networkx", "random"})


def test_the_store_loads_no_pandas_though_it_is_there():
    assert "pandas" not in imported("import simulator.log.sqlite")
    assert "pandas" in imported("import simulator.log.sqlite, pandas")
