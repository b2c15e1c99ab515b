"""Documents that are a page for people and RDF for programs, by `Accept`, suffix or `format`."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from flask import Response, abort, make_response, request
from pyoxigraph import Triple, serialize

from graph.query import MEDIA_TYPES, NotAcceptable
from graph.query.formats import GRAPHS
from graph.query.results import write_graph
from service.bodies import read_query_string
from service.evaluation import here
from service.negotiation import FORMATS, HTML, Choice
from service.querypage import keep_parameters
from service.sparql import choices_for, content_type

SUFFIXES = {f.extension: f for f in FORMATS if f.form == "graph" and f.shown}
_TURTLE, _RDF_XML = "text/turtle", "application/rdf+xml"


def document_response(
    rdf: Callable[[str], bytes],
    page: Callable[[], str],
    path: str,
    suffix: str | None = None,
    *,
    storable: bool = True,
) -> Response:
    """Return the document at `path`: `rdf` writes it in a media type, `page` for people.

    `storable` says that it depends on the data alone. A suffix beats `format`, which beats
    `Accept`. Raises NotAcceptable, and a 404 for a suffix that there is not.
    """
    choice = _suffixed(suffix) if suffix is not None else _negotiated()
    here().storable = storable
    if choice.format is None:
        response = make_response(page())
    else:
        media_type = choice.format.media_type
        response = Response(rdf(media_type), content_type=content_type(choice.media_type))
        name = f"{path.rpartition('/')[2]}.{choice.format.extension}"
        response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers.add("Link", _links(path))
    return response


def written(
    triples: Callable[[], Iterable[Triple]], prefixes: Mapping[str, str]
) -> Callable[[str], bytes]:
    """Return what writes triples in a media type."""
    return partial(_write, triples, prefixes)


def _write(
    triples: Callable[[], Iterable[Triple]], prefixes: Mapping[str, str], media_type: str
) -> bytes:
    # Sorted, so that what is told of one thing stands together, whatever order it is told in.
    ordered = sorted(
        set(triples()), key=lambda t: (str(t.subject), str(t.predicate), str(t.object))
    )
    if media_type == _RDF_XML:  # the engine writes characters into it that XML cannot hold
        lines = "".join(f"{triple} .\n" for triple in ordered).encode()
        return write_graph(lines, media_type, prefixes)
    body = serialize(ordered, format=GRAPHS[media_type], prefixes=dict(prefixes))
    assert body is not None
    return body


def _negotiated() -> Choice:
    choices, _ = choices_for(request, keep_parameters(read_query_string(request)))
    choice = choices["graph"]
    if choice is None:
        raise NotAcceptable("graph", MEDIA_TYPES["graph"])
    return choice


def _suffixed(suffix: str) -> Choice:
    keep_parameters(read_query_string(request))
    if suffix == "html":
        return Choice(None, HTML)
    found = SUFFIXES.get(suffix)
    if found is None:
        abort(404, f"there is no format .{suffix}; there are .html, .{', .'.join(SUFFIXES)}")
    return Choice(found, found.media_type)


def _links(path: str) -> str:
    """The address that stands for all, and where each format is."""
    root = request.root_path
    return ", ".join(
        [
            f'<{root}{path}>; rel="canonical"',
            *(
                f'<{root}{path}.{suffix}>; rel="alternate"; type="{format_.media_type}"'
                for suffix, format_ in SUFFIXES.items()
            ),
        ]
    )
