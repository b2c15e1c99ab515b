"""Requests that name a release: they are answered by the application over that release.

`release=` in the address or in a form, or the header Therascape-Release, at /sparql and at the API;
`release=` in the address of a page that can be kept to a release.
"""

import io
import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs, unquote_plus
from wsgiref.types import StartResponse

from werkzeug.wrappers import Response

from graph.errors import GraphError
from service.archive import Archive
from service.bodies import FORM_BODY
from service.pages.sharing import LATEST, PINNED, can_be_pinned
from service.refusals import MalformedRequest, ReleaseFixed

REFUSAL = "therascape.refusal"
"""Where the environment has why a request that names a release is refused."""
_PATHS = re.compile(r"/sparql/?|/api/v1/.*")
_HEADER = "HTTP_THERASCAPE_RELEASE"
_UPDATE = "application/sparql-update"
_App = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


class Elsewhere:
    """WSGI: passes a request on to the release that it names.

    `own` says whether a release, by its id, is just what `app` answers from: nothing was written
    since. Bodies beyond `most` bytes are left to `app`, which refuses them.
    """

    def __init__(self, app: _App, archive: Archive, own: Callable[[str], bool], most: int) -> None:
        self._app = app
        self._archive = archive
        self._own = own
        self._most = most

    def __call__(self, environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
        """Answer the request; what is wrong with the release is told by `app`."""
        page = _is_page(environ)
        if not page and not _PATHS.fullmatch(environ.get("PATH_INFO", "")):
            return self._app(environ, start)
        try:
            text = self._named(environ)
            if text is None:
                return self._app(environ, start)
            release = self._archive.find(text)
            own = self._own(release.id)
            if page:
                environ |= {PINNED: release.id, LATEST: own, "QUERY_STRING": _rest(environ)}
            if own:
                return self._app(environ, start)
            with self._archive.serving(release) as app:
                response = Response.from_app(app.wsgi_app, environ, buffered=True)
        except GraphError as error:
            environ[REFUSAL] = error
            return self._app(environ, start)
        if _HEADER in environ:
            response.headers["Vary"] = f"{response.headers.get('Vary', '')}, Therascape-Release"
        return response(environ, start)

    def _named(self, environ: dict[str, Any]) -> str | None:
        """The release that a request names; None where it names none.

        Raises MalformedRequest where it names several, ReleaseFixed where it writes.
        """
        found = _values(environ.get("QUERY_STRING", ""))
        form = self._form(environ)
        found += _values(form)
        if _HEADER in environ:
            found.append(environ[_HEADER].strip())
        if not found:
            return None
        if len(set(found)) > 1:
            raise MalformedRequest("several releases are named; name one, with `release` or header")
        kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
        if kind == _UPDATE or "update" in parse_qs(form, keep_blank_values=True):
            raise ReleaseFixed(
                "a release never changes; leave `release` and Therascape-Release out to write to "
                "the service"
            )
        return found[0]

    def _form(self, environ: dict[str, Any]) -> str:
        """The form in the body, which stays there to be read again."""
        kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
        length = environ.get("CONTENT_LENGTH") or ""
        if kind != FORM_BODY or not re.fullmatch("[0-9]{1,12}", length) or int(length) > self._most:
            return ""
        body = environ["wsgi.input"].read(int(length))
        environ["wsgi.input"] = io.BytesIO(body)
        return bytes(body).decode("latin-1")


def _is_page(environ: dict[str, Any]) -> bool:
    reads = environ.get("REQUEST_METHOD") in ("GET", "HEAD")
    return reads and can_be_pinned(environ.get("PATH_INFO", ""))


def _rest(environ: dict[str, Any]) -> str:
    """The parameters of a page but for the release, which its view need not know."""
    pairs = environ.get("QUERY_STRING", "").split("&")
    return "&".join(one for one in pairs if unquote_plus(one.partition("=")[0]) != "release")


def _values(text: str) -> list[str]:
    if "release" not in text and "%" not in text:
        return []
    try:
        return parse_qs(text, keep_blank_values=True, max_num_fields=1000).get("release", [])
    except ValueError:
        return []  # too many parameters, which is refused elsewhere
