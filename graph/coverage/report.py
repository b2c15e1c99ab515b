"""The report: what no row covers, what no line shows, and how much was ignored."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from graph.coverage.evidence import line_of, missing, places
from graph.coverage.text import Line, LocatedText, locate
from graph.coverage.tokens import Token, Tokens
from graph.problems import InvalidSeeds, Problem
from graph.sources.landscape import Landscape, Source, read_what_is_sound, shipped
from graph.sources.manifest import FILE
from graph.sources.records import Record
from graph.terms import is_slug

#: Largest share of the tokens of a text that may be ignored.
MOST_IGNORED = 0.1


@dataclass(frozen=True, slots=True)
class Gap:
    """A number, date, code or name in the text that no row covers. `line` is 1-based."""

    line: int
    section: str
    paragraph: int
    token: str
    kind: str


@dataclass(frozen=True, slots=True)
class CoverageReport:
    """`tokens` were found in all, `ignored` of them by a row of ignored.csv."""

    uncovered: tuple[Gap, ...]
    missing: tuple[Problem, ...]
    tokens: int
    ignored: int

    @property
    def share_ignored(self) -> float:
        """The part of all tokens that is ignored."""
        return self.ignored / self.tokens if self.tokens else 0.0

    @property
    def clean(self) -> bool:
        """Whether nothing is left uncovered, shown wrongly or ignored too freely."""
        return not self.uncovered and not self.missing and self.share_ignored <= MOST_IGNORED


def coverage(folder: Path, text: Path, *, seeds: Path | None = None) -> CoverageReport:
    """Hold the source in a folder against the text it was read from.

    What is wrong with the rows themselves is reported too, and the sound ones are held against the
    text all the same. Raises InvalidSeeds where there is no source or no text to read.
    """
    landscape, source, problems = _source(folder, seeds or shipped())
    try:
        data = text.read_bytes()
        located = locate(data, source.of("register"), problems)
    except (OSError, UnicodeDecodeError) as error:
        remedy = "Name the UTF-8 text that the source was read from."
        raise InvalidSeeds([Problem(str(text), None, None, str(error), remedy)]) from None
    expected = source.manifest.text_sha256
    if expected and expected != located.sha256:
        message = f"the source was read from another text: {located.sha256}"
        remedy = "Read the facts again for this text, then put its hash into text_sha256."
        line = source.manifest.lines.get("text_sha256")
        name = f"{source.name}/{FILE}"
        problems.append(Problem(name, line, "text_sha256", message, remedy))
    problems += missing(landscape, source, located)
    return _held_against(source, located, problems)


def _source(folder: Path, seeds: Path) -> tuple[Landscape, Source, list[Problem]]:
    landscape, problems = read_what_is_sound((folder,), seeds=seeds)
    slug = folder.name if is_slug(folder.name) else folder.resolve().name
    for source in landscape.sources:
        if source.slug == slug:
            return landscape, source, problems
    if problems:
        raise InvalidSeeds(problems)
    remedy = "Name a folder with a source.toml."
    raise InvalidSeeds([Problem(str(folder), None, None, "is no source folder", remedy)])


def _held_against(source: Source, text: LocatedText, problems: list[Problem]) -> CoverageReport:
    covered = defaultdict[int, list[tuple[int, int]]](list)
    for place in places(source):
        line = line_of(place.row, text)
        if line is not None:
            fragments = (str(f) for f in place.row.values.get("printed", ()))
            covered[line.number] += (s for f in fragments for s in _spans(f, line.text))
    for record in source.of("register"):
        heading = text.lines.get((record.key, 0))
        if heading is not None:
            covered[heading.number] += _spans(record.text("heading"), heading.text)
    passed = _ignored(source, text, problems)
    finder = Tokens(line.text for line in text.lines.values())
    gaps, ignored, total = [], 0, 0
    for line in text.lines.values():
        for token in finder.of(line.text):
            total += 1
            if _within(token, covered[line.number]):
                continue
            if _within(token, passed[line.number]):
                ignored += 1
            else:
                gaps.append(_gap(line, token))
    gaps.sort(key=lambda gap: (gap.line, gap.token))
    return CoverageReport(tuple(gaps), tuple(problems), total, ignored)


def _ignored(
    source: Source, text: LocatedText, problems: list[Problem]
) -> dict[int, list[tuple[int, int]]]:
    passed = defaultdict[int, list[tuple[int, int]]](list)
    for record in source.of("ignored"):
        line = line_of(record, text)
        words = record.text("text")
        spans = [] if line is None else _ignored_spans(record, line)
        if line is None or not spans:
            message = f"{words!r} does not stand in that line"
            problems.append(record.problem("text", message, "Copy it exactly, or drop the row."))
            continue
        passed[line.number] += spans
    return passed


def _ignored_spans(record: Record, line: Line) -> list[tuple[int, int]]:
    words = record.text("text")
    return [(0, len(line.text))] if words == "*" else list(_spans(words, line.text))


def _spans(fragment: str, line: str) -> Iterator[tuple[int, int]]:
    start = line.find(fragment)
    while start >= 0:
        yield start, start + len(fragment)
        start = line.find(fragment, start + 1)


def _within(token: Token, spans: list[tuple[int, int]]) -> bool:
    """Whether every character of the token is covered, by one span or by several."""
    return all(any(a <= i < b for a, b in spans) for i in range(token.start, token.end))


def _gap(line: Line, token: Token) -> Gap:
    return Gap(line.number, line.section, line.paragraph, token.text, token.kind)
