"""Golden transcripts: each script of `scenarios/transcripts/` with every word it makes the plain mode say.

`python -m tests.golden` writes them anew; read the difference before you commit it.
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from simulator.library import Library
from simulator.log import Place, open_store
from simulator.plain import Plain
from simulator.script import parse
from simulator.session import Session

FOLDER = Path(__file__).parent
SCRIPTS = FOLDER.parents[1] / "scenarios" / "transcripts"
LIBRARY = Library()


TOLD = ("expert", "typical", "harmful")
WHOLE = "kitchen-table"  # every script of this one is told


def scripts() -> list[Path]:
    """The scripts that are told word for word; what the others cost, in the setting they are for, is `test_the_library`'s matter."""
    return sorted(each for each in SCRIPTS.glob("*/*.script") if each.stem in TOLD or each.parent.name == WHOLE)


def setting_of(script: Path) -> tuple[str | None, str | None]:
    """The agreement or the law that a script's name says it is for: `expert-harbor-state.script`. None: the scenario's own."""
    mous = [name for name in LIBRARY.names("mou") if script.stem.endswith(f"-{name}")]
    laws = [name for name in LIBRARY.names("jurisdiction") if script.stem.endswith(f"-{name}")]
    return mous[0] if mous else None, laws[0] if laws else None


def golden(script: Path) -> Path:
    return FOLDER / f"{script.parent.name}-{script.stem}.txt"


def playthrough(script: Path) -> str:
    """What `handoff play --script` prints for this script, at 80 columns, without the session's random id."""
    text = script.read_text(encoding="utf-8")
    mou, law = setting_of(script)
    bundle = LIBRARY.bundle(script.parent.name, mou=mou, jurisdiction=law)
    out = io.StringIO()
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "golden.sqlite3")
        try:
            seats = tuple(Place(seat, "", "human") for seat in bundle.scenario.seats)
            plain = Plain(Session.begin(store, bundle, seats, seed=1), io.StringIO(), out, interactive=False)
            plain.run_script(parse(text, script.name), script.name)
            plain.debrief()
        finally:
            store.close()
    return out.getvalue()
