"""The facts about a thing: what each says, and every place where a report says it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from graph.description.reading import Reading
from graph.landscape.asking import Iri, Row
from graph.landscape.mentions import Mention, Value, mentions
from ontology.vocabulary import contract, expand

#: Facts in one query; each is one IRI of its text.
_AT_ONCE = 1_000
_TOP = ("kg:Fact", "kg:Claim", "kg:Event", "kg:Observation")


@dataclass(frozen=True, slots=True)
class Named:
    """That a fact names a thing: its class, and by which properties; both as contracted names."""

    fact: str
    kind: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact. Classes and properties are contracted names, such as kg:Launch."""

    iri: str
    label: str
    kinds: tuple[str, ...]
    values: Mapping[str, tuple[Value, ...]]
    names: Mapping[str, str]
    mentions: tuple[Mention, ...]

    @property
    def kind(self) -> str:
        """The class of its own; empty where it has none."""
        return next((kind for kind in self.kinds if kind not in _TOP), "")

    def text(self, *properties: str) -> str:
        """What the first of these properties that it has says; empty where it has none of them."""
        for name in properties:
            if found := self.values.get(name):
                return found[0].text
        return ""

    @property
    def reports(self) -> tuple[Value, ...]:
        """The reports that tell it, in the order of their names."""
        found = [mention.report for mention in self.mentions]
        return tuple(dict.fromkeys(found or self.values.get("dct:source", ())))


def iri_of(name: str) -> str:
    """Return the IRI of a contracted name; one without a prefix stands in angle brackets."""
    return name[1:-1] if name.startswith("<") else expand(name)


def facts_naming(reading: Reading, node: NamedNode) -> tuple[Named, ...]:
    """Return the facts and doubts that name a thing, by class. Raises the errors of graph.query."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in reading.rows("facts-of", node=[node]):
        key = str(row["fact"]), contract(str(row["class"]))
        found.setdefault(key, []).append(contract(str(row["role"])))
    return tuple(Named(fact, kind, tuple(roles)) for (fact, kind), roles in found.items())


def facts_of(reading: Reading, iris: Iterable[str]) -> dict[str, Fact]:
    """Return what facts say, by IRI; those of which nothing is said are left out.

    Raises the errors of graph.query.
    """
    found: dict[str, Fact] = {}
    every = [NamedNode(iri) for iri in dict.fromkeys(iris)]
    for first in range(0, len(every), _AT_ONCE):
        nodes = every[first : first + _AT_ONCE]
        said: dict[str, list[Row]] = {}
        for row in reading.rows("fact-values", facts=nodes):
            said.setdefault(str(row["fact"]), []).append(row)
        told: dict[str, list[Mention]] = {}
        for fact, mention in mentions(reading.asking, facts=nodes):
            told.setdefault(fact, []).append(mention)
        for iri, rows in said.items():
            found[iri] = _fact(iri, rows, told.get(iri, ()))
    return found


def told_by_report(reading: Reading, fact: str) -> dict[Value, Mapping[str, tuple[Value, ...]]]:
    """Return what each report says of a fact: values by contracted property, by the report.

    Raises the errors of graph.query.
    """
    found: dict[Value, dict[str, dict[str, Value]]] = {}
    for row in reading.rows("told-by-report", fact=[NamedNode(fact)]):
        report = Value(str(row.get("reportLabel", row["report"])), str(row["report"]))
        of_report = found.setdefault(report, {}).setdefault(contract(str(row["property"])), {})
        of_report.setdefault(str(row["value"]), _value(row))
    return {
        report: {name: tuple(of.values()) for name, of in values.items()}
        for report, values in found.items()
    }


def _value(row: Row) -> Value:
    value = row["value"]
    text = row.get("label", contract(value) if isinstance(value, Iri) else value)
    return Value(str(text), str(value) if isinstance(value, Iri) else "")


def _fact(iri: str, rows: Sequence[Row], told: Sequence[Mention]) -> Fact:
    values: dict[str, dict[str, Value]] = {}
    names: dict[str, str] = {}
    for row in rows:
        name, value = contract(str(row["property"])), row["value"]
        names.setdefault(name, str(row.get("name", name)))
        values.setdefault(name, {}).setdefault(str(value), _value(row))
    gathered = {name: tuple(of.values()) for name, of in values.items()}
    kinds = tuple(contract(value.iri) for value in gathered.pop("rdf:type", ()))
    label = next((value.text for value in gathered.get("rdfs:label", ())), iri)
    return Fact(iri, label, kinds, gathered, names, tuple(told))
