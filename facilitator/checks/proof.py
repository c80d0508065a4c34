"""A proof: what was found out about all plays of a scenario, plain enough to be kept in a file and told again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from facilitator.checks.gates import Finding, Subject
from simulator.reading.source import Node

Path = tuple[str, ...]
LINES = 8  # of a transcript
FILE = "{file}"  # stands for the name of the scenario's file


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing that is proven. `path`: the keys of the place in the scenario's file; `related`: other places.

    `grave`: of a code that counts differently from case to case, the cases that count more.
    """

    code: str
    path: Path
    message: str
    hint: str
    related: tuple[tuple[Path, str], ...] = ()
    grave: bool = False

    def finding(self, subject: Subject) -> Finding:
        related = tuple((_key(subject, path), text) for path, text in self.related)
        hint = self.hint.replace(FILE, subject.read.source.file)
        return Finding(_key(subject, self.path), self.message, hint, related=related)


def _key(subject: Subject, path: Path) -> Node | None:
    source = subject.read.source
    node = source.find(*path)
    return None if node is None else source.keys.get(id(node), (None, None))[0] or node


def as_data(proofs: Sequence[Proof]) -> list[dict[str, Any]]:
    """As plain values for a JSON file."""
    return [asdict(proof) for proof in proofs]


def from_data(data: Any) -> tuple[Proof, ...]:
    """The proofs again. Raises KeyError, TypeError or ValueError if it is not what `as_data` made."""
    return tuple(_proof(**entry) for entry in data)


def _proof(*, code: str, path: Any, message: str, hint: str, related: Any, grave: bool) -> Proof:
    others = tuple((_path(where), _text(text)) for where, text in related)
    return Proof(_text(code), _path(path), _text(message), _text(hint), others, bool(grave))


def _path(keys: Any) -> Path:
    if not isinstance(keys, list | tuple):
        raise ValueError("no path")
    return tuple(_text(key) for key in keys)


def _text(text: Any) -> str:
    if not isinstance(text, str):
        raise ValueError("no text")
    return text


def shown(question: str, lines: Sequence[str], name: str, *, until: Sequence[str] = ()) -> str:
    """A hint: the author's question, then the play that shows it, as far as it is needed.

    `until`: the lines of the move at which it shows; what follows is left out. `name`: what `handoff explore` calls it.
    """
    return "\n".join([question, *_transcript(list(lines), name, tuple(until))])


def _transcript(lines: list[str], name: str, until: tuple[str, ...]) -> Iterator[str]:
    for at in range(len(lines)) if until else ():
        if tuple(lines[at : at + len(until)]) == until:
            lines = lines[: at + len(until)]
            break
    yield "      It shows in this play:" if lines else "      It shows as the play begins."
    if len(lines) > LINES - 2:
        yield f"        … {len(lines) - LINES + 2} choices before; handoff explore {FILE} --show “{name}” prints it whole"
        lines = lines[-(LINES - 2) :]
    yield from (f"        {line}" for line in lines)
