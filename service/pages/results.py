"""What pages show: cells of results, downloads, sources and counts, ready to be rendered."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request, url_for
from markupsafe import Markup, escape

from graph.query import Engine, Formats, Request
from graph.questions.executable import Example
from ontology.vocabulary import NAMESPACE, contract
from service.pages.sharing import can_be_pinned
from service.resources.addresses import here_or_there
from service.results import JSON_RESULTS, Term, read_rows, short
from service.served import Served
from service.text import legible

_FEW_EXAMPLES = 9
#: The worked question whose answer is on the first page.
FINDINGS = "computed-findings"
_BREAKS = re.compile(r"(?<=[/#?&])")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: `text` is shown, `title` says the whole, `href` leads on.

    `short` is how a query may write the IRI of a thing that is shown by its name.
    """

    text: str
    kind: str
    title: str = ""
    href: str | None = None
    language: str | None = None
    short: str = ""


def classes(served: Served) -> Iterator[tuple[str, str, int]]:
    """Yield name, IRI and count of the classes of our own vocabulary, the largest first."""
    counts = served.counts["classes"].items()
    ours = [(iri, n) for iri, n in counts if iri.startswith(NAMESPACE)]
    for iri, number in sorted(ours, key=lambda item: (-item[1], item[0])):
        yield contract(iri), iri, number


def first_examples(examples: Sequence[Example]) -> tuple[Example, ...]:
    """Return the first few examples: `graph.questions` puts those for the front first."""
    return tuple(examples[:_FEW_EXAMPLES])


def findings(
    engine: Engine, examples: Sequence[Example], base: str
) -> tuple[Mapping[str, str], ...]:
    """Return what was computed from the reports: rows of `kind`, `finding` and `reports`."""
    asked = next((example for example in examples if example.id == FINDINGS), None)
    if asked is None:
        return ()
    request = Request(asked.query, Formats(JSON_RESULTS, None), base_iri=base)
    answer = read_rows(engine.evaluate(request))
    named = (dict(zip(answer.columns, row, strict=True)) for row in answer.rows)
    return tuple({name: term.value for name, term in row.items() if term} for row in named)


def asked_at(parameters: Mapping[str, Sequence[str]]) -> str:
    """Return the address of the query page with these parameters.

    `url_for` would take names such as `_scheme`, which come from anybody, for its own.
    """
    return f"{url_for('sparql')}?{urlencode(parameters, doseq=True)}"


def breakable(text: str) -> Markup:
    """Return the text of an IRI, escaped, with places where a line may break."""
    return Markup("<wbr>").join(escape(part) for part in _BREAKS.split(legible(text)))


def cell_of(
    term: Term | None, base: str, names: Mapping[str, str], release: str = ""
) -> Cell | None:
    """Return what a table shows of a term; `names` are those of things, by IRI.

    A thing leads to its page, or to what is known of it here; both of the `release` that is named.
    """
    match term:
        case None:
            return None
        case Term("iri", value):
            text = short(value, base)
            text = text[1:-1] if text.startswith("<") else text
            name = names.get(value)
            href = leads_to(value, release)
            return Cell(name or text, "iri", value, href, short=text if name else "")
        case Term("blank", value):
            return Cell(f"_:{value}", "iri", "blank node: it has no address")
        case Term("triple", value):
            return Cell(value, "iri", "a triple")
        case Term(_, value, datatype, language):
            title = contract(datatype) if datatype else ""
            kind = "number" if term.is_number else "text"
            return Cell(value, kind, title, None, language)


def leads_to(iri: str, release: str = "") -> str:
    """Return where a thing leads from a result; of the `release`, if that is named."""
    more = {"release": release} if release else {}
    page = here_or_there(iri)
    # What is elsewhere may be anything: what is known of it here is offered, not itself.
    if page is None or page == iri:
        return asked_at({"query": [f"DESCRIBE <{iri}>"], "release": [release] * bool(release)})
    address, mark, part = page.partition("#")
    if more and can_be_pinned(address.removeprefix(request.root_path)):
        address = f"{address}?{urlencode(more)}"
    return f"{address}{mark}{part}"
