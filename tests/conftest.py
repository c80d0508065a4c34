"""What all tests share: hypothesis draws the same examples every time, so that a red run can be run again."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from facilitator.host.styles import styles_read_once
from tests.logs import backend, clock, store
from tests.servers import _shared_url, empty_url, own_url, server, url
from tests.sizes import DEEP

__all__ = ["_shared_url", "backend", "clock", "empty_url", "own_url", "server", "store", "url"]  # fixtures of all tests

settings.register_profile(
    "handoff",
    derandomize=True,
    deadline=None,  # two cores, shared with whatever else the machine does
    database=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("deep", parent=settings.get_profile("handoff"), derandomize=False, max_examples=300)
settings.load_profile("deep" if DEEP else "handoff")


@pytest.fixture(autouse=True)
def nobodys_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `check` has proven is kept in a folder of the tests' own, one for all of them."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.fixture(autouse=True, scope="session")
def styles() -> Iterator[None]:
    """A thousand apps begin in a run; reading their styles anew would be a quarter of its time."""
    with styles_read_once():
        yield


def pytest_collection_finish(session: pytest.Session) -> None:
    """All tests and what they import stay to the end: never look through them for rubbish, and through the rest less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Two workers for each core: tests of the app wait for timers half of the time, and a core would idle meanwhile."""
    return 2 * (os.cpu_count() or 1)
