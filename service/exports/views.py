"""Files of a release over HTTP: a list of them, and the files."""

import base64
from collections.abc import Mapping
from typing import Any

from flask import Response, abort, jsonify, render_template, request, url_for
from werkzeug.datastructures import Range
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.http import parse_range_header

from graph.export.files import GZIP_ENDING, Export, Made, export_named, exports, made
from graph.export.making import Maker
from graph.release import DataDirectory, Release, ReleaseError
from service.evaluation import note
from service.exchange import exchange
from service.filepart import FilePart
from service.headers import RELEASE
from service.querypage import for_people
from service.representation import has_already
from service.served import served

CURRENT = "current"
_FOREVER = "public, max-age=31536000, immutable"
_MAKER = Maker()
_Rows = list[Mapping[str, Any]]


def exports_page() -> Response | str:
    """What there is to download of the current release; JSON for programs."""
    release = served().release
    if not for_people():
        return jsonify(release=release.id, exports=listed_exports())
    whole, tables, graphs = grouped_exports()
    groups = (("Table", tables), ("Graph", graphs))
    return render_template("exports.html", release=release, whole=whole, groups=groups)


def listed_exports() -> list[dict[str, Any]]:
    """Return what there is to download of the current release."""
    release = served().release
    return [_row(release, export) for export in exports(release)]


def grouped_exports() -> tuple[_Rows, Mapping[str, _Rows], Mapping[str, _Rows]]:
    """Return the same in three parts: of the whole, by table, by graph."""
    whole: _Rows = []
    tables: dict[str, _Rows] = {}
    graphs: dict[str, _Rows] = {}
    for row in listed_exports():
        table, _, title = str(row["title"]).partition(", ")
        if row["graph"] is not None:
            graphs.setdefault(row["graph"], []).append(row)
        elif title:
            tables.setdefault(table, []).append({**row, "title": title})
        else:
            whole.append(row)
    return whole, tables, graphs


def export_file(release: str, name: str) -> Response:
    """A file of a release as a whole."""
    return _file(release, name)


def graph_file(release: str, name: str) -> Response:
    """A file of one graph of a release."""
    return _file(release, f"graphs/{name}")


def _row(release: Release, export: Export) -> dict[str, Any]:
    found = made(release, export)
    endpoint = "export_file" if export.scope.what == "release" else "graph_file"
    address = url_for(endpoint, release=release.id, name=export.name.rpartition("/")[2])
    return {
        "name": export.name,
        "format": export.format.name,
        "title": export.format.title,
        "media_type": export.media_type,
        "graph": None if export.scope.what == "release" else export.scope.value,
        "address": address,
        "compressed": address + GZIP_ENDING,
        "bytes": found.size if found else None,
        "sha256": found.sha256 if found else None,
    }


def _file(name_of_release: str, name: str) -> Response:
    release = _release(name_of_release)
    export = export_named(release, name)
    if export is None:
        abort(404, f"there is no export {name!r}; {url_for('exports_page')} lists what there is")
    note("export", export.name)
    found = _MAKER.make(release, export, served().settings.deadline)
    response = _part(export, found)
    headers = response.headers
    headers[RELEASE] = release.id
    digest = base64.b64encode(bytes.fromhex(found.sha256)).decode()
    headers["Repr-Digest"] = f"sha-256=:{digest}:"  # RFC 9530
    headers["Digest"] = f"SHA-256={digest}"  # RFC 3230, for clients that know only that
    headers["ETag"] = f'"{found.sha256[:32]}"'
    headers["Accept-Ranges"] = "bytes"
    if name_of_release == CURRENT:
        headers["Cache-Control"] = "no-cache"
        view = dict(request.view_args or {}) | {"release": release.id}
        headers["Content-Location"] = url_for(str(request.endpoint), **view)
    else:
        headers["Cache-Control"] = _FOREVER
    file = f"{release.id[:12]}-{name.rpartition('/')[2]}"
    headers["Content-Disposition"] = f'attachment; filename="{file}"'
    if response.status_code == 200 and has_already(
        request.headers.get("If-None-Match"), headers["ETag"]
    ):
        return _not_modified(response)
    return response


def _release(name: str) -> Release:
    current = served().release
    if name in (CURRENT, current.id):
        return current
    try:
        return DataDirectory(current.path.parents[1]).release(name)
    except ReleaseError:
        abort(404, f"there is no release {name!r} here; {CURRENT!r} is the one that is served")


def _part(export: Export, found: Made) -> Response:
    """The file, or the one part of it that is asked for (RFC 9110, section 14)."""
    wanted = _wanted(found)
    if wanted is None:
        return _sent(export, found, 0, found.size, 200)
    bounds = wanted.range_for_length(found.size)
    if bounds is None:
        detail = f"the file has {found.size} bytes, and the range begins after them"
        raise RequestedRangeNotSatisfiable(found.size, description=detail)
    start, stop = bounds
    response = _sent(export, found, start, stop - start, 206)
    response.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{found.size}"
    return response


def _wanted(found: Made) -> Range | None:
    """The range that is asked for; None for the whole, also where several ranges are."""
    header = request.headers.get("Range")
    if request.method != "GET" or header is None:
        return None
    condition = request.headers.get("If-Range")
    if condition is not None and condition.strip() != f'"{found.sha256[:32]}"':
        return None
    range_ = parse_range_header(header)
    if range_ is None or range_.units != "bytes" or len(range_.ranges) != 1:
        return None
    return range_


def _sent(export: Export, found: Made, start: int, size: int, status: int) -> Response:
    # Who asks for the head only gets no file, which nobody would close.
    head = request.method == "HEAD"
    body = None if head else FilePart(found.path, start, size)
    response = Response(
        body, status=status, content_type=export.media_type, direct_passthrough=True
    )
    response.headers["Content-Length"] = str(size)
    exchange(request.environ).log["bytes"] = 0 if head else size
    return response


def _not_modified(response: Response) -> Response:
    response.close()
    kept = {k: v for k, v in response.headers if not k.startswith("Content-")}
    return Response(status=304, headers=kept)
