"""Which representation a client gets: RFC 9110, section 12.5.1, over the formats we write.

The most specific range that fits a media type decides its weight; equal weights are decided by the
order in which the formats are listed here. Parameters of media types other than `q` are ignored.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Form = Literal["bindings", "graph"]


@dataclass(frozen=True, slots=True)
class Format:
    """One way of writing an answer.

    `aliases` are more general types it may be asked for by; `shown` tells whether pages name it.
    """

    name: str
    media_type: str
    form: Form
    extension: str
    title: str
    aliases: tuple[str, ...] = ()
    shown: bool = True


FORMATS: tuple[Format, ...] = (
    Format(
        *("json", "application/sparql-results+json", "bindings", "json", "JSON"),
        aliases=("application/json",),
    ),
    Format(
        *("xml", "application/sparql-results+xml", "bindings", "xml", "XML"),
        aliases=("application/xml", "text/xml"),
    ),
    Format("csv", "text/csv", "bindings", "csv", "CSV"),
    Format("tsv", "text/tab-separated-values", "bindings", "tsv", "TSV"),
    Format("turtle", "text/turtle", "graph", "ttl", "Turtle"),
    Format("ntriples", "application/n-triples", "graph", "nt", "N-Triples"),
    Format(
        *("jsonld", "application/ld+json", "graph", "jsonld", "JSON-LD"),
        aliases=("application/json",),
    ),
    Format(
        *("rdfxml", "application/rdf+xml", "graph", "rdf", "RDF/XML"),
        aliases=("application/xml", "text/xml"),
    ),
    # For clients that know no other: what these could say beyond triples, answers do not have.
    Format("nquads", "application/n-quads", "graph", "nq", "N-Quads", shown=False),
    Format("trig", "application/trig", "graph", "trig", "TriG", shown=False),
)
HTML = "text/html"
PROBLEM = "application/problem+json"

_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_RANGE = re.compile(rf"({_NAME})/({_NAME})\Z")
_WEIGHT = re.compile(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\Z")
# A quoted string may hold commas and semicolons.
_ELEMENT = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*")+')
_PART = re.compile(r'(?:[^;"]|"(?:[^"\\]|\\.)*")+')
_MOST_RANGES = 100


@dataclass(frozen=True, slots=True)
class Range:
    """One element of `Accept`: `*` stands for any; `weight` is from 0, never, to 1."""

    type: str
    subtype: str
    weight: float

    def specificity(self, media_type: str) -> int:
        """How precisely it fits: 0 not at all, 1 `*/*`, 2 `text/*`, 3 exactly."""
        type_, _, subtype = media_type.partition("/")
        if (self.type, self.subtype) == (type_, subtype):
            return 3
        if self.subtype != "*":
            return 0
        return {"*": 1, type_: 2}.get(self.type, 0)


@dataclass(frozen=True, slots=True)
class Choice:
    """What to write: `format` None stands for a page; `media_type` is the type to declare."""

    format: Format | None
    media_type: str


def parse_accept(header: str | None) -> tuple[Range, ...]:
    """Return the ranges of an `Accept` header; malformed elements are left out.

    A header that is absent or empty accepts everything.
    """
    if header is None or not header.strip():
        return (Range("*", "*", 1.0),)
    elements = _ELEMENT.findall(header)[:_MOST_RANGES]
    return tuple(found for found in map(_range, elements) if found)


def choose(accept: Sequence[Range], offers: Iterable[str]) -> str | None:
    """Return the offer with the greatest weight, the first of equals; None if none is accepted."""
    best, best_weight = None, 0.0
    for offer in offers:
        weight = _weight(accept, offer)
        if weight > best_weight:
            best, best_weight = offer, weight
    return best


def choose_format(accept: Sequence[Range], form: Form, *, page: bool = True) -> Choice | None:
    """Return what to write for an answer of this form, or None if nothing is accepted.

    A page comes last among equals: `*/*` alone means a program.
    """
    offered = [format_ for format_ in FORMATS if format_.form == form]
    types = {f.media_type: f for f in offered}
    for format_ in offered:
        types |= dict.fromkeys(format_.aliases, format_)
    chosen = choose(accept, [*types, HTML] if page else types)
    return None if chosen is None else Choice(types.get(chosen), chosen)


def named_format(name: str, form: Form) -> Choice | None:
    """Return the format of this name or media type; `json` and `xml` also name those of graphs."""
    if form == "graph":
        name = {"json": "jsonld", "xml": "rdfxml"}.get(name, name)
    for format_ in FORMATS:
        if format_.form == form and name in (format_.name, format_.media_type, *format_.aliases):
            return Choice(format_, name if "/" in name else format_.media_type)
    return None


def prefers_page(header: str | None) -> bool:
    """Whether a person is likely to read the answer: HTML weighs more than JSON does."""
    return choose(parse_accept(header), (PROBLEM, "application/json", HTML)) == HTML


def names_graph(header: str | None) -> bool:
    """Whether a program asks for a graph in so many words, and for it before a page."""
    named = [range_ for range_ in parse_accept(header) if range_.type != "*"]
    choice = choose_format(named, "graph")
    return choice is not None and choice.format is not None


def _weight(accept: Sequence[Range], media_type: str) -> float:
    fits = [(range_.specificity(media_type), range_.weight) for range_ in accept]
    specificity, weight = max(fits, default=(0, 0.0))
    return weight if specificity else 0.0


def _range(element: str) -> Range | None:
    first, *parameters = (part.strip() for part in _PART.findall(element) or [""])
    # Some clients write a lone asterisk.
    match = _RANGE.match("*/*" if first == "*" else first.lower())
    if match is None or (match[1] == "*" != match[2]):
        return None
    weight = 1.0
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            if not _WEIGHT.match(value.strip()):
                return None
            weight = float(value)
            break
    return Range(match[1], match[2], weight)
