"""Two to five entities side by side, each cell with its evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, render_template, request, url_for
from markupsafe import Markup

from graph.description.fragment import at_text
from graph.errors import GraphError
from graph.landscape import Answer, Asking, Column, Parameter
from graph.landscape.compare import COMPARE, Cells, compare
from graph.landscape.dated import Dated, dated
from graph.landscape.figures import Figure, figures
from graph.landscape.tellings import Telling, tellings
from graph.landscape.ties import LEVEL
from service.api.answering import having, steps_of
from service.api.lists import list_response
from service.api.paging import SHARED, split
from service.api.questions import after_rows, before_rows, links_of
from service.api.tables import Table
from service.bodies import Parameters, read_query_string
from service.charts.events import Event, events_chart
from service.pages.compare_model import (
    TITLES,
    conflicts_of,
    dates_of,
    entities_of,
    lanes_of,
    sections_of,
)
from service.pages.failing import failed_page
from service.pages.frame import Footnote
from service.pages.landscape_choices import short_name
from service.pages.landscape_model import facts_of
from service.pages.landscape_model import sections_of as count_sections
from service.querypage import for_people, keep_parameters
from service.resources.addresses import here_or_there
from service.served import served

FEWEST, MOST = 2, 5
_ENTITIES = COMPARE.parameters[0]
IDS = Parameter("ids", "Entities", _ENTITIES.doc, "entity", of=_ENTITIES.of, many=True, default=())
_OWN = (IDS, LEVEL)
_BEHIND = (
    *_OWN,
    Parameter("aspect", "Aspect", "Of which rows.", "choice", choices=tuple(TITLES)),
    # Events and figures have no names to be found by: these are the ends of their IRIs, compared.
    Parameter("value", "What", "In which row, as `kind/slug`.", "text"),
    Parameter("of", "Of", "Of which entity.", "entity", of=_ENTITIES.of),
)
_COLUMNS = (
    Column("claim", "Claim", "thing", "What is told, and the claim that tells it."),
    Column("report", "Report", "thing", "The report that tells it."),
    Column("section", "Section", "text", "The section of the report."),
    Column("line", "Line", "integer", "The line of the section; 0 is its heading."),
    Column("manner", "Manner", "text", "Stated, estimated, projected, opinion …"),
    Column("printed", "As printed", "texts", "Words of the report."),
    Column("publisher_page", "Publisher's page", "text", "Where the publisher has it, if known."),
)


#: What an empty page offers, where the release has all of it.
_EXAMPLES = (
    ("three companies", ("agent/novartis", "agent/gilead-sciences", "agent/bristol-myers-squibb")),
    ("two countries", ("place/brazil", "place/mexico")),
)


@dataclass(frozen=True, slots=True)
class Told:
    """One telling as a page shows it."""

    telling: Telling
    evidence: None = None
    why: None = None

    @property
    def href(self) -> str | None:
        """Where the claim is opened."""
        return here_or_there(self.telling.claim.iri)

    @property
    def publisher(self) -> str | None:
        """The page of the publisher at these words; None where its address is not known."""
        return at_text(self.telling.address, max(self.telling.printed, key=len, default=""))

    @property
    def row(self) -> dict[str, Any]:
        """The telling as data."""
        told = self.telling
        shared = {name: getattr(told, name) for name in ("claim", "report", "section", "line")}
        page = self.publisher or ""
        return {**shared, "manner": told.manner, "printed": told.printed, "publisher_page": page}


@dataclass(frozen=True, slots=True)
class Read:
    """A request as it was read; `answer` is None where there are fewer than two entities."""

    values: Mapping[str, Any]
    state: Mapping[str, Any]
    answer: Answer | None = None
    cells: Cells | None = None
    when: Sequence[Dated] = ()
    printed: Mapping[str, Figure] | None = None
    items: tuple[Told, ...] = ()


def compare_page() -> Response:
    """Entities side by side: a page for people, the same as data for programs."""
    keep_parameters({})
    if not for_people():
        return compare_data()
    try:
        read, _ = _asked("compare", _OWN, _read)
    except GraphError as error:
        return failed_page("compare.html", error, most=MOST)
    return make_response(render_template("compare.html", **_values(read)))


def compare_data() -> Response:
    """The same as JSON or CSV: what the question `compare` answers."""
    (answer, _), shared = _asked("compare", _OWN, _answer)
    editions = "all" if "all" in shared.get("editions", ()) else "current"
    links = links_of(COMPARE, answer, {}, editions)["links"]  # type: ignore[arg-type]
    return list_response(
        Table.of(answer),
        _of_list(shared),
        "compare",
        head=before_rows(COMPARE, answer),
        tail={**after_rows(answer), "links": links},
        notes=tuple(answer.notes),
    )


def compare_evidence() -> Response:
    """The evidence behind a cell: a page for people, data for programs."""
    keep_parameters({})
    if not for_people():
        return compare_evidence_data()
    try:
        read, _ = _asked("compare-evidence", _BEHIND, _behind)
    except GraphError as error:
        return failed_page("compare_evidence.html", error)
    assert read.answer is not None
    things = [*(row["value"] for row in read.answer.rows), *entities_of(read.answer)]
    names = {short_name(one.iri): one.label for one in things}
    parts = [names.get(read.state.get(name, ""), "") for name in ("of", "value")]
    return make_response(
        render_template(
            "compare_evidence.html",
            failure=None,
            items=read.items,
            title=", ".join(filter(None, parts)) or "Evidence",
            back=url_for("compare", **_only(read.state, "ids", "level")),
            state=read.state,
            footnote=Footnote(
                reports=len({item.telling.report.iri for item in read.items}),
                sections=len({(i.telling.report.iri, i.telling.section) for i in read.items}),
            ),
        )
    )


def compare_evidence_data() -> Response:
    """The same as JSON or CSV."""
    read, shared = _asked("compare-evidence", _BEHIND, _behind)
    assert read.answer is not None
    return list_response(
        Table(_COLUMNS, [item.row for item in read.items]),
        _of_list(shared),
        "compare-evidence",
        head={"understood": read.values},
        tail={"completeness": read.answer.completeness, "notes": read.answer.notes},
    )


def _asked(name: str, parameters: tuple[Parameter, ...], make: Any) -> tuple[Any, Parameters]:
    given = keep_parameters(_filled(read_query_string(request)))
    own, shared = split(given, parameters, SHARED)
    return having(name, parameters, own, steps_of(shared), make), shared


def _filled(given: Parameters) -> dict[str, list[str]]:
    """Parameters without empty fields; slugs in one value, with commas between, are several."""
    kept = {name: [value for value in values if value.strip()] for name, values in given.items()}
    if ids := kept.get("ids"):
        kept["ids"] = [part for value in ids for part in _parts(value)]
    return {name: values for name, values in kept.items() if values}


def _parts(value: str) -> list[str]:
    parts = [part.strip() for part in value.split(",")]
    return parts if all("/" in part and " " not in part for part in parts) else [value]


def _of_list(shared: Parameters) -> dict[str, list[str]]:
    return {name: values for name, values in shared.items() if name != "editions"}


def _only(state: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: state[name] for name in (*names, "editions") if name in state}


def _state(asking: Asking, values: Mapping[str, Any]) -> dict[str, Any]:
    state: dict[str, Any] = {"ids": [short_name(iri) for iri in dict.fromkeys(values["ids"])]}
    if values.get("of"):
        state["of"] = short_name(values["of"])
    if values.get("value"):
        state["value"] = values["value"]
    if values.get("aspect"):
        state["aspect"] = values["aspect"]
    if values["level"] != LEVEL.default:
        state["level"] = values["level"]
    return state | ({"editions": "all"} if asking.editions == "all" else {})


def _answer(asking: Asking, values: Mapping[str, Any]) -> tuple[Answer, Cells]:
    return compare(asking, {"entities": values["ids"], "level": values["level"]})


def _read(asking: Asking, values: Mapping[str, Any]) -> Read:
    state = _state(asking, values)
    if len(state["ids"]) < FEWEST:
        return Read(values, state)
    answer, cells = _answer(asking, values)
    rows = {name: [row["value"].iri for row in answer.rows if row["aspect"] == name]
            for name in ("event", "figure")}  # fmt: skip
    return Read(
        *(values, state, answer, cells),
        when=dated(asking, rows["event"]),
        printed=figures(asking, rows["figure"]),
    )


def _behind(asking: Asking, values: Mapping[str, Any]) -> Read:
    answer, cells = _answer(asking, values)
    wanted = (values["aspect"], values["value"], values["of"] and short_name(values["of"]))
    evidence = [
        one
        for (aspect, value, entity), of in cells.items()
        if all(
            wish in (None, had)
            for wish, had in zip(
                wanted, (aspect, short_name(value), short_name(entity)), strict=True
            )
        )
        for one in of
    ]
    told = tellings(asking, facts_of(evidence))
    items = dict.fromkeys(one for fact in facts_of(evidence) for one in told.get(fact, ()))
    found = tuple(Told(one) for one in items)
    return Read(values, _state(asking, values), answer, cells, items=found)


def _values(read: Read) -> dict[str, Any]:
    """Return what the template is given."""
    values: dict[str, Any] = {
        "failure": None,
        "state": read.state,
        "level": read.values["level"],
        "answer": read.answer,
        "most": MOST,
        "chosen": [],
    }
    if read.answer is None or read.cells is None:
        # One is chosen, or none: it is shown by its name in the address.
        values["chosen"] = [(one, url_for("compare")) for one in read.state["ids"]]
        values["examples"] = [
            (text, url_for("compare", ids=list(ids)))
            for text, ids in _EXAMPLES
            if all(served().search.thing(one) for one in ids)
        ]
        return values
    sections = sections_of(read.answer, read.cells, read.printed or {}, read.state)
    entities = entities_of(read.answer)
    lanes = lanes_of(read.answer, read.cells, read.when)
    links = links_of(COMPARE, read.answer, {}, "current")["links"]
    evidence = [one for of in read.cells.values() for one in of]
    return values | {
        "chosen": [(one.label, _without(read.state, one.iri)) for one in entities],
        "entities": [(one.label, here_or_there(one.iri)) for one in entities],
        "sections": sections,
        "wide": _picture(lanes, 1160, "wide"),
        "narrow": _picture(lanes, 360, "narrow"),
        "dates": dates_of(read.when),
        "conflicts": conflicts_of(read.when),
        "query": links.get("sparql", ""),
        "footnote": Footnote(
            reports=len(read.answer.completeness),
            sections=count_sections(evidence),
            filters=(("Compared", ", ".join(one.label for one in entities)),),
        ),
    }


def _without(state: Mapping[str, Any], iri: str) -> str:
    kept = [one for one in state["ids"] if one != short_name(iri)]
    return url_for("compare", **{**state, "ids": kept})


def _picture(lanes: list[tuple[str, list[Event]]], width: int, prefix: str) -> Markup:
    names = ", ".join(name for name, _ in lanes)
    number = sum(len(of) for _, of in lanes)
    about = f"{number} dated events of {names}. The table has each with its date and its report."
    drawn = events_chart("Events on one axis of time", about, lanes, width, prefix)
    return Markup(drawn)  # noqa: S704 - all text in it is escaped
