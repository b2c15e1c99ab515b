"""What "active in a place" can mean: named definitions, which can be combined.

A definition takes ties by their kinds of evidence, or by whether they are stated. There is one for
each kind of evidence that a rule can give for an activity, read from the rules and the shipped
concepts, and a few wider ones that name several kinds. Being listed in a report is in none.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from graph.rules import Rule, rules
from ontology.description import tables
from ontology.namespaces import DCT, KG
from ontology.vocabulary import NAMESPACE

_CLASS = re.compile(r"\ba kg:(\w+)")

#: Wider definitions: title, what it takes, and the kinds of evidence by their slugs.
_WIDER = {
    "headquartered": (
        "Headquartered there",
        "A report gives the country as the organisation's own, or calls it based there.",
        ("based",),
    ),
    "commercial": (
        "Commercial there",
        "Approved, licensed or launched there, or said to sell there.",
        (
            *("approved", "licensed", "launched"),
            *("activity-product-launches", "activity-commercialisation"),
        ),
    ),
    "clinical": (
        "Clinical there",
        "A trial or a site authorised, patients treated, or said to develop there; no pipeline.",
        ("trial", "authorised-site", "patients-treated", "activity-clinical-development"),
    ),
    "manufacturing": (
        "Manufacturing there",
        "Said to manufacture there, or opened a production unit; no effort to build capacity.",
        ("activity-manufacturing", "first-production-unit"),
    ),
    "expanded": (
        "Expanded there",
        "Expanded into the country, or expanded its capacity there.",
        ("expansion-into-countries", "capacity-expansion", "activity-capacity-expansion"),
    ),
}


@dataclass(frozen=True, slots=True)
class Definition:
    """A meaning of "active". `kinds` are slugs of kinds of evidence, None for every kind.

    `stated` says that only stated ties count; `classes` are the classes of facts (names of the
    vocabulary) that it rests on.
    """

    name: str
    title: str
    doc: str
    kinds: tuple[str, ...] | None
    stated: bool
    classes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Active:
    """Definitions combined: a tie counts if any of them takes it.

    A tie counts if its kind is in `kinds`; or, where `stated` is true, if it is stated; where
    `every` is true, always.
    """

    definitions: tuple[Definition, ...]

    @property
    def every(self) -> bool:
        """Whether every tie counts."""
        return any(one.kinds is None and not one.stated for one in self.definitions)

    @property
    def stated(self) -> bool:
        """Whether every stated tie counts."""
        return any(one.kinds is None and one.stated for one in self.definitions)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Slugs of the kinds of evidence that count, stated or implied."""
        return tuple(dict.fromkeys(kind for one in self.definitions for kind in one.kinds or ()))

    @property
    def classes(self) -> tuple[str, ...]:
        """Classes of facts that the definitions rest on."""
        return tuple(sorted({name for one in self.definitions for name in one.classes}))


@cache
def definitions() -> tuple[Definition, ...]:
    """Return every definition: any tie first, then the wider ones, then one for each kind."""
    kinds = {one.name: one for one in _of_kinds()}
    every = tuple(sorted({name for one in kinds.values() for name in one.classes}))
    any_tie = "Any tie to the place that a report states or implies, of whatever kind."
    stated = "Any tie to the place that a report states; what it only implies does not count."
    wider = (
        Definition(name, title, doc, slugs, False, _classes(kinds[slug] for slug in slugs))
        for name, (title, doc, slugs) in _WIDER.items()
    )
    return (
        Definition("any-tie", "Any tie", any_tie, None, False, every),
        Definition("stated-tie", "Any stated tie", stated, None, True, every),
        *wider,
        *kinds.values(),
    )


def active(names: Sequence[str]) -> Active:
    """Return definitions combined. Raises KeyError for a name that is none."""
    known = {one.name: one for one in definitions()}
    return Active(tuple(known[name] for name in dict.fromkeys(names)))


def _of_kinds() -> Iterator[Definition]:
    """One definition for each kind of evidence of an activity."""
    labels = _concepts()
    taken: dict[str, tuple[str, list[Rule], set[str]]] = {}
    for rule in rules():
        if rule.edge != KG.activeIn:
            continue
        classes = _CLASS.findall(rule.query)
        if rule.evidence is not None:
            slugs: Iterable[str] = (rule.evidence,)
        else:
            schemes = {_kinds_scheme(name) for name in classes}
            slugs = (slug for slug, (_, scheme) in labels.items() if scheme in schemes)
        for slug in slugs:
            label = labels.get(slug, (slug, ""))[0]
            _, of, names = taken.setdefault(slug, (label, [], set()))
            of.append(rule)
            names.update(classes)
    for slug, (label, of, names) in taken.items():
        doc = " ".join(rule.comment for rule in of)
        yield Definition(slug, label, doc, (slug,), False, tuple(sorted(names)))


def _classes(of: Iterable[Definition]) -> tuple[str, ...]:
    return tuple(sorted({name for one in of for name in one.classes}))


def _kinds_scheme(cls: str) -> str | None:
    """The scheme of the kinds that facts of a class have."""
    return next(
        column.scheme
        for table in tables().values()
        if table.cls == f"{NAMESPACE}{cls}"
        for column in table.columns.values()
        if column.predicate == DCT.type.value
    )


def _concepts() -> dict[str, tuple[str, str]]:
    """Label and scheme of every shipped concept, by its slug."""
    found: dict[str, tuple[str, str]] = {}
    for entry in sorted(files("seeds").joinpath("reference").iterdir(), key=lambda one: one.name):
        if entry.name.split(".")[0] == "concepts" and entry.name.endswith(".csv"):
            rows = csv.DictReader(entry.read_text("utf-8").splitlines())
            found.update((row["slug"], (row["label"], row["scheme"])) for row in rows)
    return found
