"""What a script costs under a setting: the loss that its choices, and not chance, gave away."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from scoring.loss import NOTHING, Loss
from simulator.library import Bundle
from simulator.log import Place, open_store
from simulator.outlook.costs import account
from simulator.outlooks import outlook_of
from simulator.plain import Plain
from simulator.script import BadScript, parse
from simulator.session import Session


class DoesNotPlay(Exception):
    """The script does not fit this setting: something it chooses is closed here, or not there."""


def cost(script: Path, bundle: Bundle) -> Loss:
    """What the seats' choices gave away, whether they could know it or not. Raises DoesNotPlay."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "play.sqlite3")
        try:
            seats = tuple(Place(seat, "", "human") for seat in bundle.scenario.seats)
            session = Session.begin(store, bundle, seats, seed=1)
            plain = Plain(session, io.StringIO(), io.StringIO(), interactive=False)
            try:
                plain.run_script(parse(script.read_text(encoding="utf-8"), script.name), script.name)
            except BadScript as error:
                raise DoesNotPlay(str(error)) from error
            state = session.state
        finally:
            store.close()
    ready = outlook_of(bundle)
    spent = NOTHING
    for each in account(ready.outlook, state, ready.observers).costs:
        if each.kind not in ("chance", "inject"):
            spent = spent.plus(each.loss)
    return spent
