"""`handoff map`: the graph of a scenario, on the screen, as an outline in lines, or in a file."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from facilitator.chart import Chart, chart_of
from facilitator.lenses import Lens, Measure, look
from facilitator.measuring import measure as measuring
from facilitator.outline import outline
from facilitator.playing import library


def run(args: argparse.Namespace, measure: Measure | None = None) -> int:
    """Without the full screen. Exit code 0; 1 if the file cannot be written; 2 for a file ending nobody knows.

    Raises problems.Unreadable.
    """
    chart = chart_of(library(args).bundle(args.scenario, mou=args.mou))
    lens = look(chart, args.lens, (measure or measuring())(chart, args.lens))
    if args.output:
        return _export(chart, lens, Path(args.output))
    if args.json:
        print(json.dumps(as_data(chart, lens), ensure_ascii=False))
        return 0
    if not args.outline:
        print("handoff: no full-screen terminal here, so this is the outline (handoff map --outline).", file=sys.stderr)
    for line in outline(chart, lens):
        print(line)
    return 0


def as_data(chart: Chart, lens: Lens) -> dict[str, Any]:
    """The chart as JSON values."""
    return {
        "id": chart.id,
        "title": chart.title,
        "opening": chart.opening,
        "lens": lens.name,
        "legend": lens.legend,
        "scenes": [
            {
                "id": scene,
                "title": chart.name(scene),
                "kind": chart.kind(scene),
                "turn": list(chart.scenes[scene].turn),
                "present": list(chart.present(scene)),
                "mark": lens.marks[scene].letters,
                "mark_means": lens.marks[scene].words,
            }
            for scene in chart.order
        ],
        "ways": [
            {
                "from": way.source,
                "to": way.target,
                "action": way.action or None,
                "seat": way.seat or None,
                "when": way.when or None,
                "back": (way.source, way.target) in chart.leading_back,
            }
            for way in chart.ways
        ],
    }


def _export(chart: Chart, lens: Lens, path: Path) -> int:
    from facilitator.chart_export import UnknownFormat, export
    from facilitator.chart_picture import NoPainter

    try:
        export(chart, lens, path)
    except UnknownFormat as error:
        print(f"handoff: {error}", file=sys.stderr)
        return 2
    except NoPainter as error:
        print(f"handoff: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"handoff: “{path}” cannot be written: {error.strerror or error}", file=sys.stderr)
        return 1
    print(f"{path}: {len(chart.scenes)} scenes")
    return 0
