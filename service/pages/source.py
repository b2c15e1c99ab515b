"""The page of a report: the document, its editions, how completely it was read, and every claim.

Claims stand in the order of the report's text, by section, a part of them at a time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import url_for
from pyoxigraph import NamedNode

from graph.description import Reading, facts_by_section
from graph.description.claims import Counted, Told, Wanted, claims_counted, claims_of
from graph.description.facts import Fact, facts_of
from graph.description.fragment import at_text
from graph.landscape import InvalidParameter
from graph.landscape.mentions import Value
from ontology.vocabulary import NAMESPACE
from service.bodies import Parameters
from service.pages.entity.rows import Link, Stated, links, stated
from service.pages.frame import Footnote
from service.pages.saving import saving
from service.resources.addresses import Address, here_or_there

SHOWN = 100
_ALL = 100_000  # of a page that becomes a file
#: What the page takes besides what every resource does.
PARAMETERS = ("section", "class", "text", "after")
_LONGEST = 200
_DETAILS = (
    ("Title", ("dct:title",)),
    ("Publisher", ("dct:publisher",)),
    ("Published", ("dct:issued", "kg:published")),
    ("Updated", ("dct:modified", "kg:updated")),
    ("Read", ("kg:accessed",)),
    ("Report code", ("dct:identifier",)),
    ("Series", ("schema:isPartOf",)),
    ("Replaces", ("dct:replaces",)),
    ("Replaced by", ("dct:isReplacedBy",)),
    ("Figures count to", ("kg:dataGroup",)),
    ("Why", ("kg:dataGroupReason",)),
    ("Rights", ("dct:rights",)),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What of the claims is wanted, as it was written; `after` are those passed over."""

    section: str = ""
    kind: str = ""
    text: str = ""
    after: int = 0

    @property
    def filters(self) -> bool:
        """Whether anything is left out."""
        return bool(self.section or self.kind or self.text)


@dataclass(frozen=True, slots=True)
class Line:
    """A claim: what it says, its kind and line, who states it, and words of the report."""

    claim: Link
    kind: str
    line: int | None
    printed: tuple[str, ...]
    stated: Stated
    about: str


@dataclass(frozen=True, slots=True)
class Part:
    """The claims of a section that are on this page."""

    id: str
    title: str
    number: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """What the template gets."""

    details: tuple[tuple[str, tuple[Link, ...]], ...]
    publisher: str | None
    complete: tuple[Link, ...]
    read_for: tuple[Link, ...]
    parts: tuple[Part, ...]
    sections: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str], ...]
    choice: Choice
    total: int
    number: int
    former: str | None
    following: str | None
    footnote: Footnote
    shown_ids: frozenset[str]


def read_choice(parameters: Parameters) -> Choice:
    """Return what a request wants of the claims. Raises InvalidParameter."""

    def one(name: str) -> str:
        return parameters.get(name, [""])[0].strip()

    after = one("after") or "0"
    if not (after.isascii() and after.isdigit() and len(after) <= 9):
        raise InvalidParameter("after", "must be a number from 0 to 999999999")
    if len(one("text")) > _LONGEST:
        raise InvalidParameter("text", f"is longer than {_LONGEST} characters")
    return Choice(one("section"), one("class"), one("text"), int(after))


def source_of(reading: Reading, address: Address, choice: Choice) -> Source:
    """Return what the page of a report shows.

    Raises InvalidParameter for a section or a kind that there is not, and the errors of
    graph.query.
    """
    node = address.node
    every = claims_counted(reading, node)
    wanted = _wanted(node, every, choice)
    counted = claims_counted(reading, node, wanted) if choice.filters else every
    told = claims_of(reading, node, wanted, _ALL if saving() else SHOWN, choice.after)
    facts = facts_of(reading, [node.value, *(one.fact.iri for one in told)])
    total, number = (sum(one.number for one in of) for of in (every, counted))
    said = facts.get(node.value)
    parts = _parts(told, facts, counted)
    after = choice.after
    return Source(
        details=_details(said),
        publisher=_page(said),
        complete=_values(said, "kg:readCompletelyFor"),
        read_for=_values(said, "kg:readFor"),
        parts=parts,
        sections=_options(one.section for one in every),
        kinds=_options(sorted((one.kind for one in every), key=lambda kind: kind.text)),
        choice=choice,
        total=total,
        number=number,
        former=_at(address, choice, max(0, after - SHOWN)) if after else None,
        following=_at(address, choice, after + SHOWN) if after + SHOWN < number else None,
        footnote=_footnote(facts_by_section(reading, node), choice, every),
        shown_ids=frozenset(part.id for part in parts),
    )


