"""What a host writes down."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from facilitator.host.gate import Names
from facilitator.host.logs import said_by_the_loop, where, written_to


def failed(words: str) -> Exception:
    try:
        raise ValueError(words)
    except ValueError as error:
        return error


def test_an_error_is_named_by_kind_and_place_without_its_words() -> None:
    assert where(failed("K7QM29XW4T")).startswith("ValueError in test_host_logs.py, line ")
    assert where(KeyError("K7QM29XW4T")) == "KeyError"


def test_an_error_in_a_library_also_names_the_line_of_ours_that_led_there() -> None:
    with pytest.raises(ValueError) as raised:
        Names.of(["http://[K7QM29XW4T"])
    said = where(raised.value)
    assert ", called in gate.py, line " in said and "K7QM29XW4T" not in said


def test_what_a_library_says_of_a_request_is_left_out(tmp_path: Path) -> None:
    with written_to(str(tmp_path / "log")):
        logging.getLogger("aiohttp.server").error("bad line %s", "GET /s/K7QM29XW4T", exc_info=failed("K7QM29XW4T"))
        logging.getLogger("asyncio").error("task with K7QM29XW4T")
    said = (tmp_path / "log").read_text(encoding="utf-8")
    assert "trouble in aiohttp.server: ValueError in test_host_logs.py" in said
    assert "trouble in asyncio" in said and "K7QM29XW4T" not in said


def test_without_a_file_only_what_went_wrong_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with written_to(None):
        logging.getLogger("handoff.host").info("GET / 200")
        logging.getLogger("handoff.host").error("a seat's app failed")
        said_by_the_loop(None, {"message": "K7QM29XW4T", "exception": failed("K7QM29XW4T")})
    said = capsys.readouterr().err
    assert "a seat's app failed" in said and "trouble in the background: ValueError" in said
    assert "GET /" not in said and "K7QM29XW4T" not in said


def test_afterwards_logs_are_as_before(tmp_path: Path) -> None:
    logger = logging.getLogger("handoff")
    before = (logger.handlers, logger.propagate, logger.level)
    with written_to(str(tmp_path / "log")):
        assert not logger.propagate
    assert (logger.handlers, logger.propagate, logger.level) == before
