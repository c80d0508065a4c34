"""Writes the second half of docs/export.md, the levels and the data dictionary, from the program's own words: `python -m tests.tools.export_page`."""

from __future__ import annotations

from pathlib import Path

from facilitator.export import as_xapi, explaining, tables

PAGE = Path(__file__).parents[2] / "docs" / "export.md"
MARK = "<!-- From here on: python -m tests.tools.export_page -->\n"


def page() -> str:
    """The page, its first half as it stands."""
    return PAGE.read_text(encoding="utf-8").partition(MARK)[0] + MARK + "".join(_generated())


def _generated() -> list[str]:
    out = ["\n## What each level leaves out\n\n", _levels(), "\n## Data dictionary\n"]
    for name in tables.TABLES:
        table = tables.table(name, ("PRINCIPLE",))
        out.append(f"\n### `{name}`: one row a {table.one}\n\n")
        skipped = () if name == "decisions" else tables.SESSION_COLUMNS
        if skipped:
            out.append(f"Begins with {', '.join(f'`{each}`' for each in skipped)}, as `decisions` does.\n\n")
        out += explaining.dictionary(each for each in table.columns if each.name not in skipped)
    out.append(f"\n## Extensions of xAPI statements\n\nAll keys begin with `{as_xapi.TERMS}/`.\n\n")
    out += explaining.extensions()
    return out


def _levels() -> str:
    return "".join(explaining.levels()).replace("\n--for ", "\n### --for ")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
