"""How many people decided in judgement scenes, beside what a panel thinks of them: two spreads, and neither is a key.

Wording and options are those of the newest of the sessions, so the votes beside them are votes on what these people read. What was
chosen in an older wording counts for the option of the same name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from scoring.cohort import DilemmaFigure, OptionFigure
from scoring.figures import share_figure
from scoring.panel import Spread
from simulator.library import Bundle, Text, bundle_from_texts
from simulator.log import NoSuchSession
from simulator.log import cohort as ask
from simulator.panel import Panel, panels
from simulator.problems import Unreadable

if TYPE_CHECKING:
    from scoring.cohort import Sums
    from simulator.log import Store
    from simulator.log.tallies import Key

Called = Callable[[str, str, str], str]  # kind, owner, id → what it is called


def dilemmas_of(asked: ask.Asked, store: Store | None, called: Called) -> tuple[DilemmaFigure, ...]:
    """Every judgement scene in which somebody of the cohort decided, seat by seat. Raises LogError."""
    return tuple(_dilemmas(asked, store, called))


def _dilemmas(asked: ask.Asked, store: Store | None, called: Called) -> Iterator[DilemmaFigure]:
    for scenario, questions in groupby(ask.splits(asked).items(), key=lambda each: each[0][0]):
        bundle = _played(asked, store, scenario)
        found = (
            panels(bundle.scenario, bundle.vocabulary, store.votes(scenario))
            if bundle is not None and store is not None
            else {}
        )
        for key, split in questions:
            yield _dilemma(key, split, bundle, found.get((key[1], key[2])), called)


def _played(asked: ask.Asked, store: Store | None, scenario: str) -> Bundle | None:
    """The texts that the newest session was played with, as written; None if they cannot be read any more."""
    session = ask.newest(asked, scenario)
    if not session or store is None:
        return None
    try:
        return bundle_from_texts(Text(*text) for text in store.texts(session))
    except (Unreadable, NoSuchSession):
        return None


def _dilemma(key: Key, split: ask.Split, bundle: Bundle | None, panel: Panel | None, called: Called) -> DilemmaFigure:
    scenario, scene, seat = key
    written = bundle.scenario.scenes.get(scene) if bundle is not None else None
    judgement = written.judgement if written is not None else None
    texts = {
        action.id: action.text
        for action in (written.actions.values() if written is not None else ())
        if action.seat in (None, seat)
    }
    texts |= {option: option for option in split.options if option not in texts}
    full = panel is not None and panel.full
    spread: Mapping[str, Spread] = {one.option: one for one in panel.spread} if panel is not None and full else {}
    return DilemmaFigure(
        scenario=scenario,
        scenario_title=called("scenario", scenario, scenario),
        scene=scene,
        title=called("scene", scenario, scene),
        seat=seat,
        seat_name=called("seat", scenario, seat),
        question=judgement.question if judgement is not None else "",
        both_sides=judgement.both_sides if judgement is not None else (),
        decisions=int(split.whole.n),
        panel=len(panel.voted) if panel is not None and full else None,
        options=tuple(
            _option(option, text, split.options.get(option), split.whole, spread) for option, text in texts.items()
        ),
    )


def _option(option: str, text: str, own: Sums | None, whole: Sums, spread: Mapping[str, Spread]) -> OptionFigure:
    one = spread.get(option)
    return OptionFigure(
        option=option,
        text=text,
        chosen=share_figure(own if own is not None else replace(whole, y=0, ny=0, yy=0)),
        panel=(one.votes if one is not None else 0) if spread else None,
        disciplines=one.disciplines if one is not None else (),
        reasons=one.reasons if one is not None else (),
    )
