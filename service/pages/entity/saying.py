"""What is said of a thing itself, in words, and where each place of it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graph.description import Description, Reading
from graph.description.facts import Fact, iri_of, told_by_report
from graph.description.fragment import at_text, text_of
from graph.landscape.mentions import Mention, Value
from service.pages.entity.rows import Link, links, shown
from service.resources.addresses import here_or_there

# What other parts of a page say, or programs alone need.
_ASIDE = frozenset(
    {
        *("rdfs:label", "dct:source", "kg:value", "kg:halfUnit", "kg:earliest", "kg:latest"),
        *("kg:mention", "kg:statedIn", "skos:altLabel", "skos:exactMatch", "rdf:type"),
        *("kg:states", "qb:dataSet", "kg:datePrecision"),
    }
)
_MOST_VALUES = 60
# Words of the trade for properties of other vocabularies, in the order in which they stand; then
# come those of our own by their names.
_WORDS = {
    "rdf:subject": "Subject",
    "rdf:predicate": "Edge",
    "rdf:object": "Leads to",
    "dct:type": "Kind",
    "rdfs:comment": "In words",
    "skos:definition": "Definition",
    "kg:market": "Market",
    "sdmx-dimension:refPeriod": "Year",
    "kg:valueAsPrinted": "Value as printed",
    "sdmx-attribute:unitMeasure": "Unit",
    "sdmx-attribute:obsStatus": "Status",
    "prov:wasDerivedFrom": "Rests on",
    "prov:wasGeneratedBy": "Computed by",
    "prov:used": "Used",
    "prov:endedAtTime": "Ended",
    "dct:publisher": "Publisher",
    "skos:inScheme": "Code list",
    "skos:notation": "Code",
}


@dataclass(frozen=True, slots=True)
class Said:
    """A property and what it has; `values` has a column for each report, or one for all of them."""

    term: Link
    values: tuple[tuple[Link, ...], ...]
    differs: bool = False


@dataclass(frozen=True, slots=True)
class SaidTable:
    """What is said of a thing; `reports` are the heads of columns, none where there is just one."""

    reports: tuple[Link, ...]
    rows: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Locator:
    """A place where a fact is told; `sought` are the words at which the publisher's page opens."""

    id: str
    report: Link
    section: Link
    line: int | None
    printed: tuple[str, ...]
    manner: str
    approximation: str
    implied: tuple[str, ...]
    publisher: str | None
    sought: str
    claim: Link


def said_table(reading: Reading, said: Fact, names: Mapping[str, str]) -> SaidTable:
    """Return what is said of a thing, side by side where several reports tell it."""
    by_report = told_by_report(reading, said.iri) if len(said.reports) > 1 else {}
    if len(by_report) < 2:
        return SaidTable((), tuple(_rows(said, names, [said.values])))
    reports = links(by_report)
    return SaidTable(reports, tuple(_rows(said, names, list(by_report.values()))))


def locators(said: Fact) -> tuple[Locator, ...]:
    """Return every place where a fact is told, in the order of reports and of their text."""
    return tuple(_locator(said, mention) for mention in said.mentions)


def linked_with(description: Description, properties: Iterable[str]) -> list[str]:
    """Return the IRIs that a thing has with any of these properties, by contracted name."""
    wanted = {iri_of(name) for name in properties}
    return [
        str(getattr(triple.object, "value", ""))
        for triple in description.of(description.node)
        if triple.predicate.value in wanted
    ]


def _rows(
    said: Fact, names: Mapping[str, str], columns: list[Mapping[str, tuple[Value, ...]]]
) -> Iterable[Said]:
    ordered = [name for name in _WORDS if name in said.names]
    for name in dict.fromkeys((*ordered, *said.names)):
        if name in _ASIDE or not any(name in column for column in columns):
            continue
        cells = tuple(shown(name, column.get(name, ())[:_MOST_VALUES]) for column in columns)
        term = Link(_called(said, name, names), here_or_there(iri_of(name)))
        told = {cell for cell in cells if cell}
        yield Said(term, cells, differs=len(told) > 1)


def _called(said: Fact, name: str, names: Mapping[str, str]) -> str:
    called = _WORDS.get(name) or names.get(iri_of(name)) or said.names.get(name, name)
    return called[:1].upper() + called[1:]


def _locator(said: Fact, mention: Mention) -> Locator:
    whole, _, fragment = mention.id.partition("#")
    sought = text_of(said, mention) if mention.page else ""
    return Locator(
        id=fragment if whole == said.iri else "",
        report=Link(mention.report.text, here_or_there(mention.report.iri)),
        section=Link(mention.section.text, here_or_there(mention.section.iri)),
        line=mention.line,
        printed=mention.printed,
        manner=mention.manner,
        approximation=mention.approximation,
        implied=mention.implied,
        publisher=at_text(mention.page, sought) if mention.page else None,
        sought=sought,
        claim=Link(mention.claim, here_or_there(mention.claim)),
    )