def _wanted(node: NamedNode, every: tuple[Counted, ...], choice: Choice) -> Wanted:
    section = kind = None
    if choice.section:
        section = NamedNode(f"{node.value}#{_slug(choice.section)}")
        if section.value not in {one.section.iri for one in every}:
            raise InvalidParameter("section", "is no section of this report that claims anything")
    if choice.kind:
        kind = NamedNode(NAMESPACE + _slug(choice.kind))
        if kind.value not in {one.kind.iri for one in every}:
            raise InvalidParameter("class", "is no class of facts that this report claims")
    return Wanted(section, kind, choice.text)


def _slug(text: str) -> str:
    """Text for the end of an IRI; what cannot be one leads to nothing."""
    return text if text.replace("-", "").replace("_", "").isalnum() and text.isascii() else "-"


def _parts(
    told: tuple[Told, ...], facts: Mapping[str, Fact], counted: tuple[Counted, ...]
) -> tuple[Part, ...]:
    numbers: dict[str, int] = {}
    for one in counted:
        numbers[one.section.iri] = numbers.get(one.section.iri, 0) + one.number
    return tuple(
        Part(
            section.iri.partition("#")[2],
            section.text,
            numbers.get(section.iri, 0),
            tuple(_line(one, facts) for one in of),
        )
        for section, of in groupby(told, key=lambda one: one.mention.section)
    )


def _line(told: Told, facts: Mapping[str, Fact]) -> Line:
    return Line(
        claim=Link(told.fact.text, here_or_there(told.mention.claim)),
        kind=told.kind,
        line=told.mention.line,
        printed=told.mention.printed,
        stated=stated(facts[told.fact.iri], told.mention),
        about=told.fact.iri,
    )


def _details(said: Fact | None) -> tuple[tuple[str, tuple[Link, ...]], ...]:
    if said is None:
        return ()
    found = []
    for term, properties in _DETAILS:
        if values := [value for name in properties for value in said.values.get(name, ())]:
            found.append((term, links(values)))
    return tuple(found)


def _page(said: Fact | None) -> str | None:
    address = said.values.get("dcat:landingPage", ()) if said else ()
    return at_text(address[0].iri or address[0].text, "") if address else None


def _values(said: Fact | None, name: str) -> tuple[Link, ...]:
    values = said.values.get(name, ()) if said else ()
    return links(sorted(values, key=lambda value: value.text))


def _options(values: Any) -> tuple[tuple[str, str], ...]:
    """Pairs for a choice: the end of the IRI, and the name."""
    found: dict[str, Value] = {}
    for value in values:
        found.setdefault(value.iri, value)
    return tuple((iri.rpartition("#")[2], value.text) for iri, value in found.items() if "#" in iri)


def _at(address: Address, choice: Choice, after: int) -> str:
    given = {"section": choice.section, "class": choice.kind, "text": choice.text}
    slug = address.path.partition("/")[2]
    chosen: dict[str, Any] = {name: value for name, value in given.items() if value}
    if after:
        chosen["after"] = after
    return url_for("source", name=slug, **chosen)


def _footnote(sections: Mapping[str, int], choice: Choice, every: tuple[Counted, ...]) -> Footnote:
    names = {one.section.iri.rpartition("#")[2]: one.section.text for one in every}
    kinds = {one.kind.iri.rpartition("#")[2]: one.kind.text for one in every}
    filters = (
        ("Section", names.get(choice.section, "")),
        ("Kind", kinds.get(choice.kind, "")),
        ("Text", choice.text),
    )
    return Footnote(1, len(sections), tuple((name, value) for name, value in filters if value))
