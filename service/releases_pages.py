"""The addresses of releases: which there are, what one consists of, how to cite it, what differs.

What is served here is read from the data directory, not from the engine. A release is named by its
id; what an id begins with leads to the address with the whole of it.
"""

import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from graph.citation import bibtex, cff, citation
from graph.diff import Comparison, TooManyDifferences, compare, sentences, write_patch
from graph.diff.patch import MEDIA_TYPE as PATCH
from graph.query import NotAcceptable, QueueFull
from graph.release import DataDirectory, Release
from graph.release.finding import find_release
from graph.release.release import MANIFEST
from graph.release.use import Use
from graph.replica.offer import FORMAT
from service.bodies import read_query_string
from service.differences import COLUMNS, as_json, as_text, rows, write_rows
from service.following import came_over
from service.negotiation import HTML, choose, parse_accept
from service.querypage import keep_parameters
from service.refusals import MalformedRequest
from service.served import served
from service.stored_releases import described, listed, offered

JSON, CSV, TEXT = "application/json", "text/csv", "text/plain"
_FORMATS = {"json": JSON, "html": HTML, "csv": CSV, "triples": PATCH, "sentences": TEXT}
_MOST_DIFFERENCES, _MOST_BYTES = 20_000, 200_000_000
_SHOWN = 500
_KEPT = 4
_WAIT_SECONDS = 20.0
# One comparison at a time: each reads two releases, and keeps what differs in memory.
_comparing = threading.Lock()
_kept: OrderedDict[tuple[str, str], Comparison] = OrderedDict()


def release_list() -> Response:
    """List the stored releases."""
    form = _form("json", "html")
    found = listed(data_directory())
    if form == HTML:
        return make_response(render_template("releases.html", releases=found))
    links = [one | {"address": _address(one["id"])} for one in found]
    return _json({"releases": links})


def release_current() -> Response:
    """What a replica takes over: the release that is served, and its files."""
    _form("json")
    release = served().release
    document = {"format": FORMAT, "id": release.id, "files": offered(release)}
    over = came_over(served().settings, data_directory())
    return _json(document | ({"over": over} if over else {}))


def release_page(name: str) -> AnyResponse:
    """Say what a release is made of: manifest, files with digests, sources with hashes."""
    form = _form("json", "html")
    found = find_release(data_directory(), name)
    if found.id != name:
        return redirect(_moved("release_page", name=found.id), 302)
    with Use(found.path):
        what = described(found)
    cited = {
        "CITATION.cff": url_for("release_cff", name=found.id, _external=True),
        "BibTeX": url_for("release_bibtex", name=found.id, _external=True),
    }
    if form == HTML:
        page = render_template("release.html", release=found, what=what, cited=cited)
        return make_response(page)
    return _json(what | {"citation": cited})


def release_manifest(name: str) -> AnyResponse:
    """The manifest, byte for byte."""
    _form()
    found = find_release(data_directory(), name)
    if found.id != name:
        return redirect(url_for("release_manifest", name=found.id), 302)
    with Use(found.path):
        return Response((found.path / MANIFEST).read_bytes(), content_type=JSON)


def release_cff(name: str) -> AnyResponse:
    """How to cite a release, as CITATION.cff."""
    _form()
    found = find_release(data_directory(), name)
    if found.id != name:
        return redirect(url_for("release_cff", name=found.id), 302)
    text = cff(citation(found, _address(found.id)))
    return _file(text, "application/yaml", "CITATION.cff")


def release_bibtex(name: str) -> AnyResponse:
    """How to cite a release, as BibTeX."""
    _form()
    found = find_release(data_directory(), name)
    if found.id != name:
        return redirect(url_for("release_bibtex", name=found.id), 302)
    text = bibtex(citation(found, _address(found.id)))
    return _file(text, "application/x-bibtex; charset=utf-8", "citation.bib")


def release_diff(before: str, after: str) -> AnyResponse:
    """What differs between two releases, and why."""
    form = _form(*_FORMATS)
    old, new = (find_release(data_directory(), name) for name in (before, after))
    if (old.id, new.id) != (before, after):
        return redirect(_moved("release_diff", before=old.id, after=new.id), 302)
    found = compared(old, new)
    if form == HTML:
        told = [(change.cause, sentence) for change, sentence in sentences(found)]
        return make_response(
            render_template(
                "release_diff.html",
                before=old.id,
                after=new.id,
                patch=found.patch,
                told=told[:_SHOWN],
                total=len(told),
                columns=COLUMNS,
                rows=list(rows(found))[:_SHOWN],
                formats=[name for name in _FORMATS if name != "html"],
            )
        )
    if form == PATCH:
        return Response("".join(write_patch(found.patch)), content_type=PATCH)
    if form == CSV:
        return Response(write_rows(found), content_type="text/csv; charset=utf-8; header=present")
    if form == TEXT:
        return Response(as_text(found), content_type="text/plain; charset=utf-8")
    return Response(as_json(found), content_type=JSON)


def compared(old: Release, new: Release) -> Comparison:
    """Return the comparison of two releases, which never changes; the last few are kept.

    Raises TooManyDifferences, QueueFull and what reading raises.
    """
    pair = (old.id, new.id)
    if (found := _kept.get(pair)) is not None:
        return found
    size = old.manifest["bytes"] + new.manifest["bytes"]
    if size > _MOST_BYTES:
        raise TooManyDifferences(
            f"the two releases have {size / 1e6:,.0f} MB, more than the service compares; "
            f"`therascape diff {old.id[:12]} {new.id[:12]}` does so"
        )
    if not _comparing.acquire(timeout=_WAIT_SECONDS):
        raise QueueFull(1, int(_WAIT_SECONDS))
    try:
        if (found := _kept.get(pair)) is None:
            with Use(old.path), Use(new.path):
                found = _kept[pair] = compare(old, new, most=_MOST_DIFFERENCES)
            while len(_kept) > _KEPT:
                _kept.popitem(last=False)
    finally:
        _comparing.release()
    return found


def data_directory() -> DataDirectory:
    """Return the data directory that the served release lies in."""
    return DataDirectory(served().release.path.parents[1])


def _form(*names: str) -> str:
    """The media type that is wanted, of those with these names; the first where there is no wish.

    Raises MalformedRequest and NotAcceptable.
    """
    parameters = keep_parameters(read_query_string(request))
    allowed = {"format"} if names else set()
    if unknown := sorted(parameters.keys() - allowed):
        known = f"there is `format`: {', '.join(names)}" if names else "there is none"
        raise MalformedRequest(f"`{unknown[0]}` is no parameter here; {known}")
    if not names:
        return ""
    offered = [_FORMATS[name] for name in names]
    if wanted := parameters.get("format"):
        if len(wanted) > 1 or wanted[0] not in names:
            raise MalformedRequest(f"`format` is one of {', '.join(names)}")
        return _FORMATS[wanted[0]]
    chosen = choose(parse_accept(request.headers.get("Accept")), offered)
    if chosen is None:
        raise NotAcceptable("bindings", tuple(offered))
    return chosen


def _moved(endpoint: str, **names: str) -> str:
    """The address with whole ids, for the same format."""
    return url_for(endpoint, **names, format=request.args.get("format"))  # type: ignore[arg-type]


def _address(id_: str) -> str:
    return url_for("release_page", name=id_, _external=True)


def _json(document: Mapping[str, Any]) -> Response:
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    return Response(text, content_type=JSON)


def _file(text: str, media_type: str, name: str) -> Response:
    response = Response(text, content_type=media_type)
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
