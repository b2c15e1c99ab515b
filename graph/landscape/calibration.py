"""How forecasts did: on groups that were left out, against later editions, in a simulation.

Three tables rather than one, since each kind counts other things: a trial has a score and no truth,
a case has two values and no interval, a simulation has rates and no market.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from pyoxigraph import Literal, NamedNode

from graph.forecast.calibration.markets import DESIGNS
from graph.forecast.calibration.results import WHERE_INTERVALS_FAIL
from graph.forecast.calibration.revisions import NOTE
from graph.forecast.calibration.statements import MODELS
from graph.forecast.calibration.trials import BY_CONSTRUCTION
from graph.forecast.calibration.writing import LEAVE_ONE_OUT, REVISION, SIMULATION
from graph.landscape.answers import Answer, Column, Thing
from graph.landscape.asking import Asking, Row, filled, stored_query
from graph.landscape.figures import completeness_with_figures
from graph.landscape.named import Named, Parameter
from graph.landscape.traits import as_thing
from ontology.namespaces import XSD

NOTHING = "The release has nothing of this kind: build it anew, or leave out parameters."
_TRIED = ("R1", "R0", "another-path", "median-by-factor")
_LEVELS = {"50": "0.5", "80": "0.8", "95": "0.95"}
_KINDS = {"calibration": LEAVE_ONE_OUT, "revisions": REVISION, "simulation": SIMULATION}

_MARKET = Parameter("market", "Market", "only this market", "entity", of=("market",))
_LEVEL = Parameter(
    "level",
    "Level",
    "the level of the intervals, in percent",
    "choice",
    choices=tuple(_LEVELS),
    default="80",
)


def _decimals(level: str) -> list[Literal]:
    return [Literal(_LEVELS[level], datatype=XSD.decimal)]


def _concepts(asking: Asking, slugs: Iterable[str]) -> list[NamedNode]:
    return [NamedNode(f"{asking.base}id/concept/{slug}") for slug in slugs]


def _slug(value: object) -> str:
    return str(value).rsplit("/", 1)[-1]


def _model(row: Row) -> str:
    slug = _slug(row["model"])
    return next(name for name, concept in MODELS.items() if concept == slug)


def _thing(asking: Asking, row: Row, iri: str, name: str) -> Thing | None:
    return as_thing(asking, str(row[iri]), str(row[name])) if iri in row else None


def _answer(
    asking: Asking,
    question: Named,
    arguments: Mapping[str, Any],
    query: str,
    rows: Sequence[Mapping[str, Any]],
) -> Answer:
    told = filled(
        stored_query("calibration-notes"), kind=_concepts(asking, [_KINDS[question.name]])
    )
    notes = sorted((str(row["note"]) for row in asking.rows(told)), key=_statements_first)
    return Answer(
        question=question.name,
        columns=question.columns,
        rows=rows,
        understood=dict(arguments),
        completeness=() if question is SIMULATED else completeness_with_figures(asking, ()),
        sparql=query,
        notes=tuple(notes) if rows else (NOTHING, *notes),
    )


def _statements_first(note: str) -> tuple[bool, str]:
    return note not in (BY_CONSTRUCTION, NOTE, WHERE_INTERVALS_FAIL), note


def _run_trials(asking: Asking, arguments: Mapping[str, Any]) -> Answer:
    market, model = arguments["market"], arguments["model"]
    query = filled(
        stored_query("calibration"),
        models=_concepts(asking, [MODELS[model]]) if model else None,
        levels=_decimals(arguments["level"]),
        market=[NamedNode(market)] if market else None,
        trials=[Literal(arguments["trials"])],
    )
    rows = [
        {
            "market": _thing(asking, row, "market", "marketName"),
            "group": _thing(asking, row, "group", "groupName"),
            "year": int(str(row["year"])) if "year" in row else None,
            "which": _slug(row["which"]).removeprefix("tried-year-"),
            "model": _model(row),
            "level": Decimal(str(row["level"])),
            **{name: row.get(name) for name in _NUMBERS},
        }
        for row in asking.rows(query)
    ]
    return _answer(asking, CALIBRATION, arguments, query, rows)


_NUMBERS = ("n", "inside", "width", "score", "crps", "k", "borrowed")

CALIBRATION = Named(
    name="calibration",
    title="How forecasts did on data groups that were left out",
    doc="Each data group is left out whole, the rest forecasts its first and its last printed "
    "year, and two baselines do as well: how many claims lay inside, how wide the intervals were, "
    "and their scores, in logarithms. The count inside is nearly fixed by construction; compare "
    "widths and scores.",
    parameters=(
        _MARKET,
        Parameter("model", "Model", "only this model or baseline", "choice", choices=_TRIED),
        _LEVEL,
        Parameter(
            "trials",
            "Trials",
            "summaries of the years that every model was scored in (shared), which can be "
            "compared, of all years, or each trial (single)",
            "choice",
            choices=("shared", "all", "single"),
            default="shared",
        ),
    ),
    columns=(
        Column("market", "Market", "thing", "The market; empty for all of them together."),
        Column("group", "Data group", "thing", "The group that was left out, of a single trial."),
        Column("year", "Year", "integer", "The year that was forecast, of a single trial."),
        Column("which", "Which year", "text", "First or last printed year of the group, or only."),
        Column("model", "Model", "text", "R1, R0 or a baseline."),
        Column("level", "Level", "number", "The level of the interval."),
        Column("n", "n", "integer", "How many groups were left out, one trial each."),
        Column("inside", "Inside", "number", "How many claims lay inside."),
        Column("width", "Width", "number", "Mean width of the interval, in logs."),
        Column(
            "score", "Interval score", "number", "Mean interval score, in logs; less is better."
        ),
        Column("crps", "CRPS", "number", "Mean ranked probability score, in logs; less is better."),
        Column("k", "k", "integer", "How many groups of the rest are pooled, of a single trial."),
        Column("borrowed", "Borrowed", "boolean", "Whether variances of other markets are in it."),
    ),
    run=_run_trials,
)


def _run_revisions(asking: Asking, arguments: Mapping[str, Any]) -> Answer:
    whole = asking.of_all_editions  # the older one may be superseded
    market, whose = arguments["market"], arguments["whose"]
    query = filled(
        stored_query("revisions"),
        own=[Literal(whose == "own")] if whose else None,
        market=[NamedNode(market)] if market else None,
    )
    cases: dict[object, dict[str, Any]] = {}
    for row in whole.rows(query):
        case = cases.setdefault(row["case"], _case(asking, row))
        if (part := _thing(asking, row, "part", "partName")) is not None:
            case["parts"].append(part)
    answer = _answer(asking, REVISIONS, arguments, query, list(cases.values()))
    return replace(answer, editions="all")


def _case(asking: Asking, row: Row) -> dict[str, Any]:
    return {
        "market": _thing(asking, row, "market", "marketName"),
        "parts": [],
        "year": int(str(row["year"])),
        "older": _thing(asking, row, "older", "olderTitle"),
        "older_edition": str(row.get("olderDate", "")),
        "said": row["said"],
        "interpolated": row["interpolated"],
        "later": _thing(asking, row, "later", "laterTitle"),
        "later_edition": str(row.get("laterDate", "")),
        "whose": "own" if row["own"] else "other",
        "printed": row["printed"],
        "unit": str(row.get("unit", "")),
        "ratio": row["ratio"],
        "log_difference": row["difference"],
    }


REVISIONS = Named(
    name="revisions",
    title="What older editions said, and what later ones print",
    doc="Each case is one year that an older edition spoke of and a later one prints, of the same "
    "data group or of another. It is a list of cases and no coverage: they are few, hang together, "
    "and a later claim is no truth.",
    parameters=(
        _MARKET,
        Parameter(
            "whose",
            "Whose",
            "only later editions of the same data group, or of others",
            "choice",
            choices=("own", "other"),
        ),
    ),
    columns=(
        Column("market", "Market", "thing", "The market."),
        Column("parts", "Part", "things", "The segment or place; empty for the whole."),
        Column("year", "Year", "integer", "The year that both speak of."),
        Column("older", "Older edition", "thing", "The older publication."),
        Column("older_edition", "Its date", "text", "When it was published or updated."),
        Column("said", "Said", "number", "What it said for the year."),
        Column("interpolated", "Interpolated", "boolean", "Whether it prints no such year itself."),
        Column("later", "Later edition", "thing", "The later publication."),
        Column("later_edition", "Its date", "text", "When it was published or updated."),
        Column("whose", "Whose", "text", "Own if both are of one data group, else other."),
        Column("printed", "Printed later", "number", "What the later one prints for the year."),
        Column("unit", "Unit", "text", "Of both values."),
        Column("ratio", "Ratio", "number", "What is printed as a multiple of what was said."),
        Column("log_difference", "Difference in logs", "number", "The logarithm of the ratio."),
    ),
    run=_run_revisions,
)


def _run_simulation(asking: Asking, arguments: Mapping[str, Any]) -> Answer:
    design, model, k = arguments["design"], arguments["model"], arguments["k"]
    query = filled(
        stored_query("simulation"),
        designs=_concepts(asking, [f"design-{design}"]) if design else None,
        models=_concepts(asking, [MODELS[model]]) if model else None,
        levels=_decimals(arguments["level"]),
        groups=[Literal(k)] if k is not None else None,
        failing=[Literal(True)] if arguments["failing"] else None,
    )
    rows = [
        {
            "design": _slug(row["design"]).removeprefix("design-"),
            "model": _model(row),
            "level": Decimal(str(row["level"])),
            **{name: row.get(name) for name in _RATES},
            "fails": sorted(
                _slug(one).removeprefix("failure-") for one in str(row.get("failures", "")).split()
            ),
        }
        for row in asking.rows(query)
    ]
    return _answer(asking, SIMULATED, arguments, query, rows)


_RATES = (
    *("borrowed", "k", "counted", "n", "intervals", "claim", "claim_error"),
    *("truth", "truth_error", "bias", "bias_error", "width"),
)

SIMULATED = Named(
    name="simulation",
    title="How intervals do on made markets, where the truth is known",
    doc="Markets are made by designs that each break one assumption, or none: copied sources, "
    "mixed scopes, a bias that all publishers share. How often the interval has the next "
    "publisher's claim, and the market itself; and where it fails.",
    parameters=(
        Parameter(
            "design",
            "Design",
            "only this design",
            "choice",
            choices=tuple(design.name for design in DESIGNS),
        ),
        Parameter("model", "Model", "only this model", "choice", choices=("R1", "R0")),
        Parameter("k", "k", "only so many independent groups", "integer", least=2, most=1000),
        _LEVEL,
        Parameter("failing", "Failing", "only where intervals fail", "boolean", default=False),
    ),
    columns=(
        Column("design", "Design", "text", "How markets are made."),
        Column("model", "Model", "text", "R1 or R0."),
        Column("borrowed", "Borrowed", "boolean", "Whether variances of other markets are in it."),
        Column("k", "k", "integer", "How many independent groups there are."),
        Column("counted", "Counted", "integer", "How many the model takes for independent."),
        Column("level", "Level", "number", "The level of the interval."),
        Column("n", "n", "integer", "How many markets were made."),
        Column("intervals", "Intervals", "integer", "In how many the model had an interval."),
        Column("claim", "Claims inside", "number", "How often the next claim lay inside."),
        Column("claim_error", "Its error", "number", "Monte-Carlo standard error."),
        Column("truth", "Truth inside", "number", "How often the market itself lay inside."),
        Column("truth_error", "Its error", "number", "Monte-Carlo standard error."),
        Column("bias", "Bias", "number", "Mean of the log of the median less that of the market."),
        Column("bias_error", "Its error", "number", "Monte-Carlo standard error."),
        Column("width", "Width", "number", "Mean width of the interval, in logs."),
        Column("fails", "Fails", "texts", "Too few claims or truths inside, or a biased median."),
    ),
    run=_run_simulation,
)
QUESTIONS: tuple[Named, ...] = (CALIBRATION, REVISIONS, SIMULATED)
