"""The addresses of the service. Views are thin: read the request, one call, render."""

from collections.abc import Mapping

from flask import (
    Flask,
    Response,
    jsonify,
    make_response,
    render_template,
    request,
    url_for,
)
from werkzeug.routing import PathConverter
from werkzeug.wrappers import Response as AnyResponse

from graph.query import Formats, QueryError, QueueFull, Request
from service import store as graph_store
from service.api import views as api
from service.api.chart import forecast_chart
from service.api.network import network_graphml, network_json
from service.api.wording import in_words, latest_ask, suggestions
from service.assets import static_file
from service.catalogue.crawling import robots, sitemap, sitemap_part
from service.catalogue.views import catalog, examples, void
from service.description import description, description_response
from service.documents import document
from service.evaluation import ask, ask_logged, here, note, write
from service.exports.views import export_file, exports_page, graph_file
from service.following import follows
from service.headers import WRITE
from service.kinds import KINDS
from service.negotiation import names_graph
from service.pages.about import about
from service.pages.changes import changes, changes_atom, changes_json
from service.pages.compare import compare_data, compare_page
from service.pages.compare_evidence import compare_evidence, compare_evidence_data
from service.pages.data import data, data_json
from service.pages.explore import (
    explore,
    explore_csv,
    explore_graphml,
    explore_json,
    explore_svg,
)
from service.pages.home import home
from service.pages.landscape import landscape, landscape_data, landscape_svg
from service.pages.landscape_evidence import landscape_evidence, landscape_evidence_data
from service.pages.markets import market, market_chart, market_data, markets, markets_data
from service.pages.missing import offers_for
from service.pages.query.schema import schema
from service.pages.search import search_page
from service.pages.timeline import timeline, timeline_data, timeline_svg
from service.problems import Problem
from service.queries import end_query, queries
from service.querypage import (
    answered,
    asked_text,
    for_people,
    keep_parameters,
    kept_parameters,
    query_address,
    query_page,
)
from service.releases_pages import (
    release_bibtex,
    release_cff,
    release_current,
    release_diff,
    release_list,
    release_manifest,
    release_page,
)
from service.reporting.views import report_problem
from service.resources.graphs import graph
from service.resources.views import genid, source, thing
from service.results import JSON_RESULTS
from service.served import served
from service.sight import metrics_text
from service.sparql import (
    METHODS,
    choices_for,
    read_call,
    read_parameters,
    read_timeout,
    read_update,
)
from service.store import store, stored
from service.text import excerpt
from service.version import version
from service.vocabulary.views import ns, ns_context, ns_shapes, ns_version, schema_page

_READY_SECONDS = 2


class _Rest(PathConverter):
    """Whatever follows, with slashes side by side and at its beginning."""

    regex = ".+"
    part_isolating = False


def add_views(app: Flask) -> None:
    """Give the application its addresses."""
    app.url_map.merge_slashes = False  # an IRI in a path keeps its slashes
    app.url_map.converters["path"] = _Rest
    app.add_url_rule("/", view_func=index)
    app.add_url_rule("/sparql", view_func=sparql, methods=METHODS, strict_slashes=False)
    app.add_url_rule("/store", view_func=store, methods=graph_store.METHODS, strict_slashes=False)
    app.add_url_rule("/store/<path:name>", view_func=stored, methods=graph_store.METHODS)
    add_api(app)
    add_pages(app)
    app.add_url_rule("/exports/", view_func=exports_page, strict_slashes=False)
    app.add_url_rule("/exports/<release>/<name>", view_func=export_file)
    app.add_url_rule("/exports/<release>/graphs/<name>", view_func=graph_file)
    app.add_url_rule("/id/<kind>/<name>", view_func=thing)
    app.add_url_rule("/source/<name>", view_func=source)
    app.add_url_rule("/graph/<name>", view_func=graph)
    app.add_url_rule("/.well-known/genid/<path:label>", view_func=genid)
    app.add_url_rule("/description", view_func=description)
    add_catalogue(app)
    add_releases(app)
    app.add_url_rule("/docs/<name>", view_func=document)
    app.add_url_rule("/problems", view_func=problems)
    app.add_url_rule("/queries", view_func=queries)
    app.add_url_rule("/queries/<query_id>", view_func=end_query, methods=["DELETE"])
    app.add_url_rule("/health", view_func=health)
    app.add_url_rule("/ready", view_func=ready)
    app.add_url_rule("/metrics", view_func=metrics)
    app.add_url_rule("/static/<name>", view_func=static_file)


