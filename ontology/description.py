"""The description of every table: columns, types and the terms they become.

One TOML file a table under `ontology/tables/`; `groups.toml` holds columns that several tables
share. Reading, checking, statements, shapes and the data-model page are all derived from it, so a
new kind of fact is a class in the ontology, a description here and a CSV file.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from ontology.vocabulary import expand

Role = Literal["register", "claims", "notes", "mentions", "ignored", "aliases", "retired", "links"]

#: Version of the table schemas; a source.toml names the version that it is written for.
SCHEMA_VERSION = 1

#: Column types that name a row of a register, and the kind of IRI they become.
REFERENCES: Mapping[str, str] = {
    "organisation": "agent",
    "person": "agent",
    "therapy": "therapy",
    "technology": "technology",
    "place": "place",
    "market": "market",
    "segment": "segment",
    "event": "event",
    "claim": "claim",
    "series": "series",
    "section": "section",
    "scheme": "scheme",
    "concept": "concept",
}
LITERALS = frozenset(
    (
        "text phrase slug integer measure measure-base year date plain-date column any"
        " iri match notation"
    ).split()
)


class DescriptionError(ValueError):
    """A table description that contradicts itself; names the file and the column."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    `type` is a literal type or a register; `scheme` restricts a concept to one scheme;
    `predicate` is an IRI, None where the column makes no statement of its own; `itself` says that
    an empty cell means the row's own thing.
    """

    name: str
    type: str
    comment: str
    predicate: str | None = None
    scheme: str | None = None
    required: bool = False
    many: bool = False
    minimum: int | None = None
    maximum: int | None = None
    only: tuple[str, ...] = ()
    itself: bool = False

    @property
    def is_reference(self) -> bool:
        """Whether a cell names a row of a register."""
        return self.type in REFERENCES


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of row. `kind` is the IRI kind of its subject; `key` the column that names it."""

    name: str
    title: str
    comment: str
    role: Role
    cls: str | None
    kind: str
    key: str
    label: tuple[str, ...]
    any_of: tuple[str, ...]
    columns: Mapping[str, Column]

    @property
    def is_claim(self) -> bool:
        """Whether each row is a claim of a source, with a mention."""
        return self.role == "claims"

    @property
    def is_shared(self) -> bool:
        """Whether its rows stand beside all sources, and not in one of them."""
        shared = self.role in ("register", "aliases", "retired", "links")
        return shared and self.kind != "section"


#: The columns of the first mention, present in every table of claims.
MENTION_COLUMNS = ("section", "paragraph", "stated", "approximation", "printed", "implied")
_FIELDS = frozenset("property type required many minimum maximum only itself comment".split())


def _column(table: str, name: str, spec: Mapping[str, Any], *, required: bool = False) -> Column:
    if unknown := set(spec) - _FIELDS:
        raise DescriptionError(f"{table}.toml: column {name}: unknown field {min(unknown)!r}")
    type_, _, scheme = str(spec["type"]).partition(":")
    if type_ not in REFERENCES and type_ not in LITERALS:
        raise DescriptionError(f"{table}.toml: column {name}: unknown type {type_!r}")
    prop = spec.get("property")
    return Column(
        name=name,
        type=type_,
        comment=spec["comment"],
        predicate=expand(prop) if prop else None,
        scheme=scheme or None,
        required=bool(spec.get("required", required)),
        many=bool(spec.get("many", False)),
        minimum=spec.get("minimum"),
        maximum=spec.get("maximum"),
        only=tuple(spec.get("only", ())),
        itself=bool(spec.get("itself", False)),
    )


def _own_columns(spec: Mapping[str, Any], groups: Mapping[str, Any]) -> dict[str, Any]:
    columns = dict(spec["columns"])
    for group in spec.get("groups", ()):
        columns |= groups[group]
    for required in spec.get("required", ()):
        columns[required] = columns[required] | {"required": True}
    return columns


def _key_column(role: Role) -> dict[str, Any]:
    if role in ("claims", "notes"):
        comment = "Permanent id of the claim; begins with the prefix of the source."
        return {"id": {"type": "slug", "required": True, "comment": comment}}
    if role == "register":
        label = {"type": "text", "required": True, "comment": "Its name.", "property": "rdfs:label"}
        slug = {"type": "slug", "required": True, "comment": "Its permanent slug: a-z, 0-9, -."}
        return {"slug": slug, "label": label}
    return {}


def _table(name: str, spec: Mapping[str, Any], groups: Mapping[str, Any]) -> Table:
    role: Role = "register" if "register" in spec else spec.get("role", "claims")
    columns = _key_column(role) | _own_columns(spec, groups)
    if role in ("claims", "mentions"):
        columns |= groups["mention"]
    subject = spec.get("subject", {})
    key = "slug" if role == "register" else subject.get("column", "id")
    return Table(
        name=name,
        title=spec["title"],
        comment=spec["comment"],
        role=role,
        cls=expand(spec["class"]) if "class" in spec else None,
        kind=spec.get("register") or subject.get("kind", "claim"),
        key=key,
        label=tuple(spec.get("label", ())),
        any_of=tuple(spec.get("any_of", ())),
        columns={n: _column(name, n, c) for n, c in columns.items()},
    )


@cache
def tables() -> Mapping[str, Table]:
    """Every table by name, in alphabetical order."""
    folder = files("ontology") / "tables"
    specs = {
        entry.name.removesuffix(".toml"): tomllib.loads(entry.read_text("utf-8"))
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".toml")
    }
    groups = specs.pop("groups")
    for name, spec in specs.items():
        if spec.get("version") != SCHEMA_VERSION:
            raise DescriptionError(f"{name}.toml: version must be {SCHEMA_VERSION}")
    return {name: _table(name, spec, groups) for name, spec in specs.items()}
