"""Every page of the service, over the data of `tests.browser.history`.

A page is one address. A test that holds for every page takes `PAGES`; `test_every_page.py` makes
sure that no address, no template and no kind of thing is missing here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from service.documents import documents
from service.pages.entity.kinds import _BY_CLASS
from tests.browser.history import ODD, SERIES, SKOLEM, WITHDRAWN

_ALIKE = ("audit", "charts", "exports", "forecasts", "glossary", "links", "pages", "releases")
#: Pages for which others stand: of the same templates and macros, with other words and numbers.
_REPEATED = frozenset(
    "landscape-wide landscape-refused landscape-evidence-refused explore-lanes-around "
    "explore-network compare-evidence-refused timeline-filtered timeline-refused markets-refused "
    "market-scenario market-unknown thing-Organisation thing-Place thing-Launch thing-Deal "
    "thing-ClinicalResult thing-Initiative thing-QualityNote thing-Finding thing-Remainder "
    "thing-CalibrationResult thing-Concept thing-indication query-led query-table query-yes "
    "query-timeout query-over-budget schema api-led report source-unknown release-unknown "
    "document-adding-a-source document-api document-service document-unknown "
    "landscape-empty explore-refused compare-refused timeline-empty market-reference market-small "
    "thing-Person thing-Technology thing-Milestone thing-Activity thing-series thing-Segment "
    "thing-Rule thing-place-known-best thing-inverse thing-of-no-class query-nothing search-begin "
    "search-nothing source-of-figures document-query-patterns".split()
)
MARKET = "latin-america-cell-and-gene-therapy-market"
COMPANIES = ("agent/novartis", "agent/gilead-sciences", "agent/bristol-myers-squibb")
REPORTED = {"about": "https://w3id.org/therascape/id/agent/novartis", "wrong": "It is spelt so."}

_NAMES = "SELECT ?s ?name { ?s a kg:Therapy ; rdfs:label ?name } ORDER BY ?name"
_FIGURES = """SELECT ?s ?year ?v {
  ?s a kg:MarketFigure ; sdmx-dimension:refPeriod ?year ; kg:value ?v }
