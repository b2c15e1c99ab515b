"""Events as the page of the timeline shows them: by year, with their evidence, and as a picture."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from graph.description.fragment import at_text
from graph.landscape import Thing
from service.charts.lanes import Event
from service.charts.timeline import Timeline
from service.pages.dates import date_in_words
from service.resources.addresses import here_or_there
from service.served import served

#: One, and several, of a kind of events, in the order of their lanes.
KINDS: Mapping[str, tuple[str, str]] = {
    "regulatory-event": ("Regulatory event", "Regulatory events"),
    "launch": ("Launch", "Launches"),
    "deal": ("Deal", "Deals"),
    "clinical-result": ("Clinical result", "Clinical results"),
    "initiative": ("Initiative", "Initiatives"),
    "milestone": ("Milestone", "Milestones"),
}
ENDING, UNDATED = "ending", "undated"
_HEADINGS = {ENDING: "Only the last day is known", UNDATED: "No date"}
# A browser looks for a text as a whole; one that is long may be broken by markup on the page.
_LONGEST = 120
#: More events than these are no picture any more.
MOST = 300


@dataclass(frozen=True, slots=True)
class Row:
    """An event as one report tells it. `id` is the same in every release that has both.

    `name` says what exactly it is: a regulatory event by its own kind. `sentence` is in words of
    ours, `printed` are those of the report; `page` is that of the publisher, where it is known.
    """

    id: str
    href: str | None
    date: str
    iso: str
    precision: str
    kind: str
    name: str
    sentence: str
    concerned: tuple[tuple[str, str | None], ...]
    places: tuple[tuple[str, str | None], ...]
    report: str
    report_href: str | None
    sections: tuple[tuple[str, str | None], ...]
    printed: tuple[str, ...]
    page: str | None
    implied: str
    perhaps: bool
    iri: str


@dataclass(frozen=True, slots=True)
class Group:
    """The events that begin in one year, or those without a first day; `anchor` leads to them."""

    name: str
    anchor: str
    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How many events of a kind there are in each group, and in all."""

    kind: str
    title: str
    numbers: tuple[int, ...]
    total: int


def groups(rows: Sequence[Mapping[str, Any]]) -> list[Group]:
    """Return rows of the question `timeline` by the year of their first possible day, in order."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(group_of(row), []).append(row_of(row))
    return [
        Group(name, f"y-{name}", _HEADINGS.get(name, name), tuple(of)) for name, of in found.items()
    ]


def group_of(row: Mapping[str, Any]) -> str:
    """Return the year in which an event stands, or why it stands in none."""
    if row["earliest"]:
        return str(row["earliest"])[:4]
    return ENDING if row["latest"] else UNDATED


def counts(rows: Sequence[Mapping[str, Any]]) -> tuple[list[str], list[Count]]:
    """Return the groups that there are, and how many events each kind has in each.

    An event that several reports tell counts once in a group.
    """
    told = {(row["event"].iri, row["kind"], group_of(row)) for row in rows}
    numbers = Counter((kind, group) for _, kind, group in told)
    there = list(dict.fromkeys(map(group_of, rows)))
    found = [
        Count(
            kind,
            title,
            tuple(numbers[kind, group] for group in there),
            sum(numbers[kind, group] for group in there),
        )
        for kind, (_, title) in KINDS.items()
    ]
    return there, [one for one in found if one.total]


def heading(group: str) -> str:
    """Return what a group of rows is called."""
    return _HEADINGS.get(group, group)


def row_of(row: Mapping[str, Any]) -> Row:
    """Return an event as the page shows it."""
    report: Thing = row["report"]
    printed = tuple(row["printed"])
    slug = report.iri.rsplit("/", 1)[-1]
    form = row["date"] or ""
    return Row(
        iri=row["event"].iri,
        id=f"{row['event'].iri.rsplit('/', 1)[-1]}--{slug}",
        href=here_or_there(row["event"].iri),
        date=date_in_words(form) if form else "no date",
        iso=form,
        precision=(row["precision"] or "").lower(),
        kind=KINDS[row["kind"]][0],
        name=name_of(row),
        sentence=row["sentence"],
        concerned=_links(
            (*row["organisations"], *row["therapies"], *row["technologies"], *row["indications"])
        ),
        places=_links(row["places"]),
        report=report.label,
        report_href=here_or_there(report.iri),
        sections=_links(row["sections"]),
        printed=printed,
        page=_page(slug, printed),
        implied=", ".join(row["implied"]),
        perhaps=row["in_period"] is False,
    )


def name_of(row: Mapping[str, Any]) -> str:
    """Return what exactly an event is: its type where the report tells one, else its kind."""
    return row["type"] or KINDS[row["kind"]][0]


def conflicts(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the events that reports date differently, with what each of them says."""
    by_event: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_event.setdefault(row["event"].iri, []).append(row)
    return [
        (
            told[0]["event"].label,
            [
                {
                    "value": date_in_words(row["date"]) if row["date"] else "no date",
                    "report": row["report"].label,
                    "place": ", ".join(section.label for section in row["sections"]),
                    "href": here_or_there(row["event"].iri),
                }
                for row in told
            ],
        )
        for told in by_event.values()
        if len({row["date"] for row in told}) > 1
    ]


