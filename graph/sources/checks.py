"""What must hold between rows and tables, once each row is sound by itself."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from graph.problems import Problem
from graph.sources.index import Index, Unread
from graph.sources.links import links
from graph.sources.manifest import FILE, Manifest
from graph.sources.records import Record, Reference
from graph.sources.references import cycles, references
from graph.sources.retired import Merges
from graph.sources.row_rules import row_rules
from graph.sources.series import series_problems
from ontology.description import MENTION_COLUMNS, tables

#: Kinds of things of which no two have one name without a word on it.
_NAMED_ONCE = frozenset({"agent", "therapy", "technology"})


@dataclass(frozen=True, slots=True)
class Part:
    """A source as read. `manifest` is None where source.toml is faulty."""

    slug: str
    name: str
    manifest: Manifest | None
    records: Sequence[Record]

    def merged(self, merges: Merges) -> "Part":
        """The same source with every merge decision applied."""
        manifest = self.manifest
        if manifest is not None:
            manifest = replace(
                manifest,
                publisher=merges.final(Reference("agent", manifest.publisher)).slug,
                data_group=merges.final(Reference("agent", manifest.counted_as)).slug,
                series=manifest.series and merges.final(Reference("series", manifest.series)).slug,
            )
        return replace(self, manifest=manifest, records=merges.apply(self.records))


def check_all(
    registers: Sequence[Record],
    parts: Sequence[Part],
    merges: Merges,
    faulty: Sequence[Record],
    unread: frozenset[Unread],
) -> Iterator[Problem]:
    """Every problem between rows, over all sources at once.

    `faulty` rows have a problem already: they count, and naming them is no second problem; nor is
    naming what may stand in tables that could not be read.
    """
    records = [*registers, *(record for part in parts for record in part.records)]
    index = Index(records, faulty, unread, [part.slug for part in parts])
    yield from index.duplicates
    for record in records:
        yield from references(record, index, merges)
        yield from row_rules(record)
    yield from cycles(records)
    yield from _groups(registers)
    yield from _namesakes(registers)
    yield from links(registers)
    for part in parts:
        yield from _mentions(part, index)
        yield from _lines(part)
        if part.manifest is not None:
            yield from _ids(part, part.manifest)
            yield from _organisation(part, part.manifest, "publisher", index)
            if part.manifest.counted_as != part.manifest.publisher:
                yield from _organisation(part, part.manifest, "data_group", index)
            shared = [r for r in registers if r.source == part.slug]
            yield from _row_counts(part, part.manifest, [*shared, *faulty], unread)
    yield from _prefixes(parts)
    yield from series_problems([(p.name, p.manifest) for p in parts if p.manifest], index)


def _groups(registers: Sequence[Record]) -> Iterator[Problem]:
    """An organisation is grouped under one that is the top of its group."""
    above = {r.subject: r.one("group") for r in registers if r.table.name == "organisations"}
    for record in registers:
        group = above.get(record.subject) if record.table.name == "organisations" else None
        if isinstance(group, Reference) and above.get(group) not in (None, group):
            message = f"{group.slug} is in the group of {above[group]} itself"
            remedy = "Name the organisation at the top of the group."
            yield record.problem("group", message, remedy)


def _namesakes(registers: Sequence[Record]) -> Iterator[Problem]:
    """Two things under one name are one, or it is decided that they are two."""
    first: dict[tuple[str, str], Record] = {}
    for record in registers:
        if record.table.role != "register" or record.table.kind not in _NAMED_ONCE:
            continue
        for name in (record.text("label"), *map(str, record.values.get("aliases", ()))):
            other = first.setdefault((record.table.kind, name.casefold()), record)
            if other is record or other.key == record.key:
                continue
            if not (record.text("decision") or other.text("decision")):
                message = f"{name!r} is a name of {other.key} already ({other.file}:{other.line})"
                remedy = "Use that slug if it is the same; else say in decision why it is another."
                yield record.problem("label", message, remedy)


def _mentions(part: Part, index: Index) -> Iterator[Problem]:
    """Further mentions are of claims of the same source, and say of them what they can."""
    seen: dict[object, Record] = {}
    for record in part.records:
        if record.table.role != "mentions":
            continue
        claim = index.ids.get(record.reference("claim").slug)
        if claim is None:
            continue
        if not claim.table.is_claim or claim.source != part.slug:
            message = f"{record.text('claim')} is no claim of this source"
            yield record.problem("claim", message, "Name a claim that stands in this folder.")
            continue
        for name in map(str, record.values.get("implied", ())):
            if name not in claim.values or name in MENTION_COLUMNS:
                message = f"says that {name} is implied, and the claim has no {name}"
                remedy = f"Name a column that is filled in {claim.file}:{claim.line}."
                yield record.problem("implied", message, remedy)
        place = tuple(record.values.get(c) for c in ("claim", "section", "paragraph", "printed"))
        for row in (seen.setdefault(place, record), claim):
            if row is not record and _same_place(row, record):
                message = f"{row.file}:{row.line} shows the same words of the same line"
                yield record.problem(None, message, "Delete one of the two rows.")


def _same_place(one: Record, other: Record) -> bool:
    columns = ("section", "paragraph", "printed")
    return all(one.values.get(column) == other.values.get(column) for column in columns)


def _ids(part: Part, manifest: Manifest) -> Iterator[Problem]:
    """Ids, and the slugs of segments, are of one source: else two could meet by accident."""
    prefix = manifest.id_prefix + "-"
    for record in part.records:
        own = {"id": record.id}
        if record.table.kind == "segment":
            own[record.table.key] = record.text(record.table.key)
        for column, slug in own.items():
            if slug and not slug.startswith(prefix):
                message = f"{slug!r} does not begin with {prefix!r}, the prefix of this source"
                remedy = "It is permanent: choose it once, with the prefix."
                yield record.problem(column, message, remedy)


def _organisation(part: Part, manifest: Manifest, field: str, index: Index) -> Iterator[Problem]:
    """A field of source.toml that names an organisation names one that is registered."""
    organisation = Reference("agent", getattr(manifest, field))
    target = index.known.get(organisation)
    if target is None and not index.may_exist(organisation):
        message = f"there is no organisation {organisation.slug!r}"
        remedy = index.remedy(organisation, "organisations.csv")
        yield _manifest_problem(part, manifest, field, message, remedy)
    elif target is not None and target.table.name != "organisations":
        message = f"{organisation.slug!r} stands in {target.table.name}, not in organisations"
        remedy = "Name a row of organisations.csv."
        yield _manifest_problem(part, manifest, field, message, remedy)


def _lines(part: Part) -> Iterator[Problem]:
    """A mention names its line, unless its section has no heading to count from."""
    headed = {r.key: "heading" in r.values for r in part.records if r.table.role == "register"}
    for record in part.records:
        section = record.one("section")
        if not isinstance(section, Reference) or "paragraph" not in record.table.columns:
            continue
        counted = "paragraph" in record.values
        if counted == headed.get(section.slug, counted):
            continue
        if counted:
            message = f"names a line of {section.slug}, which has no heading to count from"
            remedy = "Leave it empty, or write the heading in sections.csv."
        else:
            message = f"is empty, and {section.slug} has a heading"
            remedy = "Count the lines with text: 0 is the heading itself, 1 the first below it."
        yield record.problem("paragraph", message, remedy)


def _row_counts(
    part: Part, manifest: Manifest, further: Sequence[Record], unread: frozenset[Unread]
) -> Iterator[Problem]:
    """Every table has the rows that are listed; registers of the folder need not be listed.

    `further` rows are faulty ones, and those of such registers.
    """
    rows = [*part.records, *(r for r in further if r.source == part.slug)]
    found = Counter(record.table.name for record in rows)
    for table in sorted({*manifest.tables, *found}):
        count = found.get(table, 0)
        expected = manifest.tables.get(table)
        if (part.slug, table) in unread or (expected and expected.rows == count):
            continue
        if expected is None and tables()[table].is_shared:
            continue
        if expected is None:
            message = f"{table} has {count} rows and is not listed under [tables]"
            remedy = f"Add {table} = {{ rows = {count}, complete = false }}."
        else:
            message = f"{table} has {count} rows, {expected.rows} are expected"
            remedy = "A row is missing or was added: restore it, or correct the number."
        yield _manifest_problem(part, manifest, f"tables.{table}", message, remedy)


def _prefixes(parts: Sequence[Part]) -> Iterator[Problem]:
    """Ids are permanent over all sources, so no two share a prefix."""
    first: dict[str, Part] = {}
    for part in parts:
        if part.manifest is None:
            continue
        other = first.setdefault(part.manifest.id_prefix, part)
        if other is not part:
            message = f"{part.manifest.id_prefix!r} is the prefix of {other.name} already"
            remedy = "Choose another one, for all ids of this source."
            yield _manifest_problem(part, part.manifest, "id_prefix", message, remedy)


def _manifest_problem(
    part: Part, manifest: Manifest, key: str, message: str, remedy: str
) -> Problem:
    line = manifest.lines.get(key) or manifest.lines.get(key.partition(".")[0])
    return Problem(f"{part.name}/{FILE}", line, key, message, remedy)
