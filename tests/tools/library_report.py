"""`python -m tests.tools.library_report scenarios/library/x.yaml …`: what a scenario has, how fair it reads, how its ways differ.

Scripts are looked for in `scenarios/transcripts/ID/`. Several files: the figures over all of them come last.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from simulator.library import Bundle, Library
from simulator.model import Scenario
from tests.costs_of_scripts import DoesNotPlay, cost
from tests.golden import setting_of
from tests.library_figures import options, places, rated, related, sampled, shape, unevenness


def main(files: list[str]) -> int:
    shelf = Library()
    scenarios = []
    for file in files:
        bundle = shelf.bundle(Path(file))
        scenarios.append(bundle.scenario)
        print(f"== {file}")
        print("\n".join(_story(bundle.scenario)))
        print("\n".join(_plays(bundle)))
        print("\n".join(_scripts(shelf, Path(file), bundle)))
    if len(scenarios) > 1:
        print("== all of them")
        print("\n".join(_fairness(scenarios)))
    return 0


def _story(scenario: Scenario) -> Iterator[str]:
    found = shape(scenario)
    yield (
        f"scenes {found.scenes} (30-70), together {found.together} (1+), judgement {found.judgements} (1+), "
        f"predictions {found.predictions} (1+), endings {found.endings} (4+), injects {found.injects} (2+), variants {found.variants}, "
        f"open scenes {found.open}, felt {found.felt:.0%}, guide {'yes' if scenario.guide else 'NO'}"
    )
    number = sum(found.decisions.values())
    yield "decisions as written: " + ", ".join(f"{s} {n} ({n / number:.0%})" for s, n in found.decisions.items())
    yield f"reading grade {found.grade:.1f} (at most 8)"
    yield from _fairness([scenario])


def _fairness(scenarios: list[Scenario]) -> Iterator[str]:
    every = [option for each in scenarios for option in options(each)]
    yield f"option length and rating: r = {related(every):+.2f} (within ±0.15), {len(every)} options"
    where = [place for each in scenarios for place in places(each)]
    counts = [sum(place.at == at for place in where) for at in range(max(place.of for place in where))]
    chi, free = unevenness(where)
    yield f"the best stands at place 1, 2, …: {counts}; chi-square {chi:.1f} of {free} degrees"
    longest = sum(
        len(each.best) == 1 and each.best[0] is max(each.options, key=lambda option: len(option.text))
        for scenario in scenarios
        for each in rated(scenario)
    )
    yield f"the best is the longest in {longest} of {sum(len(rated(each)) for each in scenarios)} decisions"


def _plays(bundle: Bundle) -> Iterator[str]:
    found = sampled(bundle)
    yield "practice lost: " + ", ".join(f"{kind} {p.mean:.1f} (sd {p.spread:.1f})" for kind, p in found.items())
    apart = [
        (found[b].mean - found[a].mean) / max(found[a].spread, found[b].spread, 1e-9)
        for a, b in (("expert", "typical"), ("typical", "random"))
    ]
    yield f"apart, in standard deviations: expert-typical {apart[0]:.1f}, typical-random {apart[1]:.1f} (each 1 or more)"
    many = [count for each in found.values() for count in each.decisions]
    yield f"decisions a play, seen: {min(many)} to {max(many)} (12-20)"


def _scripts(shelf: Library, file: Path, bundle: Bundle) -> Iterator[str]:
    folder = file.resolve().parents[1] / "transcripts" / bundle.scenario.id
    scripts = sorted(folder.glob("*.script"))
    if not scripts:
        yield f"no scripts in {folder.name}/"
    for script in scripts:
        mou, law = setting_of(script)
        there = shelf.bundle(file, mou=mou, jurisdiction=law)
        yield f"{script.name}: its choices cost {_cost(script, there)}"
        if mou or law:
            yield f"    the same choices at home: {_cost(script, bundle)} (should cost something, or not play)"


def _cost(script: Path, bundle: Bundle) -> str:
    try:
        found = cost(script, bundle)
    except (DoesNotPlay, OSError) as error:
        return f"does not play ({error})"
    return f"lines {float(found.lines):g}, duties {float(found.duties):g}, practice {float(found.practice):g}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
