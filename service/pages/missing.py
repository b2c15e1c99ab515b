"""Where to go from an address that there is not: what may be meant, as links with their text."""

from difflib import get_close_matches
from urllib.parse import quote, urlsplit

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from graph.errors import GraphError
from service.evaluation import here
from service.pages.sharing import sharing
from service.problems import Problem
from service.resources.addresses import here_or_there
from service.served import served

Offer = tuple[str, str]
"""An address, and what it is called."""

_MOST = 5
_LONGEST = 200
_ALIKE = 0.8
#: What readers try by the names of things, and the page that has them.
_WORDS = {
    "landscape": ("companies company organisations players regions countries places matrix", ""),
    "explore": ("therapies therapy network lanes graph ties", ""),
    "timeline": ("events approvals launches deals news", ""),
    "markets": ("market figures forecast forecasts", ""),
    "index": ("reports report sources source", "sources"),
    "sparql": ("sparql queries", ""),
    "examples": ("questions help faq", ""),
    "exports_page": ("download downloads export dump", ""),
    "changes": ("feed atom rss news", ""),
}


def offers_for(problem: Problem) -> tuple[Offer, ...]:
    """Return what may be meant by the address of this request, where a problem is that it is not.

    Nothing is guessed into an answer: each offer is an address that there is.
    """
    if problem.kind.name == "release-not-found":
        return ((sharing().latest, "This page, of the latest release"),)
    if problem.kind.status != 404 or request.method not in ("GET", "HEAD"):
        return ()
    path = request.path[:_LONGEST]
    try:
        found = [*_written_otherwise(path), *_things(path), *_pages(path)]
    except GraphError as error:  # names cannot be read now; the page is there without
        here().log["near"] = type(error).__name__
        return ()
    return tuple({address: (address, text) for address, text in found}.values())[:_MOST]


def _written_otherwise(path: str) -> list[Offer]:
    """The same address in small letters, without a slash at its end and without `.html`."""
    plain = "/" + path.lower().strip("/").removesuffix(".html")
    if plain == path or not _is_there(plain):
        return []
    asked = request.query_string.decode("ascii", "ignore")
    address = request.root_path + quote(plain) + (f"?{asked}" if asked else "")
    return [(address, plain)]


def _things(path: str) -> list[Offer]:
    """Things of this release whose names the last part of the address is, or nearly is."""
    parts = [part for part in path.lower().split("/") if part]
    if not parts or parts[0] not in ("id", "markets"):
        return []
    words = parts[-1].partition(".")[0].replace("-", " ")
    kinds = ("market",) if parts[0] == "markets" else ()
    hits = served().search.find(words, kinds, _MOST)
    if parts[0] == "markets":
        slugs = ((hit.iri.rpartition("/")[2], hit.label) for hit in hits)
        return [(url_for("market", slug=slug), label) for slug, label in slugs]
    return [(address, hit.label) for hit in hits if (address := here_or_there(hit.iri))]


def _pages(path: str) -> list[Offer]:
    """Pages that are called nearly so, or have what the address names."""
    word = path.lower().strip("/").partition("/")[0].partition(".")[0]
    if not word or word in ("id", "static"):
        return []
    found = [
        (
            url_for(endpoint, _anchor=anchor or None),
            ("Reports" if anchor else "") or url_for(endpoint),
        )
        for endpoint, (words, anchor) in _WORDS.items()
        if word in words.split()
    ]
    rules = (rule for rule in current_app.url_map.iter_rules() if not rule.arguments)
    known = [rule.rule for rule in rules if "." not in rule.rule and "GET" in (rule.methods or ())]
    near = get_close_matches(f"/{word}", known, _MOST, _ALIKE)
    return found + [(request.root_path + one, one) for one in near]


def _is_there(path: str) -> bool:
    """Whether a GET of the path is answered: by a page, or by a thing with a name."""
    adapter = current_app.create_url_adapter(request)
    assert adapter is not None
    try:
        endpoint, _ = adapter.match(urlsplit(path).path, method="GET")
    except RequestRedirect:
        return True
    except HTTPException:
        return False
    if endpoint in ("thing", "source", "graph"):
        return served().search.thing(path.removeprefix("/id/").lstrip("/")) is not None
    return True
