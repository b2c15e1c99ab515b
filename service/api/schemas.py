"""JSON Schema (2020-12) of what the API takes and gives, made from the classes that hold it."""

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from graph.landscape import Column, Completeness, Evidence, Parameter, Thing
from service.kinds import Kind

Schema = dict[str, Any]
SHARED = (Thing, Evidence, Column, Completeness)
"""Classes that have a schema of their own among the components."""

_PLAIN: Mapping[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    NoneType: {"type": "null"},
    Any: {},
}
_DATE = (
    r"^(?!0000)[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|1[0-9]|2[0-8]))?"
    r"|-(0[13-9]|1[0-2])-(29|30)|-(0[13578]|1[02])-31)?$"
)


def reference(name: str) -> Schema:
    """Return what stands for a component."""
    return {"$ref": f"#/components/schemas/{name}"}


def of_class(class_: type) -> Schema:
    """Return the schema of a dataclass: every field is there, none besides."""
    hints = get_type_hints(class_)
    names = [one.name for one in fields(class_)]
    return {
        "type": "object",
        "description": first_sentence(class_),
        "properties": {name: of_type(hints[name]) for name in names},
        "required": names,
        "additionalProperties": False,
    }


def of_type(hint: Any) -> Schema:
    """Return the schema of a type, as far as fields of answers have such types."""
    if hint in _PLAIN:
        return dict(_PLAIN[hint])
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Literal:
        return {"type": "string", "enum": list(inner)}
    if origin in (Union, UnionType):
        return {"anyOf": [of_type(one) for one in inner]}
    if origin in (tuple, list, Sequence):
        return {"type": "array", "items": of_type(inner[0])}
    if origin in (dict, Mapping):
        return {"type": "object"}
    assert isinstance(hint, type), hint
    assert is_dataclass(hint), hint
    return reference(hint.__name__) if hint in SHARED else of_class(hint)


def of_parameter(parameter: Parameter) -> Schema:
    """Return the schema of a value of a parameter, or of its values where there may be many."""
    schema: Schema
    match parameter.kind:
        case "choice":
            schema = {"type": "string", "enum": list(parameter.choices)}
        case "integer":
            schema = {"type": "integer", "minimum": parameter.least, "maximum": parameter.most}
        case "number":
            schema = {"type": "number", "minimum": parameter.least, "maximum": parameter.most}
        case "boolean":
            schema = {"type": "boolean"}
        case "date":
            schema = {"type": "string", "pattern": _DATE}
        case _:
            schema = {"type": "string", "minLength": 1}
    if parameter.many:
        schema = {"type": "array", "items": schema}
    if parameter.default not in (None, ()):
        default = parameter.default
        schema["default"] = list(default) if parameter.many else default
    return schema


def of_order(columns: Sequence[Column]) -> Schema:
    """Return the schema of an order of rows: names of columns, falling with a hyphen before."""
    names = [f"{sign}{column.name}" for column in columns for sign in ("", "-")]
    return {"type": "array", "items": {"type": "string", "enum": names}, "minItems": 1}


def of_cell(column: Column) -> Schema:
    """Return the schema of a value in a column; any may be missing, which is null."""
    schemas: Mapping[str, Schema] = {
        "text": {"type": "string"},
        "date": {"type": "string"},
        "integer": {"type": "integer"},
        "number": {"type": "number"},
        "boolean": {"type": "boolean"},
        "thing": reference("Thing"),
        "things": {"type": "array", "items": reference("Thing")},
        "texts": {"type": "array", "items": {"type": "string"}},
        "evidence": {"type": "array", "items": reference("Evidence")},
    }
    return {
        "title": column.title,
        "description": column.doc,
        "anyOf": [schemas[column.kind], {"type": "null"}],
    }


def of_rows(columns: Sequence[Column]) -> Schema:
    """Return the schema of rows; an answer may have more columns than a question tells of."""
    return {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {column.name: of_cell(column) for column in columns},
        },
    }


def of_list(columns: Sequence[Column], more: Mapping[str, Schema]) -> Schema:
    """Return the schema of a list; `more` are the members that it has besides."""
    address = {"anyOf": [{"type": "string", "format": "uri-reference"}, {"type": "null"}]}
    properties = {
        "release": {"type": "string", "description": "The release that this is from."},
        **more,
        "columns": {"type": "array", "items": reference("Column")},
        "total": {"type": "integer", "minimum": 0, "description": "How many rows there are."},
        "limit": {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}]},
        "offset": {"type": "integer", "minimum": 0},
        "next": {**address, "description": "Where the rows after these are."},
        "previous": {**address, "description": "Where the rows before these are."},
        "rows": of_rows(columns),
    }
    return {"type": "object", "properties": properties, "required": list(properties)}


def of_problem(kinds: Sequence[Kind]) -> Schema:
    """Return the schema of `application/problem+json`, with every type that there is."""
    named = sorted({kind.type for kind in kinds} | {"about:blank"})
    return {
        "type": "object",
        "description": "What went wrong, and how to mend it (RFC 9457).",
        "properties": {
            "type": {"type": "string", "enum": named},
            "status": {"type": "integer"},
            "title": {"type": "string"},
            "detail": {"type": "string"},
            "help": {"type": "string"},
            "parameter": {"type": "string", "description": "The parameter at fault."},
            "near": {"type": "array", "items": {"type": "string"}},
            "candidates": {"type": "array", "items": {"type": "string"}},
        },
        "required": ["type", "status", "title", "detail", "help"],
    }


def first_sentence(thing: Any) -> str:
    """Return the first sentence of a docstring."""
    text = " ".join((inspect.getdoc(thing) or "").split())
    return text.partition(". ")[0].rstrip(".") + "."
