"""The facts about a thing: what each says, and every place where a report says it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from graph.description.reading import Reading
from graph.landscape.asking import Iri, Row
from ontology.vocabulary import contract, expand

#: Facts in one query; each is one IRI of its text.
_AT_ONCE = 1_000
_TOP = ("kg:Fact", "kg:Claim", "kg:Event", "kg:Observation")


@dataclass(frozen=True, slots=True)
class Value:
    """What a property leads to: `iri` is empty for a literal."""

    text: str
    iri: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where a report tells a fact; `page` is the address of the report, where it is known.

    `line` counts lines with text in the section, from 1; 0 is the heading, None where none are
    counted. `printed` are the words and figures that the fact rests on there, `implied` what the
    report does not say.
    """

    id: str
    claim: str
    report: Value
    section: Value
    line: int | None = None
    manner: str = ""
    approximation: str = ""
    printed: tuple[str, ...] = ()
    implied: tuple[str, ...] = ()
    page: str = ""


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
        for fact, mention in mentions(reading, facts=nodes):
            told.setdefault(fact, []).append(mention)
        for iri, rows in said.items():
            found[iri] = _fact(iri, rows, told.get(iri, ()))
    return found


def mentions(
    reading: Reading,
    facts: Sequence[NamedNode] | None = None,
    places: Sequence[NamedNode] | None = None,
) -> Iterator[tuple[str, Mention]]:
    """Yield mentions with their facts, of some facts or by their own IRIs, in order of the text.

    Raises the errors of graph.query.
    """
    for row in reading.rows("fact-mentions", facts=facts, mentions=places):
        yield str(row["fact"]), _mention(row)


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


def _mention(row: Row) -> Mention:
    line = row.get("line")
    return Mention(
        id=str(row["mention"]),
        claim=str(row["claim"]),
        report=Value(str(row.get("reportLabel", row["report"])), str(row["report"])),
        section=Value(str(row.get("sectionLabel", row["section"])), str(row["section"])),
        line=line if isinstance(line, int) else None,
        manner=str(row.get("manner", "")),
        approximation=str(row.get("approximation", "")),
        printed=_lines(row["printed"]),
        implied=_lines(row["implied"]),
        page=str(row.get("page", "")),
    )


def _lines(text: object) -> tuple[str, ...]:
    return tuple(sorted(line for line in str(text).split("\n") if line))
