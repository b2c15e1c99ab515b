"""Merge decisions of retired.csv, applied as soon as everything is read.

What refers to a retired thing then refers to what stands in its place, so nothing after this needs
to know. A row that registers a merged thing becomes further names of the other; a row that tells
a merged event tells the other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from graph.problems import Problem
from graph.sources.records import Record, Reference, Value
from graph.terms import is_slug
from ontology.description import REFERENCES, tables

#: Kinds of things that can be retired; a section goes with its source.
RETIRABLE = frozenset(REFERENCES.values()) - {"section"}


def retired_entity(record: Record) -> Reference | None:
    """The thing that a row of retired.csv retires; None where it names none."""
    kind, _, slug = record.text("entity").partition(":")
    return Reference(kind, slug) if kind in RETIRABLE and is_slug(slug) else None


class Merges:
    """Which thing stands for which, and the row that decided it."""

    def __init__(self, records: Iterable[Record], problems: list[Problem]) -> None:
        self.decided: dict[Reference, Record] = {}
        for record in records:
            if record.table.role == "retired":
                self._add(record, problems)
        self._final = {old: self._follow(old, problems) for old in self.decided}

    def _add(self, record: Record, problems: list[Problem]) -> None:
        old, new = retired_entity(record), record.one("replaced_by")
        if old is None:
            message = f"{record.text('entity')!r} is no thing that can be retired"
            remedy = f"Write kind:slug; the kinds are {', '.join(sorted(RETIRABLE))}."
            problems.append(record.problem("entity", message, remedy))
            return
        if isinstance(new, Reference) and new.kind != old.kind:
            message = f"{old} is no {new.kind}, so {new} cannot stand in its place"
            remedy = f"Name another {old.kind}, or leave the cell empty."
            problems.append(record.problem("replaced_by", message, remedy))
            return
        first = self.decided.setdefault(old, record)
        if first.one("replaced_by") != new:
            message = f"{old} is retired otherwise in {first.file}:{first.line}"
            problems.append(record.problem("replaced_by", message, "Keep one of the two rows."))

    def _follow(self, old: Reference, problems: list[Problem]) -> Reference | None:
        """What stands in the place of a thing in the end; None where nothing does."""
        seen = [old]
        while (record := self.decided.get(seen[-1])) is not None:
            new = record.one("replaced_by")
            if not isinstance(new, Reference):
                return None
            if new in seen:
                if new == old:
                    message = f"{old} is replaced by itself in the end"
                    problems.append(record.problem("replaced_by", message, "Break the circle."))
                return None
            seen.append(new)
        return seen[-1]

    def final(self, reference: Reference) -> Reference:
        """What a reference means: the thing itself, or what stands in its place."""
        return self._final.get(reference) or reference

    def apply(self, records: Sequence[Record]) -> list[Record]:
        """The records with every reference and every merged subject put right."""
        return [self._applied(record) for record in records] if self._final else list(records)

    def _applied(self, record: Record) -> Record:
        values = {name: self._values(old) for name, old in record.values.items()}
        subject = self.final(record.subject)
        if subject == record.subject:
            return replace(record, values=values)
        if record.table.role == "register":
            return self._further_names(record, subject)
        return replace(record, values=values, key=subject.slug)

    def _values(self, values: tuple[Value, ...]) -> tuple[Value, ...]:
        live = [self.final(v) if isinstance(v, Reference) else v for v in values]
        return tuple(dict.fromkeys(live))

    def _further_names(self, record: Record, new: Reference) -> Record:
        reason = self.decided[record.subject].values.get("reason", ())
        names = (*record.values.get("label", ()), *record.values.get("aliases", ()))
        values: Mapping[str, tuple[Value, ...]] = {
            "entity": (new,),
            "alias": names,
            "decision": reason,
        }
        return replace(record, table=tables()["aliases"], key="", values=values)
