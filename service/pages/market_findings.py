"""What the audit says of a market, in the order of reading: what does not fit comes first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.audit import KINDS
from graph.landscape import Evidence
from service.resources.addresses import here_or_there

#: Kinds by the heading that they stand under; what is named nowhere stands under the last one.
_PARTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("rates", "Stated growth rates", ("rate-", "first-year-", "fastest-")),
    (
        "figures",
        "Figures against each other",
        ("figures-", "year-printed", "revision", "matching-", "identical-"),
    ),
    ("growth", "Growth between printed years", ("implied-",)),
    ("parts", "Parts, shares and names", ("",)),
)
_FAULTS = ("rate-contradicted", "year-printed-twice", "part-exceeds-whole", "shares-exceed-whole")


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding with its verdict in a word, and the claims that it rests on by their report."""

    title: str
    text: str
    verdict: str
    iri: str
    reports: tuple[tuple[str, str | None, tuple[tuple[str, str | None], ...]], ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """The findings that stand under one heading; `name` is for addresses within the page."""

    name: str
    title: str
    rows: tuple[Finding, ...]


def findings(rows: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> list[Findings]:
    """Return the rows of the question `findings` by heading; `names` is what claims are called."""
    found: dict[str, list[Finding]] = {name: [] for name, _, _ in _PARTS}
    for row in sorted(rows, key=_worst_first):
        found[_part(row["kind"])].append(_finding(row, names))
    return [Findings(name, title, tuple(found[name])) for name, title, _ in _PARTS if found[name]]


def verdicts(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return what the audit says of each stated growth rate, by the IRI of its claim."""
    return {row["about"].iri: row["title"] for row in rows if row["kind"].startswith("rate-")}


def verdict(row: Mapping[str, Any]) -> str:
    """Return the verdict of a finding in a word or two."""
    if row["agrees"] is None:
        return "not compared"
    if not row["agrees"]:
        return "differs" if row["kind"].startswith("figures-") else "does not fit"
    return "fits, weakly" if row["weak"] else "fits"


def _worst_first(row: Mapping[str, Any]) -> tuple[bool, bool, int, str]:
    order = KINDS.index(row["kind"]) if row["kind"] in KINDS else len(KINDS)
    return (row["kind"] not in _FAULTS, row["agrees"] is not False, order, row["text"])


def _part(kind: str) -> str:
    return next(name for name, _, starts in _PARTS if kind.startswith(starts))


def _finding(row: Mapping[str, Any], names: Mapping[str, str]) -> Finding:
    evidence: Sequence[Evidence] = row["evidence"]
    return Finding(
        title=row["title"],
        text=row["text"],
        verdict=verdict(row),
        iri=row["finding"].iri,
        reports=tuple(
            (
                one.report.label,
                here_or_there(one.report.iri),
                tuple(
                    (names.get(fact, fact.rsplit("/", 1)[-1]), here_or_there(fact))
                    for fact in one.facts
                ),
            )
            for one in evidence
        ),
    )
