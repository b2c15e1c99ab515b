"""Questions with a name: what they take, what they give, and how they are answered."""

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from graph.landscape.answers import Answer, Column
from graph.landscape.asking import Asking, Iri
from graph.landscape.errors import InvalidParameter
from graph.release import Editions

ParameterKind = Literal["entity", "choice", "date", "integer", "number", "boolean", "text"]
Resolve = Callable[[str, str, Sequence[str]], str]
"""Finds an entity: name of the parameter, what was written, kinds of IRIs -> its IRI.

Raises UnknownEntity and AmbiguousEntity.
"""
_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
_NUMBER = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,12})?")
_BOOLEANS = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a question takes.

    `of` are the kinds of IRIs that an entity may have (agent, place, therapy …); `choices` is for
    choices, `least` and `most` for integers and numbers. Of `many`, each may be given several
    times. A date is a year, a month or a day.
    """

    name: str
    title: str
    doc: str
    kind: ParameterKind
    of: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    many: bool = False
    required: bool = False
    default: Any = None
    least: int = 0
    most: int = 2**31


@dataclass(frozen=True, slots=True)
class Named:
    """A question with a name, which is a slug. `columns` may be fewer than an answer has.

    One on `editions` "all" is asked of all of them, whatever a request says.
    """

    name: str
    title: str
    doc: str
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    run: Callable[[Asking, Mapping[str, Any]], Answer]
    editions: Editions = "current"


def read_arguments(
    parameters: Sequence[Parameter], given: Mapping[str, Sequence[str]], resolve: Resolve
) -> dict[str, Any]:
    """Return the value of every parameter from what was written; defaults included.

    Entities become Iri, dates stay text. Raises InvalidParameter.
    """
    known = {parameter.name: parameter for parameter in parameters}
    for name in given:
        if name not in known:
            raise InvalidParameter(name, f"is no parameter here; there are {', '.join(known)}")
    found: dict[str, Any] = {}
    for name, parameter in known.items():
        texts = [text for text in given.get(name, ()) if text != ""]
        if len(texts) > 1 and not parameter.many:
            raise InvalidParameter(name, f"is given {len(texts)} times; once is all there is")
        if not texts and parameter.required:
            raise InvalidParameter(name, f"is missing: {parameter.doc}")
        values = tuple(_read(parameter, text, resolve) for text in texts)
        if parameter.many:
            found[name] = values or tuple(parameter.default or ())
        else:
            found[name] = values[0] if values else parameter.default
    return found


def _read(parameter: Parameter, text: str, resolve: Resolve) -> Any:
    if parameter.kind == "entity":
        return Iri(resolve(parameter.name, text, parameter.of))
    read = _READERS.get(parameter.kind)
    return text if read is None else read(parameter, text)


def _choice(parameter: Parameter, text: str) -> str:
    if text not in parameter.choices:
        raise InvalidParameter(
            parameter.name, f"{text!r} is none of {', '.join(parameter.choices)}"
        )
    return text


def _boolean(parameter: Parameter, text: str) -> bool:
    if text.lower() not in _BOOLEANS:
        raise InvalidParameter(parameter.name, f"{text!r} is neither true nor false")
    return _BOOLEANS[text.lower()]


def _date(parameter: Parameter, text: str) -> str:
    if _DATE.fullmatch(text):
        try:
            datetime.date.fromisoformat(f"{text}-01-01"[:10])
        except ValueError:
            pass
        else:
            return text
    raise InvalidParameter(
        parameter.name, f"{text!r} is no date; write 2025, 2025-08 or 2025-08-19"
    )


def _integer(parameter: Parameter, text: str) -> int:
    if re.fullmatch(r"-?[0-9]{1,12}", text) and parameter.least <= int(text) <= parameter.most:
        return int(text)
    raise InvalidParameter(
        parameter.name,
        f"{text!r} is no whole number from {parameter.least} to {parameter.most}",
    )


def _number(parameter: Parameter, text: str) -> Decimal:
    if _NUMBER.fullmatch(text) and parameter.least <= Decimal(text) <= parameter.most:
        return Decimal(text)
    raise InvalidParameter(
        parameter.name,
        f"{text!r} is no number from {parameter.least} to {parameter.most}, such as 0.5",
    )


_READERS: Mapping[ParameterKind, Callable[[Parameter, str], Any]] = {
    "choice": _choice,
    "date": _date,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
}
