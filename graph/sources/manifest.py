"""`source.toml`: what a source is, and how completely it was read."""

import datetime
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph.dates import StatedDate, parse_date
from graph.problems import Problem, candidates, shown
from graph.sources.cells import CONTROL
from graph.sources.files import read_text
from graph.terms import is_slug, is_web_address
from ontology.description import SCHEMA_VERSION, tables

FILE = "source.toml"
_TEXTS = {
    "title": "the title as printed; in square brackets where it is yours, since none is known",
    "short_title": "a short title for tables and footnotes",
    "publisher": "the slug of the publisher in organisations.csv",
    "id_prefix": "the prefix of every claim id of this source, a slug",
    "licence_note": "what may be done with the text, in a sentence of yours",
}
_OPTIONAL = {
    "url": "the page, only where it is known",
    "code": "the publisher's report code",
    "language": "the language of the text, such as en",
    "text_sha256": "SHA-256 of the text that was read, in hexadecimal",
    "series": "the slug of the series that it is an edition of, in series.csv",
    "data_group": "the slug of the organisation whose data it prints, where not the publisher's",
    "data_group_reason": "why its figures count to that data group, in a sentence of yours",
}
_DATES = {
    "published": "date of the edition",
    "updated": "when it was changed last, as it says",
    "accessed": "when it was read",
}
_KNOWN = frozenset({*_TEXTS, *_OPTIONAL, *_DATES, "version", "read_for", "tables"})
_SLUG = (is_slug, "is no slug", "Use a-z, 0-9 and single hyphens.")
_FORMS: Mapping[str, tuple[Callable[[str], object], str, str]] = {
    "id_prefix": _SLUG,
    "publisher": _SLUG,
    "data_group": _SLUG,
    "series": _SLUG,
    "url": (is_web_address, "is no http(s) address", "Write the whole address, or leave it out."),
    "language": (
        re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*").fullmatch,
        "is no language tag",
        "Write one such as en or pt-BR, or leave it out.",
    ),
    "text_sha256": (
        re.compile(r"[0-9a-f]{64}").fullmatch,
        "is no SHA-256",
        "Write the 64 digits 0-9a-f that sha256sum prints for the text.",
    ),
}


@dataclass(frozen=True, slots=True)
class TableCount:
    """What a source.toml says of a table of its folder.

    How many rows there must be, whether the source was read completely for them, and the digest of
    the rows that somebody held against the text, where one is kept.
    """

    rows: int
    complete: bool
    reviewed: str | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """A checked source.toml. `lines` has the line of each key, `tables.<name>` included.

    `data_group` is the organisation under which its figures count, None for the publisher.
    `series` is the slug of the series that it is an edition of, None for a report of its own.
    `read_for` are the tables of facts that the source was read for, where it was read for some
    only, as a page of figures is; empty for a report, which was read for all.
    """

    title: str
    short_title: str
    publisher: str
    id_prefix: str
    licence_note: str
    url: str | None
    code: str | None
    language: str | None
    text_sha256: str | None
    data_group: str | None
    data_group_reason: str | None
    published: StatedDate | None
    updated: StatedDate | None
    accessed: StatedDate | None
    read_for: tuple[str, ...]
    tables: Mapping[str, TableCount]
    lines: Mapping[str, int]
    series: str | None = None

    @property
    def counted_as(self) -> str:
        """The organisation under which its figures count, by slug."""
        return self.data_group or self.publisher

    @property
    def edition(self) -> StatedDate | None:
        """The date that tells this edition from others: when it was updated, else published."""
        return self.updated or self.published


