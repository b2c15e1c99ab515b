"""What the tables of an export are: one description each, in `catalogue.toml`."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, Literal, cast, get_args

from ontology.vocabulary import expand

Datatype = Literal["iri", "text", "integer", "decimal", "boolean", "year", "date"]
SEPARATOR = "; "
"""Stands between several values where a format has no lists."""

IRI_ENDING = "_iri"
_FOLDER = files("graph.export.tables")


@dataclass(frozen=True, slots=True)
class Field:
    """A column as files have it.

    `property` is the IRI of the property that it tells. `direct` says that the thing of the row has
    that property with the value of the cell itself: neither its name, nor over another node.
    `exact` marks dates that are days as a source says them, and no bounds of something vaguer.
    """

    name: str
    title: str
    description: str
    datatype: Datatype
    many: bool = False
    property: str | None = None
    direct: bool = True
    unit: str | None = None
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column as queries fill it: one field, or the name of a thing and its IRI."""

    name: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Table:
    """A table: `key` names the column of what a row is, `about` that of the thing it describes."""

    name: str
    title: str
    description: str
    class_: str
    key: str
    about: str
    columns: tuple[Column, ...]

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The columns of files, in order."""
        return tuple(field for column in self.columns for field in column.fields)

    @property
    def query(self) -> str:
        """SPARQL that selects ?row ?column ?value and, for a thing, its ?label."""
        return _FOLDER.joinpath("queries", f"{self.name}.rq").read_text("utf-8")


@cache
def tables() -> tuple[Table, ...]:
    """Every table, in the order in which they are offered."""
    read = tomllib.loads(_FOLDER.joinpath("catalogue.toml").read_text("utf-8"))
    return tuple(_table(name, told, read["groups"]) for name, told in read["tables"].items())


@cache
def table_named(name: str) -> Table:
    """The table of this name. Raises LookupError."""
    for table in tables():
        if table.name == name:
            return table
    raise LookupError(f"there is no table {name!r}")


def _table(name: str, told: Mapping[str, Any], groups: Mapping[str, Any]) -> Table:
    return Table(
        name,
        told["title"],
        told["description"],
        expand(told["class"]),
        told["key"],
        told.get("about", told["key"]),
        tuple(_column(one) for one in _ungrouped(told["columns"], groups)),
    )


def _ungrouped(told: list[dict[str, Any]], groups: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for one in told:
        yield from groups[one["group"]] if "group" in one else (one,)


def _column(told: Mapping[str, Any]) -> Column:
    name, thing = told["name"], told["datatype"] == "thing"
    datatype = "iri" if thing else told["datatype"]
    assert datatype in get_args(Datatype), f"{name}: {datatype!r} is no datatype"
    field = Field(
        name,
        told.get("title", name.replace("_", " ").capitalize()),
        told["description"],
        cast("Datatype", datatype),
        told.get("many", False),
        expand(told["property"]) if "property" in told else None,
        "property" in told and not told.get("over", False),
        told.get("unit"),
        told.get("exact", False),
    )
    if not thing:
        return Column(name, (field,))
    label = replace(field, datatype="text", direct=False)
    iri = replace(
        field,
        name=name + IRI_ENDING,
        title=f"{field.title}, IRI",
        description=f"IRI of what the column {name} names, in the same order.",
    )
    return Column(name, (label, iri))
