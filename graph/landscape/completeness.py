"""How complete each report is on a question: what its silence means."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from pyoxigraph import NamedNode

from graph.landscape.answers import Completeness, Thing
from graph.landscape.asking import Asking, Row, filled, stored_query
from ontology.vocabulary import NAMESPACE


def completeness(
    asking: Asking,
    classes: Sequence[str],
    reports: Iterable[str] = (),
    dimensions: Iterable[str] = (),
) -> tuple[Completeness, ...]:
    """Return what the silence of each report means on some classes of facts, by report's label.

    `classes` are names of the vocabulary without its prefix, such as OrganisationProfile: those
    that the question looks into. `reports` are IRIs; without any, every report is asked. A page
    that was read for figures only is asked for these: that it has no launches says nothing, and it
    is not among the answers where the question looks into nothing it was read for. A report is
    silent in the weakest of its ways: one class that was not read completely makes it *not yet
    recorded*. Market values that it announces for its full report are *announced*, whether or not
    the rest was read; `dimensions` are IRIs that narrow these to values divided so. Raises the
    errors of graph.query.
    """
    rows = asking.rows(
        filled(
            stored_query("completeness"),
            classes=[NamedNode(f"{NAMESPACE}{name}") for name in classes],
            reports=[NamedNode(report) for report in reports] or None,
            dimensions=[NamedNode(dimension) for dimension in dimensions] or None,
        )
    )

    def report(row: Row) -> tuple[str, str]:
        return str(row["label"]), str(row["report"])

    # Sorted here, too: engines put commas and spaces in orders of their own.
    by_report = groupby(sorted(rows, key=report), key=report)
    return tuple(
        _of_report(Thing(iri, label, "source"), list(of_report))
        for (label, iri), of_report in by_report
    )


def silences(
    asking: Asking, classes: Sequence[str], reports: Iterable[str]
) -> dict[tuple[str, str], Completeness]:
    """Return what the silence of each report means on each class, by IRI and name of the class.

    A report that was not read for a class at all has none on it. Raises the errors of graph.query.
    """
    rows = asking.rows(
        filled(
            stored_query("completeness"),
            classes=[NamedNode(f"{NAMESPACE}{name}") for name in classes],
            reports=[NamedNode(report) for report in reports],
            dimensions=None,
        )
    )
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        name = str(row["class"]).removeprefix(NAMESPACE)
        found.setdefault((str(row["report"]), name), []).append(row)
    return {
        key: _of_report(Thing(key[0], str(of[0]["label"]), "source"), of)
        for key, of in found.items()
    }


def _of_report(report: Thing, rows: Sequence[Row]) -> Completeness:
    announced = sorted({str(row["announced"]) for row in rows if "announced" in row})
    if announced:
        return Completeness(
            report,
            "announced for the full report",
            f"The page announces for the full report: {'; '.join(announced)}.",
        )
    partly = [row for row in rows if not row["complete"]]
    if partly:
        return Completeness(
            report,
            "not yet recorded",
            f"The report was not yet read completely for: {_kinds(partly)}.",
        )
    return Completeness(
        report,
        "not stated",
        f"The report was read completely for: {_kinds(rows)}. It does not say more.",
    )


def _kinds(rows: Sequence[Row]) -> str:
    return ", ".join(dict.fromkeys(str(row.get("kind", row["class"])) for row in rows))
