"""What crawlers ask for: robots.txt, and a sitemap of everything that has a page.

Nothing says when a page changed, since nothing in a release does.
"""

from collections.abc import Iterable
from urllib.parse import quote

from flask import Response, abort, request, url_for
from markupsafe import escape

from graph.catalogue.documents import documents, number_of_parts
from service.catalogue.gathering import asking
from service.evaluation import here
from service.served import served

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XML = "application/xml; charset=utf-8"
# Answers to queries have no end, and others' graphs and running queries are for programs.
_NOT_FOR_CRAWLERS = ("sparql?", "store", "queries", "metrics", "health", "ready")
_RESERVED = "/:?#[]@!$&'()*+,;=%~"


def robots() -> Response:
    """What crawlers may read, and where the sitemap is."""
    lines = ["User-agent: *"]
    lines += [f"Disallow: {request.root_path}/{path}" for path in _NOT_FOR_CRAWLERS]
    lines += ["", f"Sitemap: {url_for('sitemap', _external=True)}", ""]
    here().storable = True
    return Response("\n".join(lines), content_type="text/plain; charset=utf-8")


def sitemap() -> Response:
    """The index of the sitemap: its parts."""
    parts = range(1, number_of_parts(asking()) + 1)
    addresses = (url_for("sitemap_part", part=part, _external=True) for part in parts)
    return _xml("sitemapindex", "sitemap", addresses)


def sitemap_part(part: int) -> Response:
    """One part of the sitemap: addresses on this service of things in the release."""
    found = documents(asking(), part) if part else ()
    if not found and part != 1:
        abort(404, f"there is no part {part}; {url_for('sitemap')} lists all")
    pages = ("", "ns", "catalog", "examples", "docs/query-patterns") if part == 1 else ()
    things = (_path(iri) for iri in found)
    return _xml("urlset", "url", (request.url_root + path for path in (*pages, *things)))


def _path(iri: str) -> str:
    """The path of a thing of ours under the root of the service, in ASCII."""
    return quote(iri.removeprefix(served().base), safe=_RESERVED)


def _xml(root: str, element: str, addresses: Iterable[str]) -> Response:
    rows = "".join(f"<{element}><loc>{escape(one)}</loc></{element}>\n" for one in addresses)
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_NAMESPACE}">\n{rows}</{root}>\n'
    )
    here().storable = True
    return Response(text, content_type=_XML)
