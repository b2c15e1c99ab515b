"""A Frictionless data package of a release: CSV files, their schemas, hashes, sources and rights.

Data Package 2.0 (https://datapackage.org/standard/): `datapackage.json`, and CSVW metadata beside
the files for readers of that.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

from graph.export.tables.about import RIGHTS, name_of, readme
from graph.export.tables.archive import pack
from graph.export.tables.catalogue import SEPARATOR, Datatype, Field, Table
from graph.export.tables.csv_file import write_csv
from graph.export.tables.csvw import group_metadata
from graph.export.tables.filling import Filled
from graph.release import Release

Json: TypeAlias = dict[str, Any]

DESCRIPTOR, README, FOLDER = "datapackage.json", "README.md", "data"
CSVW = f"{FOLDER}/csv-metadata.json"  # where CSVW looks for it by itself (5.3)
_PROFILE = "https://datapackage.org/profiles/2.0/"
_TYPES: Mapping[Datatype, str] = {
    "iri": "string",
    "text": "string",
    "integer": "integer",
    "decimal": "number",
    "boolean": "boolean",
    "year": "year",
    "date": "date",
}


@dataclass(frozen=True, slots=True)
class Resource:
    """A file of the package that is written: where it is, its size and its SHA-256."""

    table: Table
    path: str
    size: int
    sha256: str


class Package:
    """A package whose files are gathered in a folder, and then written as one zip file."""

    def __init__(self, release: Release, folder: Path) -> None:
        self._release = release
        self._folder = folder
        self._resources: list[Resource] = []
        self._remarks: list[str] = []
        (folder / FOLDER).mkdir()

    def add(self, table: Filled) -> None:
        """Add the file of a table."""
        path = f"{FOLDER}/{table.table.name}.csv"
        with (self._folder / path).open("wb") as file:
            write_csv(table, file, lambda: None)
        with (self._folder / path).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = (self._folder / path).stat().st_size
        self._resources.append(Resource(table.table, path, size, digest))
        self._remarks += [f"{table.table.title}: {text}" for text in table.remarks]

    def write(self, sources: Sequence[Json], target: BinaryIO) -> None:
        """Write the zip file: the descriptor first, the text for people, then the data."""
        tables = tuple(resource.table for resource in self._resources)
        named = [(table, f"{table.name}.csv") for table in tables]
        self._text(DESCRIPTOR, as_json(descriptor(self._release, self._resources, sources)))
        self._text(README, readme(self._release, tables, tuple(self._remarks)))
        self._text(CSVW, as_json(group_metadata(named, name_of(self._release))))
        names = (DESCRIPTOR, README, CSVW, *(resource.path for resource in self._resources))
        pack(((name, self._folder / name) for name in names), target)

    def _text(self, name: str, text: str) -> None:
        (self._folder / name).write_bytes(text.encode())


def descriptor(release: Release, resources: Sequence[Resource], sources: Sequence[Json]) -> Json:
    """What `datapackage.json` says."""
    return {
        "$schema": _PROFILE + "datapackage.json",
        "name": "therascape-tables",
        "id": name_of(release),
        "title": "Tables of a Therascape release",
        "description": f"Release {release.id}. {RIGHTS}",
        "keywords": ["cell therapy", "gene therapy", "market reports"],
        # No licence covers facts of others: the text says whose they are.
        "licenses": [{"path": README, "title": "Rights of third parties, by source"}],
        "sources": list(sources),
        "resources": [_resource(resource) for resource in resources],
    }


def sources_of(table: Filled) -> Iterator[Json]:
    """The sources of a package from the rows of the table of sources: title, path and rights."""
    names = [field.name for field in table.table.fields]
    for row in table.rows():
        told = dict(zip(names, row, strict=True))
        source: Json = {"title": told["label"] or told["source"]}
        if told["page"]:
            source["path"] = told["page"]
        if told["rights"]:
            source["rights"] = told["rights"]
        yield source


def as_json(value: Json) -> str:
    """JSON for files: readable, and the same each time."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _resource(resource: Resource) -> Json:
    table = resource.table
    return {
        "name": table.name,
        "path": resource.path,
        "type": "table",
        "title": table.title,
        "description": table.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": resource.size,
        "hash": f"sha256:{resource.sha256}",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "header": True},
        "schema": {
            "$schema": _PROFILE + "tableschema.json",
            "fields": [_field(field, table) for field in table.fields],
            "missingValues": [""],
            "primaryKey": [table.key],
        },
    }


def _field(field: Field, table: Table) -> Json:
    told: Json = {"name": field.name, "title": field.title, "description": field.description}
    if field.many:
        told |= {"type": "list", "delimiter": SEPARATOR, "itemType": _TYPES[field.datatype]}
    else:
        told["type"] = _TYPES[field.datatype]
        if field.datatype == "iri":
            told["format"] = "uri"
    if field.name in (table.key, table.about):
        told["constraints"] = {
            "required": True,
            **({"unique": True} if field.name == table.key else {}),
        }
    if field.property:
        told["rdfType"] = field.property
    if field.unit:
        told["unit"] = field.unit
    return told
