"""Two to five entities side by side, each cell with its evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, render_template, request, url_for
from markupsafe import Markup

from graph.errors import GraphError
from graph.landscape import Answer, Asking, Evidence, Parameter
from graph.landscape.compare import COMPARE, Cells, compare
from graph.landscape.dated import Dated, dated
from graph.landscape.figures import Figure, figures
from graph.landscape.tellings import tellings
from graph.landscape.ties import LEVEL
from service.api.answering import having, steps_of
from service.api.lists import list_response
from service.api.paging import SHARED, split
from service.api.questions import after_rows, before_rows, links_of
from service.api.tables import Table
from service.bodies import Parameters, read_query_string
from service.charts.lanes import Lanes
from service.charts.timeline import Timeline, timeline_chart
from service.pages.compare_markets import Beside, markets_beside
from service.pages.compare_model import (
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
from service.pages.landscape_tellings import Told
from service.pages.saving import savable, saving
from service.querypage import for_people, keep_parameters
from service.resources.addresses import here_or_there
from service.served import served

FEWEST, MOST = 2, 5
ENTITIES = COMPARE.parameters[0]
IDS = Parameter("ids", "Entities", ENTITIES.doc, "entity", of=ENTITIES.of, many=True, default=())
OWN = (IDS, LEVEL)
#: What an empty page offers, where the release has all of it.
_EXAMPLES = (
    ("three companies", ("agent/novartis", "agent/gilead-sciences", "agent/bristol-myers-squibb")),
    ("two countries", ("place/brazil", "place/mexico")),
    (
        "two markets",
        (
            "market/global-cell-and-gene-therapy-market",
            "market/global-cellular-immunotherapy-market",
        ),
    ),
)


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
    markets: Beside | None = None


@savable
def compare_page() -> Response:
    """Entities side by side: a page for people, the same as data for programs."""
    keep_parameters({})
    if not for_people():
        return compare_data()
    try:
        read, _ = asked("compare", OWN, _read)
    except GraphError as error:
        return failed_page("compare.html", error, most=MOST)
    return make_response(render_template("compare.html", **_values(read)))


def compare_data() -> Response:
    """The same as JSON or CSV: what the question `compare` answers."""
    (answer, _), shared = asked("compare", OWN, answer_to)
    editions = "all" if "all" in shared.get("editions", ()) else "current"
    links = links_of(COMPARE, answer, {}, editions)["links"]  # type: ignore[arg-type]
    return list_response(
        Table.of(answer),
        of_list(shared),
        "compare",
        head=before_rows(COMPARE, answer),
        tail={**after_rows(answer), "links": links},
        notes=tuple(answer.notes),
    )


def asked(name: str, parameters: tuple[Parameter, ...], make: Any) -> tuple[Any, Parameters]:
    """Return what is made of the request, and what it says that every list takes."""
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


def of_list(shared: Parameters) -> dict[str, list[str]]:
    """Return what a request says of a list of data."""
    return {name: values for name, values in shared.items() if name != "editions"}


def state_of(asking: Asking, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of the address of what was chosen."""
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


def answer_to(asking: Asking, values: Mapping[str, Any]) -> tuple[Answer, Cells]:
    """Return what the question says of the chosen, and its cells."""
    return compare(asking, {"entities": values["ids"], "level": values["level"]})


def _read(asking: Asking, values: Mapping[str, Any]) -> Read:
    state = state_of(asking, values)
    if len(state["ids"]) < FEWEST:
        return Read(values, state)
    answer, cells = answer_to(asking, values)
    rows = {name: [row["value"].iri for row in answer.rows if row["aspect"] == name]
            for name in ("event", "figure")}  # fmt: skip
    return Read(
        *(values, state, answer, cells),
        when=dated(asking, rows["event"]),
        printed=figures(asking, rows["figure"]),
        items=told_of(asking, [one for of in cells.values() for one in of]) if saving() else (),
        markets=markets_beside(asking, answer.understood["entities"])
        if all(one.type == "market" for one in entities_of(answer))
        else None,
    )


def told_of(asking: Asking, evidence: Sequence[Evidence]) -> tuple[Told, ...]:
    """Return what is told behind some evidence, each telling once."""
    told = tellings(asking, facts_of(evidence))
    items = dict.fromkeys(one for fact in facts_of(evidence) for one in told.get(fact, ()))
    return tuple(Told(one) for one in items)


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
        # One is chosen, or none; what has no name is shown as in the address.
        hits = ((one, served().search.thing(one)) for one in read.state["ids"])
        values["chosen"] = [(hit.label if hit else one, url_for("compare")) for one, hit in hits]
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
        "behind": read.items,
        "markets": read.markets,
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


def _picture(lanes: Lanes, width: int, prefix: str) -> Markup:
    number = sum(len(of) for _, of in lanes)
    if not number:
        return Markup()
    names = ", ".join(name for name, _ in lanes)
    about = f"{number} dated events of {names}. The table has each with its date and its report."
    data = Timeline("Events on one axis of time", about, lanes)
    drawn = timeline_chart(data, width=width, standalone=False, prefix=prefix)
    return Markup(drawn)  # noqa: S704 - all text in it is escaped
