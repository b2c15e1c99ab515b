"""What the page of a thing shows: what is common to all, and what each kind has of its own."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import current_app, url_for
from pyoxigraph import NamedNode

from graph.description import Description, Reading, contracted
from graph.description.conflicts import conflicts, fact_text
from graph.description.facts import Fact, Named, facts_naming, facts_of, iri_of
from service.api.asking import Steps
from service.pages.entity import sections
from service.pages.entity.differing import Differing, differing
from service.pages.entity.kinds import Kind, kind_of, scheme_of
from service.pages.entity.rows import SHOWN, Link, Table, by_kind, fact_table, links, stated_by
from service.pages.entity.saying import (
    Locator,
    SaidTable,
    linked_with,
    locators,
    said_table,
)
from service.pages.entity.summary import summary, told_in
from service.pages.entity.tables import EVENTS, TABLES
from service.pages.frame import Footnote
from service.resources.addresses import Address, here_or_there
from service.resources.page import Page

_TELLING = ("claim", "event", "segment", "statement", "computed", "rule", "series", "scheme")
# What these rest on, and what belongs to them.
_PREMISES = {
    "statement": ("kg:premise",),
    "computed": ("kg:premise", "kg:about", "prov:wasDerivedFrom", "prov:used"),
}
_MEMBERS = {"scheme": "skos:inScheme", "series": "schema:isPartOf", "rule": "kg:rule"}
_MOST_COMPARED = 500  # facts that are held against each other
_WITH_TIMELINE = ("organisation", "therapy", "technology", "place")
# What stands beside the page, as far as it is said: terms with their properties.
_ASIDE = (
    ("Type", ("kg:placeType", "kg:technologyType", "dct:type")),
    ("Group", ("kg:group",)),
    ("Part of", ("kg:placeWithin", "kg:parentSegment", "kg:parentMarket")),
    ("Product scope", ("kg:productScope",)),
    ("Place", ("kg:place",)),
    ("Concept", ("kg:concept",)),
    ("Code list", ("skos:inScheme",)),
    ("Broader", ("skos:broader",)),
    ("Method", ("kg:method",)),
    ("Publisher", ("dct:publisher",)),
    ("Code", ("kg:placeCode", "skos:notation")),
    ("Definition", ("skos:definition", "rdfs:comment")),
)


@dataclass(slots=True)
class Entity:
    """What a template gets. `tables` has tables of facts by contracted class."""

    kind: Kind
    said: Fact | None
    summary: str = ""
    aliases: tuple[str, ...] = ()
    aside: tuple[tuple[str, tuple[Link, ...]], ...] = ()
    same_as: tuple[Link, ...] = ()
    timeline: sections.Timeline | None = None
    ties: Table | None = None
    findings: Table | None = None
    tables: dict[str, Table] = field(default_factory=dict)
    conflicts: tuple[Differing, ...] = ()
    edges: tuple[sections.Edge, ...] = ()
    named_in: tuple[sections.NamedIn, ...] = ()
    why: Any = None
    said_table: SaidTable | None = None
    locators: tuple[Locator, ...] = ()
    premises: tuple[Table, ...] = ()
    members: tuple[Link, ...] = ()
    members_number: int = 0
    actions: tuple[Link, ...] = ()
    market_page: str | None = None

    @property
    def shown_ids(self) -> frozenset[str]:
        """The ids of places that the page has before all statements."""
        return frozenset(one.id for one in self.locators if one.id)

    @property
    def is_bare(self) -> bool:
        """Whether nothing but statements is known of it."""
        parts = (self.tables, self.timeline, self.ties, self.edges, self.named_in, self.locators)
        return not any((*parts, self.premises, self.members, self.why, self.said_table))


def entity_of(
    steps: Steps, reading: Reading, description: Description, address: Address, page: Page
) -> Entity:
    """Return what the page of a thing shows. Raises the errors of graph.query."""
    iri = description.node.value
    said = facts_of(reading, [iri]).get(iri)
    kind = kind_of(said.kinds if said else (), said)
    named = facts_naming(reading, description.node)
    facts = _some(reading, named)
    names = page.names
    made = Entity(kind, said)
    made.tables = _tables(named, facts, address, skip=kind.template in _WITH_TIMELINE)
    _ADDED.get(kind.template, _nothing)(made, steps, reading, iri)
    if said is not None and kind.template in _TELLING:
        made.said_table = said_table(reading, said, names)
        made.locators = locators(said)
    if premises := linked_with(description, _PREMISES.get(kind.template, ())):
        made.premises = _premises(reading, premises)
    if by := _MEMBERS.get(kind.template):
        made.members, made.members_number = _members(description, by, names)
    made.conflicts = tuple(differing(one, names) for one in conflicts(facts.values()))
    # The table of ties has these, each with its evidence.
    skip = ("kg:activeIn",) if made.ties is not None else ()
    made.edges = sections.edges(description, names, skip)
    made.named_in = sections.named_in(description, names)
    made.same_as = sections.same_as(description, names)
    made.aliases = tuple(
        value.text for value in (said.values if said else {}).get("skos:altLabel", ())
    )
    made.aside = _aside(said, iri)
    if kind.template == "claim" and said is not None and said.kind:
        word = names.get(iri_of(said.kind), "")
        made.kind = replace(
            kind, text=f"{kind.text}: {word}" if kind.text == "Claim" else kind.text
        )
    made.summary = summary(named, facts.values(), made.timeline, made.ties)
    if not made.summary and made.locators:
        made.summary = told_in(made.locators)
    made.actions = tuple(_actions(made, iri))
    return made


def footnote_of(entity: Entity) -> Footnote:
    """Return what the page rests on: the reports and sections of what it shows."""
    timeline = entity.timeline and entity.timeline.table
    tables = [*entity.tables.values(), *entity.premises, entity.ties, timeline]
    told = [one for table in tables if table for row in table.rows for one in row.stated]
    if entity.said:
        told += stated_by(entity.said)
    sections_ = {(one.report, one.section) for one in told if one.section}
    return Footnote(reports=len({one.report for one in told}), sections=len(sections_))


def _some(reading: Reading, named: Sequence[Named]) -> dict[str, Fact]:
    """The facts that the page shows or compares."""
    wanted: dict[str, int] = {}
    chosen = []
    for one in named:
        wanted[one.kind] = wanted.get(one.kind, 0) + 1
        if one.kind in TABLES and wanted[one.kind] <= _MOST_COMPARED:
            chosen.append(one.fact)
    return facts_of(reading, chosen)


def _tables(
    named: Sequence[Named], facts: Mapping[str, Fact], address: Address, *, skip: bool
) -> dict[str, Table]:
    own = address.node.value
    numbers: dict[str, int] = {}
    roles: dict[str, set[str]] = {}
    for one in named:
        numbers[one.kind] = numbers.get(one.kind, 0) + 1
        roles.setdefault(one.kind, set()).update(one.roles)
    found = {}
    for kind, of in by_kind(facts.values()).items():
        if skip and kind in EVENTS:
            continue
        of.sort(key=_order)
        more = None
        if numbers[kind] > SHOWN:
            role = NamedNode(iri_of(min(roles[kind])))
            more = address.document("", f"inverse={contracted(role)}")
        found[kind] = fact_table(of[:SHOWN], kind, numbers[kind], own, more)
    return found


def _premises(reading: Reading, iris: Sequence[str]) -> tuple[Table, ...]:
    """The facts that something rests on, by class."""
    found = by_kind(facts_of(reading, iris[:_MOST_COMPARED]).values())
    tables = (fact_table(of[:SHOWN], kind, len(of)) for kind, of in found.items())
    return tuple(replace(table, id=f"_premises{table.id}") for table in tables)


def _members(
    description: Description, by: str, names: Mapping[str, str]
) -> tuple[tuple[Link, ...], int]:
    """What leads to the thing with a property, as far as the description has it."""
    for of in description.inverse:
        if of.by.value == iri_of(by):
            found = [
                Link(names.get(one.value, one.value), here_or_there(one.value)) for one in of.shown
            ]
            return tuple(sorted(found, key=lambda link: link.text)), of.number
    return (), 0


def _order(fact: Fact) -> tuple[str, ...]:
    """By report, then by year and name."""
    reports = ", ".join(report.text for report in fact.reports)
    year = fact.text("sdmx-dimension:refPeriod", "kg:fromYear", "kg:date")
    return reports, fact_text(fact, "kg:market"), year, fact.label, fact.iri


def _aside(said: Fact | None, own: str) -> tuple[tuple[str, tuple[Link, ...]], ...]:
    if said is None:
        return ()
    found = []
    for term, properties in _ASIDE:
        values = [v for name in properties for v in said.values.get(name, ()) if v.iri != own]
        if values:
            found.append((term, links(values[:12])))
    return tuple(found)


def _actions(made: Entity, iri: str) -> Iterable[Link]:
    """Where one goes on from here; pages that this service does not have are left out."""
    views, kind = current_app.view_functions, made.kind
    if made.market_page:
        yield Link("Open the market page", made.market_page)
    if publisher := next((one.publisher for one in made.locators if one.publisher), None):
        yield Link("Check on the publisher\u2019s page", publisher)
    if "explore" in views and kind.template in ("organisation", "therapy", "place", "technology"):
        yield Link("Explore connections", url_for("explore", focus=iri))
    if "compare" in views and kind.template in ("organisation", "therapy", "place", "concept"):
        yield Link("Add to comparison", url_for("compare", ids=iri))


_Add = Callable[[Entity, Steps, Reading, str], None]


def _nothing(_made: Entity, _steps: Steps, _reading: Reading, _iri: str) -> None:
    """Add nothing."""


def _organisation(made: Entity, steps: Steps, reading: Reading, iri: str) -> None:
    made.timeline = sections.timeline(steps, reading, iri)
    made.ties = sections.places_of(steps, iri)


def _dated(made: Entity, steps: Steps, reading: Reading, iri: str) -> None:
    made.timeline = sections.timeline(steps, reading, iri)


def _place_page(made: Entity, steps: Steps, reading: Reading, iri: str) -> None:
    made.timeline = sections.timeline(steps, reading, iri)
    made.ties = sections.players_in(steps, {"place": [iri]}, "Players")


def _concept(made: Entity, steps: Steps, _reading: Reading, iri: str) -> None:
    parameter = {"therapy-type": "therapy", "indication": "indication"}
    scheme = scheme_of(made.said) if made.said else ""
    if name := parameter.get(scheme):
        made.ties = sections.players_in(steps, {name: [iri]}, "Players with a tie to it")


def _market(made: Entity, steps: Steps, _reading: Reading, iri: str) -> None:
    made.findings = sections.findings(steps, iri)
    made.market_page = _page_of_market(iri.rpartition("/")[2])


def _page_of_market(slug: str) -> str | None:
    """The page of a market, where this service has one."""
    for rule in current_app.url_map.iter_rules():
        of_one = rule.rule.startswith("/markets/<") and rule.rule.endswith(">")
        if of_one and len(rule.arguments) == 1:
            given: dict[str, Any] = dict.fromkeys(rule.arguments, slug)
            return url_for(rule.endpoint, **given)
    return None


def _statement(made: Entity, steps: Steps, _reading: Reading, iri: str) -> None:
    made.why = sections.why_sets(steps, iri)


_ADDED: Mapping[str, _Add] = {
    "organisation": _organisation,
    "therapy": _dated,
    "technology": _dated,
    "place": _place_page,
    "concept": _concept,
    "market": _market,
    "statement": _statement,
}
