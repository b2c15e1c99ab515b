"""A small checker of CSV files against their metadata, by the W3C recommendations.

"Metadata Vocabulary for Tabular Data" (MV) and "Model for Tabular Data and Metadata on the Web"
(TM); only what our metadata uses, and anything else is a complaint.
"""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

_CONTEXT = "http://www.w3.org/ns/csvw"
_TABLE = {"@context", "@type", "url", "dialect", "tableSchema"}
_SCHEMA = {"@type", "aboutUrl", "primaryKey", "columns"}
_COLUMN = {
    *("@type", "name", "titles", "datatype", "null", "required", "separator", "propertyUrl"),
    *("valueUrl", "suppressOutput", "virtual"),
}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.]*")  # MV 5.6: no leading underscore, RFC 6570 names
_ABSOLUTE = re.compile(r"https?://[^\s{}]+")
_VARIABLE = re.compile(r"\{\+([A-Za-z0-9_]+)\}")
_FORMS = {
    "string": re.compile(r"(?s).*"),
    "anyURI": re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s]+"),
    "integer": re.compile(r"[+-]?\d+"),
    "decimal": re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)"),
    "boolean": re.compile(r"true|false|1|0"),
    "gYear": re.compile(r"-?\d{4,}"),
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
}


def complaints(metadata: dict[str, Any], body: bytes) -> list[str]:
    """What is wrong with the metadata of a table, or with the file according to it."""
    return [*_of_metadata(metadata), *_of_file(metadata, body)]


def _of_metadata(told: dict[str, Any]) -> Iterator[str]:
    context = told.get("@context")
    if not (context == _CONTEXT or (isinstance(context, list) and context[0] == _CONTEXT)):
        yield "MV 5.2: the context is not that of CSVW"
    if told.get("@type") != "Table" or not isinstance(told.get("url"), str):
        yield "MV 5.4: no table with a url"
    yield from _unknown(told, _TABLE)
    schema = told["tableSchema"]
    yield from _unknown(schema, _SCHEMA)
    columns = schema["columns"]
    names = [column.get("name", "") for column in columns]
    if len(set(names)) != len(names):
        yield "MV 5.5: names of columns are not unique"
    for variable in _VARIABLE.findall(schema["aboutUrl"]):
        if variable not in names:
            yield f"MV 5.1.3: aboutUrl names {variable}, which is no column"
    if schema["primaryKey"] not in names:
        yield "MV 5.5: the primary key is no column"
    virtual = [bool(column.get("virtual")) for column in columns]
    if virtual != sorted(virtual):
        yield "MV 5.6: a virtual column stands before one that is not"
    for column in columns:
        yield from _of_column(column, names)


def _of_column(column: dict[str, Any], names: list[str]) -> Iterator[str]:
    name = column.get("name", "")
    yield from _unknown(column, _COLUMN)
    if not _NAME.fullmatch(name):
        yield f"MV 5.6: {name!r} is no name of a column"
    if "propertyUrl" in column and not _ABSOLUTE.fullmatch(column["propertyUrl"]):
        yield f"{name}: propertyUrl is not absolute"
    for variable in _VARIABLE.findall(column.get("valueUrl", "")):
        if variable not in names:
            yield f"{name}: valueUrl names {variable}, which is no column"
    if column.get("virtual"):
        return
    if column.get("datatype") not in _FORMS:
        yield f"{name}: {column.get('datatype')!r} is no datatype that we use"
    if not isinstance(column.get("required"), bool) or column.get("null") != "":
        yield f"{name}: required or null is missing"


def _unknown(told: dict[str, Any], known: set[str]) -> Iterator[str]:
    for key in told:
        # MV 5.8: common properties are prefixed names or absolute IRIs.
        if key not in known and not re.match(r"(dc|schema):|https?://", key):
            yield f"{key!r} is no property here"


def _of_file(told: dict[str, Any], body: bytes) -> Iterator[str]:
    rows = list(csv.reader(io.StringIO(body.decode(told["dialect"]["encoding"]), newline="")))
    columns = [c for c in told["tableSchema"]["columns"] if not c.get("virtual")]
    if len(rows[0]) != len(columns):
        yield "TM 6.5: the header has another number of columns"
        return
    for title, column in zip(rows[0], columns, strict=True):
        if title not in column["titles"]["en"]:
            yield f"TM 6.5: the header {title!r} is no title of {column['name']}"
    keys = [c["name"] for c in columns].index(told["tableSchema"]["primaryKey"])
    if len({row[keys] for row in rows[1:]}) != len(rows) - 1:
        yield "TM 4.6: the primary key is not unique"
    for number, row in enumerate(rows[1:], 1):
        if len(row) != len(columns):
            yield f"TM 8: row {number} has {len(row)} cells"
            continue
        for text, column in zip(row, columns, strict=True):
            yield from (f"row {number}: {said}" for said in _of_cell(text, column))


def _of_cell(text: str, column: dict[str, Any]) -> Iterator[str]:
    if text == column["null"]:
        if column["required"]:
            yield f"TM 6.4: {column['name']} is required"
        return
    # TM 6.4: a cell is parted first, then each part is read.
    parts = text.split(column["separator"]) if "separator" in column else [text]
    for part in parts:
        if not _FORMS[column["datatype"]].fullmatch(part):
            yield f"{column['name']}: {part!r} is no {column['datatype']}"
        elif column["datatype"] == "date":
            date.fromisoformat(part)
