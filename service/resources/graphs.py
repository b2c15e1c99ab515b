"""The addresses of named graphs: all that is in one as RDF, and a page about it."""

from difflib import get_close_matches

from flask import Response, make_response, render_template, request

from graph.description import Reading, graph_size, schema_org_json
from graph.query import Formats, Request
from graph.terms import Iris
from graph.update.ownership import Ownership
from service.api.asking import Steps
from service.bodies import read_query_string
from service.evaluation import ask, ask_logged, here, job_within, note
from service.notices import add_notices
from service.querypage import keep_parameters
from service.refusals import ResourceNotFound
from service.resources.addresses import EXTENSIONS, Address, split
from service.resources.views import checked, documents_of
from service.results import JSON_RESULTS
from service.served import served
from service.sparql import program_response
from service.store import EVERYTHING

_LARGEST_NAME = 200


def graph(name: str) -> Response:
    """What is in `<base>graph/<name>`. Raises ResourceNotFound, NotAcceptable."""
    slug, extension = split(name)
    node = Iris(served().base).graph(checked(slug))
    address = Address(node, f"graph/{slug}", extension)
    choice, notices = address.choice(keep_parameters(read_query_string(request)))
    if choice.format is None:
        response = make_response(_page(address))
    else:
        formats = Formats(None, choice.format.media_type)
        asked = Request(EVERYTHING, formats, (node.value,), base_iri=served().base)
        evaluated = ask_logged(asked)
        note("GET", node.value)
        _check(address, evaluated.answer.missing_graphs)
        response = program_response(choice, evaluated.answer, slug)
    response.headers["Link"] = address.links("", None, None)
    written = "html" if choice.format is None else choice.format.extension
    if written in EXTENSIONS:
        response.headers["Content-Location"] = address.document(written)
    add_notices(response, notices)
    return response


def _page(address: Address) -> str:
    iri = address.node.value
    asked = Request("ASK {}", Formats(JSON_RESULTS, None), (iri,))
    _check(address, ask(asked).answer.missing_graphs)
    steps = Steps(served().engine, None, job_within(), served().settings.deadline)
    kind = Ownership.of(served().release.manifest, strict=served().settings.strict).kind(iri)
    number = served().counts["graphs"].get(iri) if kind == "curated" else None
    if number is None:
        number = graph_size(Reading(steps, served().base), address.node)
    source = next((one for one in served().sources if one.get("graph") == iri), None)
    here().storable = True
    schema = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": iri,
        "name": address.path,
        "description": f"A {kind} graph of {number:,} statements.",
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": kind_, "contentUrl": there}
            for _, kind_, there in _absolute(address)
        ],
    }
    return render_template(
        "graph.html",
        iri=iri,
        name=address.path,
        kind=kind,
        number=number,
        source=source,
        documents=documents_of(address),
        schema=schema_org_json(schema),
    )


def _absolute(address: Address) -> list[tuple[str, str, str]]:
    return [(t, kind, request.host_url.rstrip("/") + a) for t, kind, a in documents_of(address)]


def _check(address: Address, missing: tuple[str, ...]) -> None:
    """Raise ResourceNotFound, with near names, for a graph that is not there."""
    if address.node.value not in missing:
        return
    base, slug = served().base, address.path.removeprefix("graph/")
    there = [iri.removeprefix(f"{base}graph/") for iri in served().counts["graphs"]]
    near = [f"graph/{name}" for name in get_close_matches(slug[:_LARGEST_NAME], there)]
    hint = f"; near: {', '.join(near)}" if near else ""
    found = tuple(f"{request.url_root}{path}" for path in near)
    raise ResourceNotFound(f"there is no graph <{address.node.value}>{hint}", found)
