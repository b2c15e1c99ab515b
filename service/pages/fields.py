"""Forms of pages: the fields of a question, what was written into them, and what is wrong there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Response as Answer
from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from graph.landscape import InvalidParameter, Parameter
from service.api.tables import text_of
from service.bodies import Parameters, read_query_string
from service.evaluation import here
from service.problems import describe
from service.querypage import keep_parameters

_UNDER = {"integer": "numeric", "number": "decimal"}
_LONGEST_NAME = 60  # of a parameter that there is not, in what is said of it


@dataclass(frozen=True, slots=True)
class Field:
    """A field with its label. `offers` are suggestions for a text, `options` values to choose from.

    `value` is what was written, or else what holds; `error` says what is wrong with it.
    """

    name: str
    label: str
    hint: str = ""
    value: str = ""
    options: tuple[tuple[str, str], ...] = ()
    offers: tuple[str, ...] = ()
    error: str = ""
    keys: str = ""

    @property
    def changed(self) -> bool:
        """Whether the reader wrote or chose something else than what holds anyhow."""
        return bool(self.value)


@dataclass(frozen=True, slots=True)
class Words:
    """What a form says of parameters in its own words, by name; values by name and value."""

    labels: Mapping[str, str] = field(default_factory=dict)
    hints: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def fields_of(
    parameters: Iterable[Parameter],
    given: Parameters,
    words: Words,
    error: InvalidParameter | None = None,
) -> dict[str, Field]:
    """Return the fields for parameters, by name. A choice that holds anyhow has an empty value."""
    return {
        one.name: Field(
            name=one.name,
            label=words.labels.get(one.name, one.title),
            hint=words.hints.get(one.name, ""),
            value=_value(one, given),
            options=_options(one, words.values.get(one.name, {})),
            error=error.reason if error is not None and error.name == one.name else "",
            keys=_UNDER.get(one.kind, ""),
        )
        for one in parameters
    }


def page_given(own: Sequence[Parameter]) -> Parameters:
    """Return the parameters of a page that say something.

    One that the page does not have would else leave a reader with more than was asked for, and no
    word of that. Raises InvalidParameter for it, and MalformedRequest.
    """
    names = [one.name for one in own]
    given = keep_parameters(read_query_string(request))
    kept = {name: [one for one in values if one.strip()] for name, values in given.items()}
    for name, values in kept.items():
        if values and name not in names:
            raise InvalidParameter(
                name[:_LONGEST_NAME], f"is no parameter here; there are {', '.join(names)}"
            )
    return {name: values for name, values in kept.items() if values}


def without_empty() -> Response | None:
    """Return where the same page is at an address that can be read: without what says nothing.

    None where the address is so already. A form without scripts sends its empty fields too.
    """
    given: Mapping[str, list[str]] = request.args.to_dict(flat=False)
    if all(one.strip() for values in given.values() for one in values):
        return None
    kept = {name: [one for one in values if one.strip()] for name, values in given.items()}
    there: dict[str, Any] = {**(request.view_args or {}), **kept}
    return redirect(url_for(str(request.endpoint), **there), 303)


def refused_form(template: str, error: InvalidParameter, **values: Any) -> Answer:
    """Return a page that is its form: with what was written, and what is wrong at its field."""
    problem = describe(error)
    here().log["problem"] = problem.kind.name
    here().storable = False
    response = make_response(render_template(template, problem=problem, **values))
    response.status_code = problem.kind.status
    return response


def _value(one: Parameter, given: Parameters) -> str:
    written = next(iter(given.get(one.name, ())), "")
    return (
        ""
        if written == text_of(one.default) and (one.choices or one.kind == "boolean")
        else written
    )


def _options(one: Parameter, words: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    values = one.choices or (("true", "false") if one.kind == "boolean" else ())
    default = text_of(one.default)
    return tuple(("" if value == default else value, words.get(value, value)) for value in values)
