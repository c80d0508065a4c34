"""Problems as SARIF 2.1.0, which editors and code hosts show beside the lines (OASIS, 2020)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from simulator.problems import Problem, explain

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "notice": "note"}


def sarif(problems: Iterable[Problem]) -> dict[str, Any]:
    """One run with a result for each problem, and a rule, from its page, for each code among them."""
    problems = tuple(problems)
    found = sorted({problem.code for problem in problems})
    at = {code: number for number, code in enumerate(found)}
    driver = {"name": "handoff", **_version(), "rules": [_rule(code) for code in found]}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "results": [_result(problem, at[problem.code]) for problem in problems],
            }
        ],
    }


def _version() -> dict[str, str]:
    try:
        return {"version": version("handoff-trainer")}
    except PackageNotFoundError:  # run from its source
        return {}


def _rule(code: str) -> dict[str, Any]:
    page = explain(code)
    title = page.splitlines()[0].partition(": ")[2]
    parts = dict(re.findall(r"(?ms)^## (.+?)\n+(.+?)\s*(?=^## |\Z)", page))
    return {
        "id": code,
        "shortDescription": {"text": title},
        "fullDescription": {"text": f"{parts['What']} {parts['Why it matters']}"},
        "help": {"text": parts["Fix"], "markdown": page},
    }


def _result(problem: Problem, rule: int) -> dict[str, Any]:
    message = f"{problem.message} {problem.hint}".strip() if problem.hint else problem.message
    region = {
        "startLine": problem.line,
        "startColumn": problem.column,
        "endLine": problem.line,
        "endColumn": problem.column + problem.length,
    }
    result: dict[str, Any] = {
        "ruleId": problem.code,
        "ruleIndex": rule,
        "level": _LEVELS[problem.severity],
        "message": {"text": message},
        "locations": [{"physicalLocation": _place(problem, region)}],
    }
    if problem.related:
        result["relatedLocations"] = [
            {"physicalLocation": _place(problem, {"startLine": line}), "message": {"text": text}}
            for line, text in problem.related
        ]
    return result


def _place(problem: Problem, region: dict[str, int]) -> dict[str, Any]:
    return {"artifactLocation": {"uri": _uri(problem.file)}, "region": region}


def _uri(file: str) -> str:
    """A file's name as a URI: relative as it was given, or with a scheme where it is absolute."""
    path = PurePath(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
