"""The application: a factory of a plain WSGI application. Nothing loads at import."""

from collections.abc import Callable, Sequence

from flask import Flask, Response, current_app, request
from jinja2 import StrictUndefined

from graph.landscape import Named, Traversal
from graph.landscape.catalogue import QUESTIONS
from graph.query import Engine
from graph.questions.executable import Example
from graph.release import Release
from graph.search import Search
from service.access import Access
from service.elsewhere import REFUSAL
from service.headers import finish, options
from service.kinds import INTERNAL
from service.names import Searching
from service.pages.frame import dress
from service.pages.results import findings
from service.problems import describe
from service.querypage import asked_text
from service.reporting.box import Box
from service.seams import Control, Writer
from service.served import EXTENSION, Served
from service.settings import Settings
from service.views import add_views, problem_response
from service.wrong import note_problem


def create_app(
    engine: Engine,
    release: Release,
    *,
    settings: Settings | None = None,
    examples: Sequence[Example] = (),
    platform_notes: tuple[str, ...] = (),
    writer: Writer | None = None,
    control: Control | None = None,
    network: Traversal | None = None,
    searching: Callable[[], Search] | None = None,
    named: Sequence[Named] = QUESTIONS,
    box: Box | None = None,
) -> Flask:
    """Return the application that answers from `release` through `engine`.

    It reads no file but its own pages and styles and the files of tokens, and evaluates one query
    of `examples`, once. `writer` changes the data, if anything does; `control` sees and ends what
    runs. `named` are the questions with a name. `network` answers calls on the network of the
    release. `searching` gives the search over names; else one is made of `engine` when it is first
    needed. `box` keeps the problems that readers report. Raises InvalidSetting for a file of tokens
    that cannot be used.
    """
    settings = settings or Settings()
    access = Access.of(settings)
    app = Flask("service", static_folder=None)
    # Views have limits of their own, which may be smaller.
    app.config["MAX_CONTENT_LENGTH"] = max(settings.max_body_bytes, settings.max_graph_bytes) + 1
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the order is chosen where it is made
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    dress(app)
    base = str(release.manifest.get("base", settings.base))
    computed = findings(engine, examples, base)  # once: a release does not change
    app.extensions[EXTENSION] = Served(
        *(engine, release, settings, tuple(examples), platform_notes),
        searching or Searching(lambda: Search.from_engine(engine, base)),
        network,
        named,
        computed,
        writer=writer,
        control=control,
        access=access,
        searching_all=Searching(lambda: Search.from_engine(engine, base, "all"))
        if release.history and not settings.strict
        else None,
        box=box,
    )
    add_views(app)
    app.register_error_handler(Exception, _on_error)
    app.before_request(options)
    app.before_request(_refuse)
    app.after_request(finish)
    return app


def _refuse() -> None:
    """Raise what is wrong with the release that a request names."""
    if (error := request.environ.get(REFUSAL)) is not None:
        raise error


def _on_error(error: Exception) -> Response:
    problem = describe(error, asked_text())
    note_problem(error, problem)
    if problem.kind is INTERNAL:
        current_app.logger.error("internal error", exc_info=error)
    return problem_response(problem)