class _Reader:
    def __init__(self, name: str, lines: Mapping[str, int], problems: list[Problem]) -> None:
        self.name = name
        self.lines = lines
        self.problems = problems

    def problem(self, key: str, message: str, remedy: str) -> None:
        self.problems.append(Problem(self.name, self.lines.get(key), key, message, remedy))

    def text(
        self, data: Mapping[str, Any], key: str, meaning: str, *, required: bool
    ) -> str | None:
        value = data.get(key)
        if value is None and not required:
            return None
        if not isinstance(value, str) or not value.strip():
            self.problem(key, "is missing or no text", f'Write {key} = "…": {meaning}.')
            return None
        if CONTROL.search(value):
            self.problem(key, f"{shown(value)} has a control character", "Keep it to one line.")
            return None
        value = value.strip()
        fits, message, remedy = _FORMS.get(key, (bool, "", ""))
        if not fits(value):
            self.problem(key, f"{shown(value)} {message}", remedy)
        return value

    def date(self, data: Mapping[str, Any], key: str, meaning: str) -> StatedDate | None:
        value = data.get(key)
        if value is None:
            return None
        if isinstance(value, datetime.date):
            value = value.isoformat()
        try:
            return parse_date(str(value))
        except ValueError as error:
            self.problem(key, str(error), f"It is the {meaning}.")
            return None

    def counts(self, data: object) -> dict[str, TableCount]:
        if not isinstance(data, dict):
            self.problem("tables", "is missing", "List each table under [tables].")
            return {}
        known = list(tables())
        counts = {}
        for name, spec in data.items():
            if name not in known:
                near = candidates(name, known) or f"The tables are {', '.join(known)}."
                self.problem(f"tables.{name}", "is no table of a source", near)
            elif not _is_count(spec):
                form = f"{name} = {{ rows = 12, complete = true }}"
                remedy = f'Write {form}, and reviewed = "…" as `therascape review` prints it.'
                self.problem(f"tables.{name}", "has another form", remedy)
            else:
                counts[name] = TableCount(**spec)
        return counts

    def read_for(self, value: object, counts: Mapping[str, TableCount]) -> tuple[str, ...]:
        """The tables of facts that the source was read for; all of its rows stand in these."""
        if value is None:
            return ()
        facts = [name for name, table in tables().items() if table.is_claim]
        if not isinstance(value, list) or not value or not all(isinstance(v, str) for v in value):
            remedy = 'Write read_for = ["market_figures", "growth_rates"], or leave it out.'
            self.problem("read_for", "is no list of tables", remedy)
            return ()
        for name in value:
            if name not in facts:
                near = candidates(name, facts) or f"They are {', '.join(facts)}."
                self.problem("read_for", f"{shown(name)} is no table of facts", near)
        for name, count in counts.items():
            if name in facts and name not in value and (count.rows or count.complete):
                message = "is listed, and the source was not read for it"
                remedy = "Add it to read_for, or leave read_for out: then it was read for all."
                self.problem(f"tables.{name}", message, remedy)
        return tuple(dict.fromkeys(value))


def _is_count(spec: object) -> bool:
    return (
        isinstance(spec, dict)
        and {"rows", "complete"} <= set(spec) <= {"rows", "complete", "reviewed"}
        and type(spec["rows"]) is int
        and type(spec["complete"]) is bool
        and re.fullmatch(r"[0-9a-f]{16}", str(spec.get("reviewed", "0" * 16))) is not None
    )


def read_manifest(path: Path, name: str, problems: list[Problem]) -> Manifest | None:
    """The manifest, or None after appending what is wrong with it."""
    text = read_text(path, name, problems)
    return None if text is None else parse_manifest(text, name, problems)


def parse_manifest(text: str, name: str, problems: list[Problem]) -> Manifest | None:
    """The manifest in the text of a source.toml, or None after appending what is wrong with it."""
    before = len(problems)
    data = _toml(text, name, problems)
    if data is None:
        return None
    reader = _Reader(name, _lines(text), problems)
    for key in data:
        if key not in _KNOWN:
            near = candidates(key, _KNOWN) or f"The fields are {', '.join(sorted(_KNOWN))}."
            reader.problem(key, "is no field of source.toml", near)
    if data.get("version") != SCHEMA_VERSION:
        remedy = f"Write version = {SCHEMA_VERSION}, or use the release that reads yours."
        reader.problem("version", f"is {shown(str(data.get('version')))}", remedy)
    texts = {k: reader.text(data, k, meaning, required=True) for k, meaning in _TEXTS.items()}
    optional = {k: reader.text(data, k, m, required=False) for k, m in _OPTIONAL.items()}
    dates = {key: reader.date(data, key, meaning) for key, meaning in _DATES.items()}
    counts = reader.counts(data.get("tables"))
    read_for = reader.read_for(data.get("read_for"), counts)
    if optional["data_group"] and not optional["data_group_reason"]:
        remedy = 'Write data_group_reason = "…": by which names or numbers this was decided.'
        reader.problem("data_group", "has no reason", remedy)
    if optional["data_group_reason"] and not optional["data_group"]:
        remedy = 'Write data_group = "…": the slug of an organisation, or leave the reason out.'
        reader.problem("data_group_reason", "is the reason of no data group", remedy)
    if len(problems) > before:
        return None
    required = {key: value for key, value in texts.items() if value is not None}
    stated: dict[str, Any] = {**required, **optional, **dates}
    return Manifest(**stated, read_for=read_for, tables=counts, lines=reader.lines)


def _toml(text: str, name: str, problems: list[Problem]) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # ValueError: also of integers without end
        place = re.search(r"at line (\d+)", str(error))
        line = int(place[1]) if place else None
        message = f"cannot be read as TOML: {error}"
        problems.append(Problem(name, line, None, message, "Mend the file; see toml.io."))
        return None


def _lines(text: str) -> dict[str, int]:
    """The line of each key that stands at the beginning of one."""
    lines: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.split("\n"), 1):
        if header := re.match(r"\s*\[\s*([\w.-]+)\s*\]", line):
            table = f"{header[1]}."
            lines.setdefault(header[1], number)
        elif key := re.match(r"\s*([\w.-]+)\s*=", line):
            lines.setdefault(table + key[1], number)
    return lines