def picture(rows: Sequence[Mapping[str, Any]], title: str, note: str = "") -> Timeline:
    """Return the dated events as a picture: a lane for each kind, an event once for each date."""
    lanes: dict[str, dict[tuple[str, str | None], Event]] = {kind: {} for kind in KINDS}
    for row in rows:
        if row["earliest"] or row["latest"]:
            shown = row_of(row)
            lanes[row["kind"]].setdefault(
                (row["event"].iri, row["date"]),
                Event(
                    _subject(row),
                    f"{shown.date}: {shown.sentence}",
                    _day(row["earliest"]),
                    _day(row["latest"]),
                    f"#{shown.id}",
                ),
            )
    number = sum(map(len, lanes.values()))
    without = len({row["event"].iri for row in rows if group_of(row) == UNDATED})
    apart = f" {without} without a date are in the table alone." if without else ""
    return Timeline(
        title=title,
        about=f"{number} dated events by kind.{apart} The table below has all of them in words.",
        lanes=tuple(
            (KINDS[kind][1], tuple(events.values())) for kind, events in lanes.items() if events
        ),
        note=note,
    )


def offers(rows: Iterable[Mapping[str, Any]], *names: str) -> tuple[str, ...]:
    """Return the names of things in some columns, as suggestions for a field."""
    found = {thing.label for row in rows for name in names for thing in row[name]}
    return tuple(sorted(found, key=lambda label: (label.casefold(), label)))


def reports(rows: Iterable[Mapping[str, Any]]) -> list[Thing]:
    """Return the reports that tell events, by name."""
    found = {row["report"].iri: row["report"] for row in rows}
    return sorted(found.values(), key=lambda one: (one.label, one.iri))


def _subject(row: Mapping[str, Any]) -> str:
    """Few words that tell an event from others of its kind: what or who, and what happened."""
    things = (*row["therapies"], *row["technologies"], *row["organisations"], *row["places"])
    what = ""
    if row["kind"] in ("deal", "milestone"):
        things = (*row["organisations"], *things)
    elif row["kind"] == "initiative":
        things = (*row["places"], *things)
        what = str(row["sentence"]).partition(", in ")[0]
    if row["kind"] not in ("deal", "initiative", "launch"):
        what = row["type"] or ""
    return ": ".join(filter(None, (things[0].label if things else "", what))) or row["event"].label


def _links(things: Iterable[Thing]) -> tuple[tuple[str, str | None], ...]:
    return tuple(dict.fromkeys((thing.label, here_or_there(thing.iri)) for thing in things))


def _page(slug: str, printed: tuple[str, ...]) -> str | None:
    address = next((one.get("url") for one in served().sources if one.get("slug") == slug), None)
    told = (text for text in printed if len(text) <= _LONGEST)
    return at_text(str(address), max(told, key=len, default="")) if address else None


def _day(text: object) -> date | None:
    return date.fromisoformat(str(text)[:10]) if text else None
