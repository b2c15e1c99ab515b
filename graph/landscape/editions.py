"""What changed from one edition of a report to a later one of its series."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from graph.landscape.answers import Answer, Column, Evidence, No, Thing
from graph.landscape.asking import Asking, stored_query
from graph.landscape.completeness import completeness, silences
from graph.landscape.edition_changes import ABOUT, Changed, Told, changes
from graph.landscape.edition_reading import CLASSES, told_by
from graph.landscape.errors import InvalidParameter
from graph.landscape.named import Named, Parameter
from graph.landscape.traits import as_thing

_AS_PRINTED = (
    "Numbers are compared as printed, with their units and the words that blur them: other digits "
    "of one value are printed otherwise, not revised."
)
_DROPPED = (
    "Dropped means that this edition does not say it. It is no news about a company or a market."
)
_BY_NAME = (
    "Segments and regions are a report's own, and are compared by their names; one that was "
    "renamed is dropped and added."
)
NONE = "No source of this release is an edition that a later one replaces."


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two editions of a series."""

    series: Thing
    older: Thing
    newer: Thing


def _run(asking: Asking, arguments: Mapping[str, Any]) -> Answer:
    asking = asking.of_all_editions
    pairs = _chosen(_steps(asking), arguments)
    reports = list(dict.fromkeys(one.iri for pair in pairs for one in (pair.older, pair.newer)))
    rows: list[dict[str, Any]] = []
    if pairs:
        told = told_by(asking, reports)
        silent = silences(asking, CLASSES, reports)
        wanted = arguments["about"] or ABOUT
        for pair in pairs:
            meaning: dict[Literal["older", "newer"], Mapping[str, No]] = {
                "older": _of(silent, pair.older),
                "newer": _of(silent, pair.newer),
            }
            rows += [
                _row(asking, pair, one)
                for one in changes(told[pair.older.iri], told[pair.newer.iri], meaning)
                if one.about in wanted
            ]
    return Answer(
        question="editions",
        columns=EDITIONS.columns,
        rows=rows,
        understood=dict(arguments),
        completeness=completeness(asking, CLASSES, reports) if reports else (),
        notes=(_AS_PRINTED, _DROPPED, _BY_NAME) if pairs else (NONE,),
        editions="all",
    )


def _of(silent: Mapping[tuple[str, str], Any], report: Thing) -> dict[str, No]:
    return {cls: found.no for (iri, cls), found in silent.items() if iri == report.iri}


def _steps(asking: Asking) -> list[_Pair]:
    """Each edition with the one that replaces it."""
    return [
        _Pair(
            Thing(str(row["series"]), str(row["seriesLabel"]), "series"),
            Thing(str(row["older"]), str(row["olderLabel"]), "source"),
            Thing(str(row["newer"]), str(row["newerLabel"]), "source"),
        )
        for row in asking.rows(stored_query("edition-pairs"))
    ]


def _chosen(steps: Sequence[_Pair], arguments: Mapping[str, Any]) -> list[_Pair]:
    """The pairs that a question is about. Raises InvalidParameter."""
    series, older, newer = (arguments[name] for name in ("series", "older", "newer"))
    if older and newer:
        return [_between(steps, older, newer)]
    after = {step.older.iri: step for step in steps}
    before = {step.newer.iri: step for step in steps}
    if newer:
        return [_found(before, newer, "newer", "replaces no edition of its series here")]
    if older:
        return [_found(after, older, "older", "is replaced by no edition of its series here")]
    last = [step for step in steps if step.newer.iri not in after]
    if series is None:
        return last
    if of_series := [step for step in last if step.series.iri == series]:
        return of_series
    raise InvalidParameter("series", f"<{series}> has no two editions in this release")


def _found(steps: Mapping[str, _Pair], iri: str, name: str, reason: str) -> _Pair:
    if iri not in steps:
        raise InvalidParameter(name, f"<{iri}> {reason}")
    return steps[iri]


def _between(steps: Sequence[_Pair], older: str, newer: str) -> _Pair:
    """Two editions of one series, however many lie between them."""
    before = {step.newer.iri: step for step in steps}
    last = at = before.get(newer)
    while at is not None:
        if at.older.iri == older:
            assert last is not None
            return _Pair(last.series, at.older, last.newer)
        at = before.get(at.older.iri)
    raise InvalidParameter("older", f"<{older}> is no earlier edition of <{newer}>")


def _row(asking: Asking, pair: _Pair, one: Changed) -> dict[str, Any]:
    either = one.newer or one.older
    assert either is not None
    return {
        "series": pair.series,
        "older": pair.older,
        "newer": pair.newer,
        "about": one.about,
        "change": one.change,
        "what": one.what,
        "thing": as_thing(asking, either.thing, one.what) if _is_thing(either) else None,
        "before": _side(one, one.older),
        "after": _side(one, one.newer),
        "evidence": [*_evidence(pair.older, one.older), *_evidence(pair.newer, one.newer)],
    }


def _is_thing(told: Told) -> bool:
    """Whether the row is about one thing; what a number is of is a market and more."""
    return told.about in ("player", "segment", "event")


def _side(one: Changed, told: Told | None) -> str:
    """What an edition says: in words, that it says it, or what its silence means."""
    if told is None:
        assert one.no is not None
        return one.no
    return told.said or "told"


def _evidence(report: Thing, told: Told | None) -> Iterator[Evidence]:
    if told is not None:
        yield Evidence("Told there", "stated", report, told.sections, facts=told.facts)


EDITIONS = Named(
    name="editions",
    title="What changed between editions of a report",
    doc="Two editions of a series side by side: figures, rates and shares that were revised, and "
    "figures, players, segments, regions and events that one of them has and the other has not.",
    parameters=(
        Parameter(
            "series",
            "Series",
            "the last two editions of this series; else of every series",
            "entity",
            of=("series",),
        ),
        Parameter("older", "Older", "this edition and a later one", "entity", of=("source",)),
        Parameter("newer", "Newer", "this edition and an earlier one", "entity", of=("source",)),
        Parameter("about", "About", "only changes of these", "choice", choices=ABOUT, many=True),
    ),
    columns=(
        Column("series", "Series", "thing", "The series that both are editions of."),
        Column("older", "Older", "thing", "The earlier edition."),
        Column("newer", "Newer", "thing", "The later edition."),
        Column("about", "About", "text", f"What kind of thing it is: {', '.join(ABOUT)}."),
        Column(
            "change",
            "Change",
            "text",
            "Such as figure revised, player added, scope changed. Not yet recorded where the "
            "edition that does not have it was not read completely for it.",
        ),
        Column("what", "What", "text", "What it is, in words."),
        Column("thing", "Thing", "thing", "The player, the segment or the event."),
        Column("before", "Before", "text", "What the earlier edition says, as printed."),
        Column("after", "After", "text", "What the later edition says, as printed."),
        Column("evidence", "Evidence", "evidence", "Where each of them says it."),
    ),
    run=_run,
    editions="all",
)
QUESTIONS: tuple[Named, ...] = (EDITIONS,)
