"""What rows say, held against the lines where they say it stands."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from graph.coverage.printed import printed_forms
from graph.coverage.text import Line, LocatedText
from graph.dates import StatedDate
from graph.problems import Problem
from graph.sources.landscape import Landscape, Source
from graph.sources.records import Record, Reference

#: Kinds of things that a line must name, where a row refers to them.
_NAMED = frozenset({"agent", "therapy", "technology", "place"})
_NAMED_SCHEMES = frozenset({"indication", "therapy-type", "target"})
#: Columns of a mention that show what stands in its own line.
_OF_ITS_LINE = ("printed", "approximation")


@dataclass(frozen=True, slots=True)
class Place:
    """A mention: the row that has its locator, and the claim it belongs to."""

    row: Record
    claim: Record


def places(source: Source) -> list[Place]:
    """Every mention of a source: of its claims, and the further ones."""
    claims = {record.id: record for record in source.of("claims")}
    named = ((row, claims.get(row.reference("claim").slug)) for row in source.of("mentions"))
    further = [Place(row, claim) for row, claim in named if claim is not None]
    return [Place(row, row) for row in claims.values()] + further


def line_of(record: Record, text: LocatedText) -> Line | None:
    """The line that a row's section and paragraph name."""
    section, paragraph = record.one("section"), record.one("paragraph")
    if not isinstance(section, Reference) or not isinstance(paragraph, int):
        return None
    return text.lines.get((section.slug, paragraph))


def missing(landscape: Landscape, source: Source, text: LocatedText) -> Iterator[Problem]:
    """Every row that shows something that its line does not."""
    lines = defaultdict[str, list[str]](list)
    for place in places(source):
        line = line_of(place.row, text)
        if line is None:
            message = f"the text has no line {place.row.text('paragraph')} in that section"
            yield place.row.problem(
                "paragraph", message, "0 is the heading; count lines with text."
            )
            continue
        heading = text.lines.get((line.section, 0))
        lines[place.claim.id] += [line.text, heading.text if heading else ""]
        for column in _OF_ITS_LINE:
            for fragment in map(str, place.row.values.get(column, ())):
                if fragment not in line.text:
                    message = f"{fragment!r} does not stand in line {line.number} of the text"
                    remedy = _elsewhere(fragment, text)
                    yield place.row.problem(column, message, remedy)
    names = _names(landscape)
    for record in source.of("claims"):
        if record.id not in lines:  # it stands nowhere, which is said already
            continue
        yield from _unnamed(record, lines[record.id], names)
        yield from _undated(record, lines[record.id])
        yield from _unprinted(record, lines[record.id])


def _elsewhere(fragment: str, text: LocatedText) -> str:
    """What to do about words that do not stand in the line: perhaps they do in another one."""
    for line in text.lines.values():
        if fragment in line.text:
            place = f"section {line.section}, paragraph {line.paragraph}"
            return f"It stands in line {line.number}: {place}. Correct the place, or copy exactly."
    return "Copy it exactly, or correct the place."


def _unnamed(
    record: Record, lines: Sequence[str], names: Mapping[Reference, Sequence[str]]
) -> Iterator[Problem]:
    implied = {str(name) for name in record.values.get("implied", ())}
    shown = " ".join(_plain(line) for line in lines)
    for name, values in record.values.items():
        scheme = record.table.columns[name].scheme
        for value in values:
            if not isinstance(value, Reference) or name in implied:
                continue
            if value.kind not in _NAMED and scheme not in _NAMED_SCHEMES:
                continue
            if not any(_stands(_plain(known), shown) for known in names.get(value, ())):
                message = f"the line names {value} by no name that is registered"
                remedy = "Correct it, add the name as an alias, or name the column in implied."
                yield record.problem(name, message, remedy)


def _undated(record: Record, lines: Sequence[str]) -> Iterator[Problem]:
    implied = {str(name) for name in record.values.get("implied", ())}
    shown = " ".join(lines)
    for name, values in record.values.items():
        for value in values:
            if not isinstance(value, StatedDate) or name in implied:
                continue
            if not all(re.search(form, shown, re.IGNORECASE) for form in printed_forms(value)):
                message = f"{value.form} is not printed in the line"
                remedy = "Correct the date, or name the column in implied."
                yield record.problem(name, message, remedy)


def _unprinted(record: Record, lines: Sequence[str]) -> Iterator[Problem]:
    """Text is kept as printed; what is in our own words is a phrase."""
    implied = {str(name) for name in record.values.get("implied", ())}
    for name, values in record.values.items():
        if record.table.columns[name].type != "text" or name in implied or name in _OF_ITS_LINE:
            continue
        for value in values:
            if not any(str(value) in line for line in lines):
                message = f"{str(value)!r} does not stand in the line"
                remedy = "Copy it exactly, or name the column in implied."
                yield record.problem(name, message, remedy)


def _names(landscape: Landscape) -> dict[Reference, list[str]]:
    names = defaultdict[Reference, list[str]](list)
    for record in landscape.registers:
        if record.table.role == "register":
            names[record.subject] += [record.text("label")]
            names[record.subject] += [str(alias) for alias in record.values.get("aliases", ())]
        elif record.table.role == "aliases":
            names[record.reference("entity")] += map(str, record.values["alias"])
    return names


def _plain(text: str) -> str:
    """Text for comparing names: no case, accents, hyphens or double spaces."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    return re.sub(r"[\s\-\u2010-\u2015]+", " ", letters.replace("\u2019", "'"))


def _stands(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?:s|es)?(?!\w)", text) is not None
