"""What happened and when: events by date, as a picture and as a table with evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from flask import Response, render_template, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from graph.landscape import Asking, InvalidParameter
from graph.landscape.time import TIMELINE
from service.api import views as api
from service.api.answering import answer_to, having, steps_of
from service.api.chart import CHART_PARAMETERS, svg_response
from service.api.lists import read_given
from service.api.paging import EDITIONS, OFFSET, TIMEOUT, read_parameters
from service.bodies import Parameters
from service.charts.timeline import Timeline, timeline_chart
from service.pages import timeline_model as model
from service.pages.fields import Field, Words, fields_of, page_given, refused_form, without_empty
from service.pages.frame import Footnote
from service.pages.saving import savable, saving
from service.querypage import for_people, keep_parameters
from service.served import served

_SHOWN = 200
_TITLE = "Timeline of events"
_OF_PICTURE = tuple(one for one in CHART_PARAMETERS if one.name in ("theme", "width"))
_OWN = (*TIMELINE.parameters, EDITIONS, OFFSET)
_WORDS = Words(
    labels={"therapy": "Therapy or type", "entity": "Of", "kind": "Kind"},
    hints={"from": "2024, 2024-06 or a day"},
)
_FIELDS = ("kind", "organisation", "place", "therapy", "from", "until", "report")


@savable
def timeline() -> AnyResponse | str:
    """Approvals, launches, deals, results, initiatives and milestones by date."""
    keep_parameters({})
    if not for_people():
        return timeline_data()
    if (there := without_empty()) is not None:
        return there
    given = page_given(_OWN)
    own = {name: values for name, values in given.items() if name not in ("offset", "editions")}
    shared = {name: values for name, values in given.items() if name == "editions"}
    everything = answer_to(TIMELINE, {}, steps_of(shared))
    try:
        offset = int(read_parameters(given, (OFFSET,))["offset"])
        answer = answer_to(TIMELINE, own, steps_of(shared)) if own else everything
    except InvalidParameter as error:
        return refused_form(
            "timeline.html",
            error,
            fields=_fields(given, everything.rows, error),
            order=_order(given),
        )
    rows = answer.rows
    fields = _fields(given, everything.rows)
    chosen = _chosen(own, fields)
    there_are, counted = model.counts(rows)
    part = rows if saving() else rows[offset : offset + _SHOWN]
    return render_template(
        "timeline.html",
        fields=fields,
        order=_order(given),
        asked={**own, **shared},
        shared=shared,
        groups=model.groups(part),
        conflicts=model.conflicts(rows),
        total=len(rows),
        offset=offset,
        headings=[(name, model.heading(name)) for name in there_are],
        counted=counted,
        charts=_charts(rows),
        most=model.MOST,
        pages=_pages(given, offset, len(rows), len(part)),
        notes=answer.notes,
        sparql=answer.sparql,
        chosen=chosen,
        footnote=_footnote(rows, chosen),
    )


def timeline_data() -> Response:
    """The same as JSON or CSV."""
    return api.asked(TIMELINE.name)


def timeline_svg() -> Response:
    """The events as a picture in a file of its own, with the same filters."""
    parameters = (*TIMELINE.parameters, *_OF_PICTURE)
    own, shared = read_given(parameters, (TIMEOUT, EDITIONS))
    drawn = partial(_drawn, given=own)
    return svg_response(having(TIMELINE.name, parameters, own, steps_of(shared), drawn), "timeline")


def _drawn(asking: Asking, arguments: Mapping[str, Any], given: Parameters) -> str:
    of_question = {one.name: arguments[one.name] for one in TIMELINE.parameters}
    rows = TIMELINE.run(asking, of_question).rows
    chosen = _chosen({name: given[name] for name in given if name in of_question}, {})
    note = " · ".join(_footnote(rows, chosen).parts())
    data = model.picture(rows, _TITLE, note)
    look = {"width": arguments["width"], "theme": arguments["theme"]}
    return timeline_chart(data, **look)


def _charts(rows: Sequence[Mapping[str, Any]]) -> tuple[Markup, Markup] | None:
    """The picture for wide and for narrow windows; None where there is nothing or too much."""
    data: Timeline = model.picture(rows, _TITLE)
    if not data.lanes or sum(len(events) for _, events in data.lanes) > model.MOST:
        return None
    wide, narrow = (
        # Made of numbers and of text that the chart escapes itself.
        Markup(timeline_chart(data, width=width, standalone=False, prefix=prefix))  # noqa: S704
        for width, prefix in ((1280, "timeline"), (360, "timeline-narrow"))
    )
    return wide, narrow


def _fields(
    given: Parameters, rows: Sequence[Mapping[str, Any]], error: InvalidParameter | None = None
) -> dict[str, Field]:
    fields = fields_of(TIMELINE.parameters, given, _WORDS, error)
    kinds = tuple((kind, several) for kind, (_, several) in model.KINDS.items())
    told = tuple((_short(one.iri), one.label) for one in model.reports(rows))
    written = fields["report"].value
    if written and written not in dict(told):
        told += ((written, written),)
    return fields | {
        "kind": replace(fields["kind"], options=(("", "All kinds"), *kinds)),
        "report": replace(fields["report"], options=(("", "All reports"), *told)),
        "organisation": replace(fields["organisation"], offers=model.offers(rows, "organisations")),
        "place": replace(fields["place"], offers=model.offers(rows, "places")),
        "therapy": replace(
            fields["therapy"], offers=model.offers(rows, "therapies", "therapy_types")
        ),
    }


def _order(given: Parameters) -> tuple[str, ...]:
    return ("entity", *_FIELDS) if "entity" in given else _FIELDS


def _chosen(own: Parameters, fields: Mapping[str, Field]) -> tuple[tuple[str, str], ...]:
    """What was chosen, in words, as pairs of label and values."""
    titles = {one.name: one.title for one in TIMELINE.parameters}
    found = []
    for name, values in own.items():
        options = dict(fields[name].options) if name in fields else {}
        words = [options.get(value) or _named(value) for value in values]
        found.append((_WORDS.labels.get(name, titles[name]), ", ".join(words)))
    return tuple(found)


def _short(iri: str) -> str:
    return iri.removeprefix(served().base).removeprefix("id/")


def _named(text: str) -> str:
    """The name of what is written as an address; other text as it is."""
    hit = served().search.thing(text) if "/" in text else None
    return hit.label if hit else text


def _pages(
    given: Parameters, offset: int, total: int, shown: int
) -> tuple[str, str | None, str | None]:
    def address(first: int) -> str:
        kept = {name: values for name, values in given.items() if name != "offset"}
        return url_for("timeline", **kept, **({"offset": first} if first else {}))  # type: ignore[arg-type]

    text = f"Rows {min(offset + 1, total):,} to {offset + shown:,} of {total:,}"
    former = address(max(0, offset - _SHOWN)) if offset else None
    return text, former, address(offset + _SHOWN) if offset + shown < total else None


def _footnote(rows: Sequence[Mapping[str, Any]], chosen: tuple[tuple[str, str], ...]) -> Footnote:
    sections = {section.iri for row in rows for section in row["sections"]}
    return Footnote(len(model.reports(rows)), len(sections) or None, chosen)
