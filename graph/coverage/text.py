"""The text of a source, cut into its sections and their numbered lines."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph.problems import Problem
from graph.sources.records import Record

_LINE_END = re.compile(r"\r\n|\r|\n")
_BULLET = re.compile(r"[\s\u2022\u25cf\u25aa\u25e6*\u00b7\u2013-]*")


@dataclass(frozen=True, slots=True)
class Line:
    """A line with text. `number` is 1-based in the file, `paragraph` counts in the section."""

    section: str
    paragraph: int
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class LocatedText:
    """Every line by section and paragraph. `sha256` is that of the file as it is."""

    lines: Mapping[tuple[str, int], Line]
    sha256: str


def locate(data: bytes, sections: Sequence[Record], problems: list[Problem]) -> LocatedText:
    """Find each section's heading, in order; a heading that is not found is a problem."""
    rows = _LINE_END.split(data.decode("utf-8-sig"))  # not splitlines(): no editor counts so
    starts: list[tuple[int, str]] = []
    position = 0
    for record in sections:
        heading = record.text("heading")
        if not heading:  # the whole of a document, of which no line is named
            continue
        found = _find(rows, heading, position)
        if found is None:
            before = f" after line {position}" if position else ""
            message = f"no line{before} of the text begins with {heading!r}"
            remedy = "Write the beginning of the heading as printed, in the order of the text."
            problems.append(record.problem("heading", message, remedy))
            continue
        starts.append((found, record.key))
        position = found + 1
    return LocatedText(dict(_numbered(rows, starts)), hashlib.sha256(data).hexdigest())


def _find(rows: Sequence[str], heading: str, start: int) -> int | None:
    for index in range(start, len(rows)):
        text = rows[index].strip()
        if text.startswith(heading) or _BULLET.sub("", text, count=1).startswith(heading):
            return index
    return None


def _numbered(
    rows: Sequence[str], starts: Sequence[tuple[int, str]]
) -> list[tuple[tuple[str, int], Line]]:
    ends = [start for start, _ in starts[1:]] + [len(rows)]
    numbered = []
    before = starts[0][0] if starts else len(rows)
    blocks = [(0, before, "")] + [(a, b, s) for (a, s), b in zip(starts, ends, strict=True)]
    for first, last, section in blocks:
        written = [i for i in range(first, last) if rows[i].strip()]
        for paragraph, index in enumerate(written):
            line = Line(section, paragraph, index + 1, rows[index].strip())
            numbered.append(((section, paragraph), line))
    return numbered
