"""Metadata of CSV files (W3C, Metadata Vocabulary for Tabular Data)."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from graph.export.tables.catalogue import SEPARATOR, Datatype, Field, Table
from ontology.namespaces import RDF
from ontology.vocabulary import expand

Json: TypeAlias = dict[str, Any]

CONTEXT = ["http://www.w3.org/ns/csvw", {"@language": "en"}]
_DATATYPES: Mapping[Datatype, str] = {
    "iri": "anyURI",
    "text": "string",
    "integer": "integer",
    "decimal": "decimal",
    "boolean": "boolean",
    "year": "gYear",
    "date": "date",
}
_DIALECT = {
    "encoding": "utf-8",
    "lineTerminators": ["\r\n", "\n"],
    "quoteChar": '"',
    "doubleQuote": True,
    "delimiter": ",",
    "header": True,
    "headerRowCount": 1,
}
_UNIT = expand("sdmx-attribute:unitMeasure")


def table_metadata(table: Table, url: str, release: str) -> Json:
    """The metadata document of one file, found beside it as `<url>-metadata.json` (5.3)."""
    return {
        "@context": CONTEXT,
        **_table(table, url),
        "dc:isPartOf": {"@id": release},
    }


def group_metadata(tables: Sequence[tuple[Table, str]], release: str) -> Json:
    """The metadata document of several files, with the place of each."""
    return {
        "@context": CONTEXT,
        "@type": "TableGroup",
        "dc:title": _english("Tables of a Therascape release"),
        "dc:isPartOf": {"@id": release},
        "tables": [_table(table, url) for table, url in tables],
    }


def _table(table: Table, url: str) -> Json:
    return {
        "@type": "Table",
        "url": url,
        "dc:title": _english(table.title),
        "dc:description": _english(table.description),
        "dialect": {"@type": "Dialect", **_DIALECT},
        "tableSchema": {
            "@type": "Schema",
            "aboutUrl": f"{{+{table.about}}}",
            "primaryKey": table.key,
            "columns": [
                *(_column(field, table) for field in table.fields),
                {
                    "@type": "Column",
                    "name": "class",
                    "virtual": True,
                    "propertyUrl": RDF.type.value,
                    "valueUrl": table.class_,
                },
            ],
        },
    }


def _column(field: Field, table: Table) -> Json:
    column: Json = {
        "@type": "Column",
        "name": field.name,
        "titles": {"en": [field.name, field.title]},
        "dc:description": _english(field.description),
        "datatype": _DATATYPES[field.datatype],
        "null": "",
        "required": field.name in (table.key, table.about),
    }
    if field.many:
        column["separator"] = SEPARATOR
    if field.property:
        column["propertyUrl"] = field.property
    if field.unit:
        column[_UNIT] = _english(field.unit)
    # A list of IRIs has no valueUrl (5.1.2 has one for a cell): it would become literals in RDF.
    lists_iris = field.datatype == "iri" and field.many
    if not field.direct or lists_iris:
        column["suppressOutput"] = True
    elif field.datatype == "iri":
        column["valueUrl"] = f"{{+{field.name}}}"
    return column


def _english(text: str) -> Json:
    return {"@value": text, "@language": "en"}