def add_pages(app: Flask) -> None:
    """Give the application the addresses of pages; `docs/pages.md` says how one is made."""
    app.add_url_rule("/query", view_func=query_address)
    app.add_url_rule("/query/schema.json", "query_schema", schema)
    app.add_url_rule("/data", view_func=data)
    app.add_url_rule("/data.json", view_func=data_json)
    app.add_url_rule("/schema", view_func=schema_page)
    app.add_url_rule("/changes", view_func=changes)
    app.add_url_rule("/changes.json", view_func=changes_json)
    app.add_url_rule("/changes.atom", view_func=changes_atom)
    app.add_url_rule("/about", view_func=about)
    app.add_url_rule("/search", view_func=search_page)
    app.add_url_rule("/report-a-problem", view_func=report_problem, methods=["GET", "POST"])
    app.add_url_rule("/search.json", "search_page_json", api.search)
    app.add_url_rule("/search.csv", "search_page_csv", api.search)
    app.add_url_rule("/timeline", view_func=timeline)
    app.add_url_rule("/timeline.json", "timeline_json", timeline_data)
    app.add_url_rule("/timeline.csv", "timeline_csv", timeline_data)
    app.add_url_rule("/timeline.svg", view_func=timeline_svg)
    app.add_url_rule("/markets", view_func=markets)
    app.add_url_rule("/markets.json", "markets_json", markets_data)
    app.add_url_rule("/markets.csv", "markets_csv", markets_data)
    app.add_url_rule("/markets/<slug>", view_func=market)
    app.add_url_rule("/markets/<slug>.json", "market_json", market_data)
    app.add_url_rule("/markets/<slug>.csv", "market_csv", market_data)
    app.add_url_rule("/markets/<slug>.svg", "market_svg", market_chart)
    app.add_url_rule("/explore", view_func=explore)
    app.add_url_rule("/explore.json", view_func=explore_json)
    app.add_url_rule("/explore.csv", view_func=explore_csv)
    app.add_url_rule("/explore.svg", view_func=explore_svg)
    app.add_url_rule("/explore.graphml", view_func=explore_graphml)
    app.add_url_rule("/landscape", view_func=landscape)
    app.add_url_rule("/landscape.json", "landscape_json", landscape_data)
    app.add_url_rule("/landscape.csv", "landscape_csv", landscape_data)
    app.add_url_rule("/landscape.svg", view_func=landscape_svg)
    app.add_url_rule("/landscape/evidence", view_func=landscape_evidence)
    app.add_url_rule("/landscape/evidence.json", "landscape_evidence_json", landscape_evidence_data)
    app.add_url_rule("/landscape/evidence.csv", "landscape_evidence_csv", landscape_evidence_data)
    app.add_url_rule("/compare", "compare", compare_page)
    app.add_url_rule("/compare.json", "compare_json", compare_data)
    app.add_url_rule("/compare.csv", "compare_csv", compare_data)
    app.add_url_rule("/compare/evidence", view_func=compare_evidence)
    app.add_url_rule("/compare/evidence.json", "compare_evidence_json", compare_evidence_data)
    app.add_url_rule("/compare/evidence.csv", "compare_evidence_csv", compare_evidence_data)


def add_releases(app: Flask) -> None:
    """Give the application the addresses of releases."""
    app.add_url_rule("/releases", view_func=release_list, strict_slashes=False)
    app.add_url_rule("/releases/current.json", view_func=release_current)
    app.add_url_rule("/releases/<name>", view_func=release_page)
    app.add_url_rule("/releases/<name>/manifest.json", view_func=release_manifest)
    app.add_url_rule("/releases/<name>/CITATION.cff", view_func=release_cff)
    app.add_url_rule("/releases/<name>/citation.bib", view_func=release_bibtex)
    app.add_url_rule("/releases/<before>/diff/<after>", view_func=release_diff)


def add_catalogue(app: Flask) -> None:
    """Give the application the addresses of the vocabulary and the catalogue."""
    app.add_url_rule("/ns", view_func=ns)
    app.add_url_rule("/ns.<suffix>", view_func=ns)
    app.add_url_rule("/ns/<name>", view_func=ns_version)
    app.add_url_rule("/ns/context.jsonld", view_func=ns_context)
    app.add_url_rule("/ns/shapes.ttl", view_func=ns_shapes)
    app.add_url_rule("/catalog", view_func=catalog)
    app.add_url_rule("/catalog.<suffix>", view_func=catalog)
    app.add_url_rule("/.well-known/void", view_func=void)
    app.add_url_rule("/.well-known/void.<suffix>", view_func=void)
    app.add_url_rule("/examples", view_func=examples)
    app.add_url_rule("/examples.<suffix>", view_func=examples)
    app.add_url_rule("/sitemap.xml", view_func=sitemap)
    app.add_url_rule("/sitemap-<int:part>.xml", view_func=sitemap_part)
    app.add_url_rule("/robots.txt", view_func=robots)


