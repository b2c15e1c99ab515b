"""The application: a factory of a plain WSGI application. Nothing loads at import."""

from collections.abc import Sequence

from flask import Flask, Response, current_app, request
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException

from graph.query import Engine
from graph.release import Release
from service.assets import asset
from service.kinds import INTERNAL
from service.notices import HEADER as NOTICE
from service.pages import breakable, findings
from service.problems import describe
from service.served import EXTENSION, Example, Served, served
from service.settings import Settings
from service.version import version
from service.views import add_views, problem_response

RELEASE = "Therascape-Release"
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": f"Content-Disposition, {NOTICE}, {RELEASE}",
    "Content-Security-Policy": _CSP,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def create_app(
    engine: Engine,
    release: Release,
    *,
    settings: Settings | None = None,
    examples: Sequence[Example] = (),
    platform_notes: tuple[str, ...] = (),
) -> Flask:
    """Return the application that answers from `release` through `engine`.

    It reads no file but its own pages and styles, and evaluates one query of `examples`, once.
    """
    settings = settings or Settings()
    app = Flask("service", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes + 1
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the order is chosen where it is made
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["asset"] = asset
    app.jinja_env.globals["version"] = version()
    app.jinja_env.globals["served"] = served
    app.jinja_env.filters["breakable"] = breakable
    base = str(release.manifest.get("base", settings.base))
    computed = findings(engine, examples, base)  # once: a release does not change
    app.extensions[EXTENSION] = Served(
        engine, release, settings, tuple(examples), platform_notes, computed
    )
    add_views(app)
    app.register_error_handler(Exception, _on_error)
    app.after_request(_finish)
    return app


def _on_error(error: Exception) -> Response:
    problem = describe(error)
    if problem.kind is INTERNAL:
        current_app.logger.error("internal error", exc_info=error)
    response = problem_response(problem)
    if isinstance(error, HTTPException):
        kept = ("allow", "location", "retry-after")
        response.headers.extend((k, v) for k, v in error.get_headers() if k.lower() in kept)
    return response


def _finish(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers[name] = value
    response.headers[RELEASE] = served().release.id
    if request.endpoint != "static_file":
        response.vary.add("Accept")
    return response
