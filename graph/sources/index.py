"""Every row that can be named, by what names it."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from graph.problems import Problem, candidates
from graph.sources.records import Record, Reference, Value
from ontology.description import tables

#: A table that could not be read to its end: its source (None for shared registers) and name.
Unread = tuple[str | None, str]
#: For how many unknown names near ones are looked for, which takes a moment each.
_MOST_GUESSES = 200
#: Of a scheme with no more concepts than this, all are named where none is near.
_MOST_TOLD = 30


def _as_slug(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return re.sub(r"[^a-z0-9]+", "-", decomposed.encode("ascii", "ignore").decode()).strip("-")


class Index:
    """The rows that can be named. `duplicates` are the problems met while indexing."""

    def __init__(
        self,
        records: Iterable[Record],
        faulty: Iterable[Record],
        unread: frozenset[Unread],
        sources: Iterable[str],
    ) -> None:
        self.known: dict[Reference, Record] = {}
        self.ids: dict[str, Record] = {}
        self.sources = set(sources)
        self.duplicates: list[Problem] = []
        self._told: dict[tuple[Reference, str | None], Record] = {}
        self._slugs: dict[tuple[str, str | None], set[str]] = defaultdict(set)
        self._near: dict[tuple[Reference, str | None], str] = {}
        self._called: dict[tuple[str, str], str] = {}
        for record in records:
            self._add(record)
        self._faulty = {Reference("claim", record.id) for record in faulty if record.id}
        self._faulty |= {record.subject for record in faulty if record.key}
        kinds = [(tables()[name].kind, source) for source, name in unread]
        self._unread = {(kind, source if kind == "section" else None) for kind, source in kinds}
        if any(tables()[name].role in ("claims", "notes") for _, name in unread):
            self._unread.add(("claim", None))

    def _add(self, record: Record) -> None:
        role = record.table.role
        if role == "aliases":
            self._call(record.reference("entity"), record.values["alias"])
        if role not in ("register", "claims", "notes"):
            return
        if record.id:
            self._unique_id(record)
        if record.subject.kind != "claim":
            self._unique_subject(record)

    def _unique_id(self, record: Record) -> None:
        first = self.ids.setdefault(record.id, record)
        if first is not record:
            message = f"{record.id!r} is already used in {first.file}:{first.line}"
            remedy = "Give this row an id of its own."
            self.duplicates.append(record.problem("id", message, remedy))
            return
        self._know(Reference("claim", record.id), record)

    def _unique_subject(self, record: Record) -> None:
        """One row for each thing; an event or segment may be told once by each source."""
        first = self._know(record.subject, record)
        same = first.table is record.table and record.table.role == "claims"
        told = self._told.setdefault((record.subject, record.source), record)
        if not same or told is not record:
            other = told if told is not record else first
            if other is record:
                return
            message = f"{record.key!r} is already used in {other.file}:{other.line}"
            remedy = "Use one row for one thing; tell a second place of the text in mentions.csv."
            if record.table.role == "register":
                remedy = "It is registered: delete this row, or choose another slug."
            self.duplicates.append(record.problem(record.table.key, message, remedy))

    def _know(self, reference: Reference, record: Record) -> Record:
        self._slugs[reference.kind, reference.source].add(reference.slug)
        self._call(reference, (record.text("label"), *record.values.get("aliases", ())))
        return self.known.setdefault(reference, record)

    def _call(self, reference: Reference, names: Iterable[Value]) -> None:
        for name in names:
            self._called.setdefault((reference.kind, _as_slug(str(name))), reference.slug)

    def remedy(self, reference: Reference, where: str, scheme: str | None = None) -> str:
        """What to do about a thing that is not there: take what is called so or nearly, or add it.

        `scheme` narrows the concepts; of a short list without a near one, all are told.
        """
        key = (reference, scheme)
        if key not in self._near:
            enough = len(self._near) >= _MOST_GUESSES
            self._near[key] = "" if enough else self._guess(reference, scheme)
        near = self._near[key]
        return f"{near} Or add it to {where}." if near else f"Correct it, or add it to {where}."

    def _guess(self, reference: Reference, scheme: str | None) -> str:
        known = self.concepts(scheme) if scheme else self._slugs[reference.kind, reference.source]
        named = self._called.get((reference.kind, reference.slug))
        if named in known:
            return f"That is a name of {named}."
        near = candidates(reference.slug, known)
        if not near and scheme and len(known) <= _MOST_TOLD:
            near = f"They are {', '.join(sorted(known))}."
        return near

    def concepts(self, scheme: str) -> list[str]:
        """The slugs of the concepts of a scheme."""
        return [
            known.slug
            for known, row in self.known.items()
            if known.kind == "concept" and str(row.one("scheme")) == f"scheme:{scheme}"
        ]

    def may_exist(self, reference: Reference) -> bool:
        """Whether a thing that is not known stands in a row or table that could not be read."""
        kind, source = reference.kind, reference.source
        return reference in self._faulty or (kind, source) in self._unread