def add_api(app: Flask) -> None:
    """Give the application the addresses of the API."""
    app.add_url_rule("/api/", view_func=api.latest, strict_slashes=False)
    app.add_url_rule("/api/ask", view_func=latest_ask)
    app.add_url_rule("/api/v1/", view_func=api.api, strict_slashes=False)
    app.add_url_rule("/api/v1/openapi.json", view_func=api.openapi_document)
    app.add_url_rule("/api/v1/questions", view_func=api.questions)
    app.add_url_rule("/api/v1/questions.csv", "questions_csv", api.questions)
    app.add_url_rule("/api/v1/questions/<name>", view_func=api.asked)
    app.add_url_rule("/api/v1/questions/<name>.csv", "asked_csv", api.asked)
    app.add_url_rule("/api/v1/questions/forecast.svg", view_func=forecast_chart)
    app.add_url_rule("/api/v1/search", view_func=api.search)
    app.add_url_rule("/api/v1/search.csv", "search_csv", api.search)
    app.add_url_rule("/api/v1/suggest", "suggest", suggestions)
    app.add_url_rule("/api/v1/suggest.csv", "suggest_csv", suggestions)
    app.add_url_rule("/api/v1/ask", view_func=in_words)
    app.add_url_rule("/api/v1/things/<kind>/<slug>/network.json", view_func=network_json)
    app.add_url_rule("/api/v1/things/<kind>/<slug>/network.graphml", view_func=network_graphml)


def index() -> AnyResponse | str:
    """What this is, how much is in it, and where to begin; the catalogue for programs."""
    if names_graph(request.headers.get("Accept")) and not for_people():
        response = catalog()
        response.headers["Content-Location"] = url_for("catalog")
        return response
    return home()


def sparql() -> Response:
    """The endpoint of the SPARQL 1.1 Protocol; for people, a page with the query and its result."""
    parameters = keep_parameters(read_parameters(request, served().settings.max_body_bytes))
    if "update" in parameters:
        return _update()
    if "query" not in parameters and request.method != "POST":
        if for_people():
            here().storable = True
            return query_page()
        choice = choices_for(request, parameters)[0]["graph"]
        if choice is not None and not parameters.keys() - {"format"}:
            return description_response(choice)
    call = read_call(request, parameters, served().base)
    return answered(call, ask_logged(call.request, call.seconds), parameters)


def health() -> Response:
    """Whether the service and its engine answer, with which release, on what; 200 either way."""
    release = served().release
    access = served().access
    engine = _engine_status()
    response = jsonify(
        status="unavailable" if "problem" in engine else "ok",
        release=release.id,
        counts={name: served().counts[name] for name in ("statements", "triples")},
        sources=[source.get("slug") for source in served().sources],
        base=served().base,
        default_graph=served().settings.default_graph,
        writes="read-only" if access.read_only else "on" if served().writable else "off",
        version=version(),
        versions=release.manifest.get("versions", {}),
        platform=list(served().platform_notes),
        engine=engine,
        follows=follows(served().settings, release),
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def ready() -> Response:
    """Whether queries are answered now: 200, or 503 while they are not."""
    state = "ready"
    try:
        ask(Request("ASK {}", Formats(JSON_RESULTS, None)), _READY_SECONDS)
    except QueueFull:
        state = "busy"
    except QueryError as error:
        here().log["problem"] = type(error).__name__
        state = "unavailable"
    response = jsonify(status=state)
    response.status_code = 503 if state == "unavailable" else 200
    response.headers["Cache-Control"] = "no-store"
    return response


def metrics() -> Response:
    """Counts and times for Prometheus."""
    body, kind = metrics_text()
    response = Response(body, content_type=kind)
    response.headers["Cache-Control"] = "no-store"
    return response


def problems() -> str:
    """Every type of problem, and what to do about it."""
    return render_template("problems.html", kinds=KINDS)


def problem_response(problem: Problem) -> Response:
    """Return a problem: a page for people, `application/problem+json` for programs."""
    if not for_people():
        response = jsonify(problem.as_dict())
        response.content_type = "application/problem+json"
    elif request.endpoint == "sparql" and "update" not in kept_parameters():
        response = query_page(problem=problem)
    else:
        lines = excerpt(asked_text(), *problem.place)
        page = render_template(
            "problem.html", problem=problem, excerpt=lines, offers=offers_for(problem)
        )
        response = make_response(page)
    response.status_code = problem.kind.status
    response.headers.extend(problem.headers)
    return response


def _update() -> Response:
    parameters = kept_parameters()
    update = read_update(parameters, served().base)
    note("update", update.text)
    author = served().access.writer(request.authorization)
    written = write(update, author, read_timeout(parameters))
    if for_people():
        response = make_response(render_template("written.html", written=written))
    else:
        response = Response(status=204)
    response.headers[WRITE] = str(written.number)
    return response


def _engine_status() -> Mapping[str, object]:
    """What the engine says of itself, which is nothing where it is a part of this process."""
    control = served().control
    try:
        return control.status() if control else {}
    except QueryError as error:
        return {"problem": str(error)}
