"""What must hold of links outward, and of the codes of places."""

from collections.abc import Iterator, Sequence

from graph.authorities import CONFIRMED, PROPOSED, REJECTED, authority_of
from graph.problems import Problem
from graph.sources.records import Record, Reference
from graph.terms import DEFAULT_BASE

#: What a link must name, by its status: who says so, or else why nobody was believed.
_NEEDED = {
    CONFIRMED: ("label_there", "source", "accessed"),
    REJECTED: ("note",),
    PROPOSED: ("note",),
}
#: Kinds of things that another dataset can describe.
_LINKED = ("agent", "therapy", "technology", "place", "concept")


def links(registers: Sequence[Record]) -> Iterator[Problem]:
    """Every problem of the links, by themselves and together, and of codes that two places have."""
    found = [record for record in registers if record.table.role == "links"]
    for record in found:
        yield from _entity(record)
        yield from _target(record)
        yield from _needed(record)
    yield from _once(found)
    yield from _exact(found)
    yield from _codes(registers)


def _status(record: Record) -> str:
    return record.reference("status").slug


def _entity(record: Record) -> Iterator[Problem]:
    kind = record.reference("entity").kind
    if kind not in _LINKED:
        message = f"a {kind} is described here alone, so nothing outside is the same"
        yield record.problem("entity", message, f"Name one of {', '.join(_LINKED)}.")


def _target(record: Record) -> Iterator[Problem]:
    target, identifier = record.text("target"), record.text("identifier")
    if target.startswith(DEFAULT_BASE):
        remedy = "Name a thing outside; two things of ours that are one are merged in retired.csv."
        yield record.problem("target", f"{target} is an IRI of ours", remedy)
        return
    authority = authority_of(target)
    if authority is None:
        return
    if not authority.form.fullmatch(identifier):
        message = f"{identifier!r} is no identifier of {authority.title}"
        yield record.problem("identifier", message, f"It is {authority.written}.")
    elif not authority.sound(identifier):
        message = f"{identifier!r} has other check digits than {authority.title} gives"
        yield record.problem("identifier", message, "Copy it again from the source.")
    elif not target.startswith(authority.space):
        message = f"{target} is a page of {authority.title}, and not the thing"
        yield record.problem("target", message, _form(authority.iri(identifier)))
    elif (iri := authority.iri(identifier)) is not None and iri != target:
        message = f"{target} is not the IRI of {identifier}"
        yield record.problem("target", message, _form(iri))


def _form(iri: str | None) -> str:
    return f"Write {iri}." if iri else "Copy the IRI of the thing from the source."


def _needed(record: Record) -> Iterator[Problem]:
    status = _status(record)
    for column in _NEEDED.get(status, ()):
        if column not in record.values:
            what = record.table.columns[column].comment
            message = f"is empty, and the link is {status.removeprefix('link-')}"
            remedy = f"Fill it in: {what}"
            if status == CONFIRMED:
                remedy += " Without it, the link is proposed."
            yield record.problem(column, message, remedy)


def _once(found: Sequence[Record]) -> Iterator[Problem]:
    """One row says what becomes of one link."""
    first: dict[tuple[Reference, str, str], Record] = {}
    for record in found:
        key = (record.reference("entity"), record.text("relation"), record.text("target"))
        other = first.setdefault(key, record)
        if other is not record:
            message = f"the same link stands in {other.file}:{other.line}"
            yield record.problem("target", message, "Keep one of the two rows.")


def _exact(found: Sequence[Record]) -> Iterator[Problem]:
    """Being the same is one to one: skos:exactMatch is transitive and symmetric.

    And it excludes the wider and the merely related (SKOS Reference, S46).
    """
    whose: dict[str, Record] = {}
    there: dict[tuple[Reference, str], Record] = {}
    others: dict[tuple[Reference, str], Record] = {}
    for record in found:
        if _status(record) == CONFIRMED and record.text("relation") not in (
            "exactMatch",
            "closeMatch",
        ):
            others[record.reference("entity"), record.text("target")] = record
    for record in found:
        if record.text("relation") != "exactMatch" or _status(record) == REJECTED:
            continue
        entity, target = record.reference("entity"), record.text("target")
        other = whose.setdefault(target, record)
        if other.reference("entity") != entity:
            message = f"{target} is {other.reference('entity')} already ({_at(other)})"
            remedy = "Reject one of the two, or merge the things in retired.csv."
            yield record.problem("target", message, remedy)
        if _status(record) != CONFIRMED:
            continue
        if (wider := others.get((entity, target))) is not None:
            message = f"{wider.text('relation')} in {_at(wider)} says that they are not the same"
            yield record.problem("relation", message, "Keep one of the two rows.")
        authority = authority_of(target)
        if authority is not None:
            twin = there.setdefault((entity, authority.name), record)
            if twin.text("target") != target:
                message = f"it is {twin.text('identifier')} there already ({_at(twin)})"
                remedy = f"Two things of {authority.title} cannot both be the same as {entity}."
                yield record.problem("target", message, remedy)


def _codes(registers: Sequence[Record]) -> Iterator[Problem]:
    first: dict[str, Record] = {}
    for record in registers:
        for code in map(str, record.values.get("notations", ())):
            other = first.setdefault(code, record)
            if other is not record:
                message = f"{code} is the code of {other.key} already ({_at(other)})"
                yield record.problem("notations", message, "Correct one of the two.")
        code = record.text("code")
        if "notations" in record.values and code and code not in record.values["notations"]:
            message = f"has no {code}, which is its code"
            yield record.problem("notations", message, "Add it, or correct the code.")


def _at(record: Record) -> str:
    return f"{record.file}:{record.line}"