ORDER BY ?s ?year LIMIT 40"""
_TIES = "CONSTRUCT { ?a kg:relatedTo ?b } WHERE { ?a kg:activeIn ?b } ORDER BY ?a ?b LIMIT 30"
LONG = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c < ?i) }"
_TEN = "BIND(CONCAT(?{0},?{0},?{0},?{0},?{0},?{0},?{0},?{0},?{0},?{0}) AS ?{1})"
LARGE = "SELECT ?f {{ VALUES ?a {{ '1234567890' }} {} ?s a kg:Organisation }}".format(
    " ".join(_TEN.format(*pair) for pair in ("ab", "bc", "cd", "de", "ef"))
)
"""Answered with a megabyte for each organisation: more than may be sent."""


@dataclass(frozen=True, slots=True)
class Page:
    """An address, by a name of its own; `endpoint` is what answers there, with `status`.

    `{current}`, `{former}` and `{kg:Class}` in the address stand for the ids of the releases and
    for the first thing of a class. A page with a `form` is what answers when that is sent. `needs`
    names what of it needs scripts: the `editor` or the `network`.
    """

    name: str
    address: str
    endpoint: str
    status: int = 200
    needs: str = ""
    form: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name


def _query(query: str, **more: str) -> str:
    return "/sparql?" + "&".join(
        f"{name}={quote(value)}" for name, value in {"query": query, **more}.items()
    )


def _things() -> Iterator[Page]:
    """A thing of each class that is shown in a way of its own."""
    for name in _BY_CLASS:
        if name != "schema:CreativeWorkSeries":  # that of the reports is made here
            yield Page(f"thing-{name.partition(':')[2]}", f"{{{name}}}", "thing")
    yield Page("thing-series", f"/{SERIES}", "thing")
    yield Page("thing-therapy-type", "/id/concept/car-t-cell-therapy", "thing")
    yield Page("thing-indication", "/id/concept/cancer", "thing")
    yield Page("thing-known-best", "/id/agent/novartis", "thing")
    yield Page("thing-place-known-best", "/id/place/united-states", "thing")
    yield Page("thing-of-no-class", f"/{ODD}", "thing")
    yield Page("thing-inverse", "/id/place/united-states?inverse=kg:place", "thing")
    yield Page("thing-nearly", "/id/agent/novarti", "thing", 404)
    yield Page("thing-withdrawn", f"/{WITHDRAWN}", "thing", 410)
    yield Page("skolem", f"/{SKOLEM}", "genid")


def _analyses() -> Iterator[Page]:
    """Home and what is asked with filters."""
    yield Page("home", "/", "index")
    yield Page("landscape", "/landscape", "landscape")
    chosen = "show=any-tie&rows=group&cols=m49&sort=name"
    yield Page("landscape-filtered", f"/landscape?{chosen}", "landscape")
    yield Page("landscape-wide", "/landscape?show=any-tie", "landscape")
    yield Page("landscape-empty", "/landscape?until=1900&show=commercial", "landscape")
    yield Page("landscape-refused", "/landscape?show=nope", "landscape", 400)
    yield Page("landscape-nearly", "/landscape?therapy=Kymria", "landscape", 404)
    of_one = "player=agent/terumo-bct&at=place/brazil"
    yield Page("landscape-evidence", f"/landscape/evidence?{of_one}", "landscape_evidence")
    refused = "/landscape/evidence?player=Nobody+Here"
    yield Page("landscape-evidence-refused", refused, "landscape_evidence", 404)
    yield Page("explore-lanes", "/explore", "explore")
    yield Page("explore-lanes-around", "/explore?focus=therapy/yescarta", "explore")
    yield Page("explore-table", "/explore?view=table", "explore")
    yield Page("explore-network-begin", "/explore?view=network", "explore")
    around = "/explore?view=network&focus=agent/novartis"
    yield Page("explore-network", around, "explore", needs="network")
    more = f"{around}&hops=2&facts=true&open=place/united-states"
    yield Page("explore-network-more", more, "explore", needs="network")
    yield Page("explore-refused", "/explore?focus=nonsense", "explore", 404)
    ids = "&".join(f"ids={one}" for one in COMPANIES)
    yield Page("compare-begin", "/compare", "compare")
    yield Page("compare", f"/compare?{ids}", "compare")
    yield Page("compare-refused", "/compare?ids=Novarti&ids=agent/gilead-sciences", "compare", 404)
    cell = f"/compare/evidence?{ids}&aspect=place&value=place/united-states&of={COMPANIES[0]}"
    yield Page("compare-evidence", cell, "compare_evidence")
    yield Page(
        "compare-evidence-refused",
        f"/compare/evidence?{ids}&of=agent/nobody",
        "compare_evidence",
        404,
    )
    yield Page("timeline", "/timeline", "timeline")
    yield Page("timeline-filtered", "/timeline?kind=launch&from=2024", "timeline")
    yield Page("timeline-empty", "/timeline?until=1900&kind=launch", "timeline")
    yield Page("timeline-refused", "/timeline?kind=nope", "timeline", 400)
    yield Page("markets", "/markets", "markets")
    yield Page("markets-refused", "/markets?year=x", "markets", 400)
    yield Page("market", f"/markets/{MARKET}", "market")
    yield Page("market-scenario", f"/markets/{MARKET}?damping=0.9&cap=20", "market")
    yield Page("market-reference", f"/markets/{MARKET}?model=R0", "market")
    yield Page("market-small", "/markets/brazil-pharmaceutical-3pl-market", "market")
    yield Page("market-unknown", "/markets/nope", "market", 404)
    yield Page("market-older", f"/markets/{MARKET}?release={{former}}", "market")


def _queries() -> Iterator[Page]:
    """The query page in each of its states."""
    yield Page("query", "/sparql", "sparql", needs="editor")
    yield Page("query-led", "/query", "query_address", needs="editor")
    yield Page("query-table", _query(_NAMES), "sparql", needs="editor")
    yield Page("query-cut", _query("SELECT * { ?s ?p ?o }"), "sparql", needs="editor")
    yield Page("query-matrix", _query(_FIGURES, view="matrix"), "sparql", needs="editor")
    yield Page("query-chart", _query(_FIGURES, view="chart"), "sparql", needs="editor")
    yield Page("query-network", _query(_TIES, view="network"), "sparql", needs="editor")
    yield Page("query-raw", _query(_NAMES, view="raw"), "sparql", needs="editor")
    yield Page("query-yes", _query("ASK {}"), "sparql", needs="editor")
    yield Page("query-nothing", _query("SELECT ?s { ?s a <urn:none> }"), "sparql", needs="editor")
    yield Page("query-wrong", _query("SELECT * {\n  ?s <b> }"), "sparql", 400, needs="editor")
    yield Page("query-timeout", _query(LONG, timeout="0.2"), "sparql", 504, needs="editor")
    yield Page("query-over-budget", _query(LARGE), "sparql", 507, needs="editor")


def _services() -> Iterator[Page]:
    """Data, documents, and what is about the service."""
    yield Page("search-begin", "/search", "search_page")
    yield Page("search", "/search?q=novartis", "search_page")
    yield Page("search-nothing", "/search?q=zzzzqqqq", "search_page")
    yield Page("source", "/source/towards-latin-america-cell-gene-therapy", "source")
    yield Page("source-of-figures", "/source/reanin-cellular-immunotherapy", "source")
    yield Page("source-unknown", "/source/nope", "source", 404)
    yield Page("graph", "/graph/towards-latin-america-cell-gene-therapy", "graph")
    yield Page("vocabulary", "/ns", "ns")
    yield Page("schema", "/schema", "schema_page")
    yield Page("data", "/data", "data")
    yield Page("catalogue", "/catalog", "catalog")
    yield Page("void", "/.well-known/void", "void")
    yield Page("exports", "/exports/", "exports_page")
    yield Page("releases", "/releases", "release_list")
    yield Page("release", "/releases/{current}", "release_page")
    yield Page("release-unknown", f"/releases/{'0' * 12}", "release_page", 404)
    yield Page("release-diff", "/releases/{former}/diff/{current}", "release_diff")
    yield Page("changes", "/changes", "changes")
    yield Page("about", "/about", "about")
    yield Page("problems", "/problems", "problems")
    yield Page("examples", "/examples", "examples")
    yield Page("description", "/description", "description")
    yield Page("api", "/api/v1/", "api")
    yield Page("api-led", "/api/", "latest")
    yield Page("report", "/report-a-problem", "report_problem")
    about = f"/report-a-problem?about={quote(REPORTED['about'], safe='')}"
    yield Page("report-about", about, "report_problem")
    yield Page("report-kept", about, "report_problem", 201, form=REPORTED)
    yield Page("report-refused", about, "report_problem", 400, form={**REPORTED, "wrong": ""})
    for name in documents():
        yield Page(f"document-{name}", f"/docs/{name}", "document")
    yield Page("document-unknown", "/docs/nonsense", "document", 404)
    yield Page("nothing-there", "/nope", "", 404)


PAGES: tuple[Page, ...] = (*_analyses(), *_things(), *_queries(), *_services())
OPENED: tuple[Page, ...] = tuple(one for one in PAGES if not one.form)
"""Those that have an address to open."""
LOOKED_AT: tuple[Page, ...] = tuple(
    one for one in OPENED if one.endpoint != "document" or not one.name.endswith(_ALIKE)
)
"""Those that are to be looked at: of documents, which are all made alike, some."""
SAMPLED: tuple[Page, ...] = tuple(one for one in LOOKED_AT if one.name not in _REPEATED)
"""Of these, those that no other stands for."""
SAVED: tuple[Page, ...] = tuple(
    Page(
        f"saved-{one.name}",
        f"{one.address}{'&' if '?' in one.address else '?'}download=html",
        one.endpoint,
    )
    for one in PAGES
    if one.name
    in (
        "home",
        "landscape",
        "landscape-evidence",
        "explore-lanes",
        "explore-network",
        "compare",
        "timeline",
        "markets",
        "market",
        "thing-known-best",
        "thing-Claim",
        "source",
    )
)
"""Those as files that open by themselves."""
