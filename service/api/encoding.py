"""Values of answers as JSON has them."""

import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any


def plain(value: Any) -> Any:
    """Return a value as the standard library can write it in JSON.

    Dataclasses become objects, a set a sorted list, a decimal number an integer or a float.
    Raises TypeError for what has no place in JSON.
    """
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case Mapping():
            return {str(name): plain(one) for name, one in value.items()}
        case AbstractSet():
            return sorted((plain(one) for one in value), key=str)
        case list() | tuple():
            return [plain(one) for one in value]
        case _ if is_dataclass(value) and not isinstance(value, type):
            return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def as_json(document: Any) -> str:
    """Return a document as JSON, with a line break at its end. Raises as `plain` does."""
    return json.dumps(plain(document), ensure_ascii=False, allow_nan=False) + "\n"
