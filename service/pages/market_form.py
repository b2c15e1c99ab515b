"""The form of a market: what may be chosen about its forecast, in the words of the trade."""

from collections.abc import Mapping
from typing import Any

from graph.landscape import InvalidParameter
from graph.landscape.forecasting import FORECAST
from service.api.tables import text_of
from service.bodies import Parameters
from service.pages.fields import Field, Words, fields_of

#: What a reader may choose; the market is in the path, and all years and parts are shown.
PARAMETERS = tuple(
    one for one in FORECAST.parameters if one.name not in ("market", "year", "parts")
)
SCENARIO = ("damping", "cap", "ceiling")
FIRST = ("model", "scope", "editions", "as_of", "beyond")
MORE = ("one_per", "single_year", "variance", "prior_weight", "shares")

_WORDS = Words(
    labels={
        "scope": "Scope",
        "editions": "Edition of a report",
        "as_of": "As of",
        "beyond": "Years beyond",
        "one_per": "Counted once",
        "single_year": "Groups with one year",
        "variance": "Estimator of variance",
        "prior_weight": "Weight of other markets",
        "shares": "Shares hold",
        "damping": "Growth slows by a factor",
        "cap": "Growth is at most, % a year",
        "ceiling": "Growth bends towards",
    },
    hints={
        "as_of": "2024, 2024-06 or 2024-06-30",
        "beyond": "after the last printed one: 2",
        "prior_weight": "where few groups print growth: 4",
        "damping": "above 0, at most 1: 0.9",
        "cap": "such as 10",
        "ceiling": "a value in the unit of the market",
    },
    values={
        "model": {"R1": "R1, level and growth", "R0": "R0, printed years only"},
        "scope": {
            "comparable": "its own, or not known",
            "same": "its own only",
            "any": "any, without a band",
        },
        "editions": {"latest": "the latest", "earliest": "the earliest"},
        "one_per": {
            "data-group": "a data group",
            "publisher": "a publisher",
            "publication": "a report (copies count twice)",
        },
        "single_year": {"true": "inform the level", "false": "are left out"},
        "variance": {
            "reml": "REML",
            "dersimonian-laird": "DerSimonian-Laird",
            "paule-mandel": "Paule-Mandel",
        },
        "shares": {"own-year": "in their own year", "constant-share": "in every year (assumed)"},
    },
)


def market_fields(given: Parameters, error: InvalidParameter | None = None) -> dict[str, Field]:
    """Return the fields by name, with what was written into them."""
    return fields_of(PARAMETERS, given, _WORDS, error)


def chosen_in_words(
    fields: Mapping[str, Field], names: Mapping[str, str], without: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    """Return what the reader chose, as pairs of label and value; `names` are by IRI."""
    told = [
        (one.label, dict(one.options).get(one.value, one.value))
        for one in fields.values()
        if one.changed and one.name != "without"
    ]
    if without:
        told.append(("Without", ", ".join(names.get(one, one) for one in without)))
    return tuple(told)


def settings_in_words(arguments: Mapping[str, Any], default: bool) -> list[tuple[str, str]]:
    """Return every setting of a forecast; `default` says that the release has these numbers."""
    told = []
    for one in PARAMETERS:
        value = arguments[one.name]
        if value is None or one.name == "without":
            continue
        text = f"{value:g}" if isinstance(value, float) else text_of(value)
        words = _WORDS.values.get(one.name, {}).get(text, text)
        told.append((_WORDS.labels.get(one.name, one.title), words))
    told.append(("Numbers", "of the release" if default else "computed for this page"))
    return told
