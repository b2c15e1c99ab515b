"""The timeline: what is on the page is what the question says, and no date is made more precise."""

import xml.etree.ElementTree as ET
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.charts.lanes import Event
from service.charts.timeline import Timeline, timeline_chart
from service.pages.dates import date_in_words
from tests.service.pages.shipped import BROWSER, page

SVG = "{http://www.w3.org/2000/svg}"


def asked(client: FlaskClient, **given: str) -> list[dict[str, Any]]:
    query = {"limit": "1000", **given}
    rows: list[dict[str, Any]] = client.get(
        "/api/v1/questions/timeline", query_string=query
    ).get_json()["rows"]
    return rows


def anchor(row: dict[str, Any]) -> str:
    return "--".join(row[name]["iri"].rsplit("/", 1)[-1] for name in ("event", "report"))


FILTERS: list[dict[str, str]] = [
    {},
    {"kind": "launch"},
    {"place": "Brazil"},
    {"organisation": "Terumo BCT"},
    {"therapy": "CAR T-cell therapy"},
    {"from": "2025", "until": "2025-06"},
    {"report": "source/towards-latin-america-cell-gene-therapy"},
    {"entity": "Brazil", "kind": "initiative"},
]


@pytest.mark.parametrize("given", FILTERS, ids=str)
def test_the_page_has_the_rows_of_the_question(shipped: FlaskClient, given: dict[str, str]) -> None:
    response = shipped.get("/timeline", query_string=given, headers=BROWSER)
    shown = page(shipped, response.request.full_path.rstrip("?"))
    rows = asked(shipped, **given)
    assert rows
    ids = [of["id"] for name, of in shown.tags if name == "tr" and "id" in of]
    assert ids == [anchor(row) for row in rows]
    assert shown.is_safe
    for row in rows:
        assert " ".join(row["sentence"].split()) in shown.text
        assert any(href.endswith(row["event"]["iri"].rsplit("/", 1)[-1]) for href, _ in shown.links)
        for section in row["sections"]:
            assert section["label"] in shown.text
    assert f"{len(rows)} {'row' if len(rows) == 1 else 'rows'}" in shown.text


def test_events_stand_in_the_year_of_their_first_day(shipped: FlaskClient) -> None:
    shown = page(shipped, "/timeline")
    group, found = "", dict[str, list[str]]()
    heads = {of["id"]: of["id"] for name, of in shown.tags if name == "th" and "id" in of}
    for name, of in shown.tags:
        if name == "th" and of.get("id") in heads:
            group = str(of["id"])
        if name == "tr" and "id" in of:
            found.setdefault(group, []).append(str(of["id"]))
    for row in asked(shipped):
        year = row["earliest"][:4] if row["earliest"] else "ending" if row["latest"] else "undated"
        assert anchor(row) in found[f"y-{year}"]
    assert list(found)[-2:] == ["y-ending", "y-undated"]
    assert len(found["y-undated"]) > 10


def test_the_page_of_the_publisher_is_there_where_it_is_known(shipped: FlaskClient) -> None:
    shown = page(shipped, "/timeline?kind=launch")
    links = [href for href, text in shown.links if text.startswith("Publisher’s page")]  # noqa: RUF001
    assert 0 < len(links) <= len(asked(shipped, kind="launch"))
    assert all(href.startswith("https://") and ":~:text=" in href for href in links)


def test_a_regulatory_event_is_named_by_its_kind(shipped: FlaskClient) -> None:
    shown = page(shipped, "/timeline?kind=regulatory-event")
    for row in asked(shipped, kind="regulatory-event"):
        cells = next(cells for cells in shown.rows if row["sentence"] in " ".join(cells))
        assert cells[1].split("  ")[0].startswith(row["type"])
        assert "Regulatory event" in cells[1]
    assert "Accelerated approval" in shown.text


def test_counts_are_of_events_and_lead_to_them(shipped: FlaskClient) -> None:
    shown = page(shipped, "/timeline")
    rows = asked(shipped)
    launches = {row["event"]["iri"] for row in rows if row["kind"] == "launch"}
    cells = shown.row("Launches")
    assert cells[-1] == str(len(launches))
    in_2024 = {
        row["event"]["iri"]
        for row in rows
        if row["kind"] == "launch" and str(row["earliest"]).startswith("2024")
    }
    assert shown.leads("/timeline?kind=launch#y-2024", f"{len(in_2024)} Launches, 2024")


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("2025", "2025"),
        ("2025-08", "August 2025"),
        ("2025-08-05", "5 August 2025"),
        ("2025-33", "first quarter of 2025"),
        ("2025-36", "fourth quarter of 2025"),
        ("2025-40", "first half of 2025"),
        ("2025-41", "second half of 2025"),
        ("2024/2025-03", "between 2024 and March 2025"),
        ("../2025-08-05", "not after 5 August 2025"),
        ("2024/..", "not before 2024"),
        ("soon", "soon"),
    ],
)
def test_dates_are_as_precise_as_they_are_given(form: str, words: str) -> None:
    assert date_in_words(form) == words


def marks(*events: Event) -> ET.Element:
    data = Timeline("T", "About", (("Lane", events),))
    return ET.fromstring(timeline_chart(data, width=1000, standalone=False))


def test_what_is_vague_is_a_bar_as_long_as_it_is_vague() -> None:
    root = marks(
        Event("a", "a", date(2020, 1, 1), date(2020, 1, 1), "#a"),
        Event("b", "b", date(2020, 1, 1), date(2020, 12, 31), "#b"),
        Event("c", "c", date(2020, 1, 1), date(2021, 12, 31), "#c"),
        Event("d", "d", date(2021, 6, 1), None, "#d"),
        Event("e", "e", None, date(2020, 6, 1), "#e"),
    )
    links = {link.get("href"): link for link in root.iter(f"{SVG}a")}
    assert sorted(map(str, links)) == ["#a", "#b", "#c", "#d", "#e"]

    def bar(name: str) -> tuple[float, float]:
        rect = links[name].findall(f"{SVG}rect")[1]
        left = float(str(rect.get("x")))
        return left, left + float(str(rect.get("width")))

    # A day is a mark and no bar; an arrow says that an end is not known.
    assert len(links["#a"].findall(f"{SVG}rect")) == 1
    (left, middle), (same, right) = bar("#b"), bar("#c")
    assert left == same
    assert (right - left) == pytest.approx(2 * (middle - left), rel=0.01)
    assert bar("#d")[1] == right
    assert bar("#e")[0] == left
    assert not links["#c"].findall(f"{SVG}path")
    assert links["#d"].findall(f"{SVG}path")
    assert links["#e"].findall(f"{SVG}path")


def test_events_do_not_lie_upon_each_other_and_can_be_hit() -> None:
    events = [
        Event(f"event {n}", "told", date(2024, n % 12 + 1, 1), date(2024, n % 12 + 1, 28), f"#{n}")
        for n in range(60)
    ]
    areas = []
    for link in marks(*events).iter(f"{SVG}a"):
        rect = link.findall(f"{SVG}rect")[0]
        x, y, width, height = (float(str(rect.get(k))) for k in ("x", "y", "width", "height"))
        assert width >= 24
        assert height >= 24
        areas.append((x, y, x + width, y + height))
    for one in areas:
        for other in areas:
            apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1]
            assert one is other or apart or other[3] <= one[1]


def test_the_picture_has_every_dated_event_once(shipped: FlaskClient) -> None:
    shown = page(shipped, "/timeline")
    dated = {
        (row["event"]["iri"], row["date"])
        for row in asked(shipped)
        if row["earliest"] or row["latest"]
    }
    inside = [of for name, of in shown.tags if name == "a" and "aria-label" in of]
    assert len(inside) == 2 * len(dated)  # once for each of two widths
    ids = {of.get("id") for _, of in shown.tags}
    assert all(str(of["href"]).removeprefix("#") in ids for of in inside)


@pytest.mark.parametrize(
    ("given", "field", "status"),
    [
        ("from=x", "from", 400),
        ("from=2025&until=2024", "until", 409),
        ("kind=party", "kind", 400),
        ("place=Nowhereland", "place", 404),
        ("organisation=%3Cscript%3E", "organisation", 404),
        ("report=nothing", "report", 404),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    shipped: FlaskClient, given: str, field: str, status: int
) -> None:
    shown = page(shipped, f"/timeline?{given}", status)
    assert shown.is_safe
    (told,) = [of for _, of in shown.tags if of.get("aria-describedby") == f"error-{field}"]
    assert told["id"] == f"field-{field}"
    assert any(href == f"#field-{field}" for href, _ in shown.links)
    assert not shown.all("table")


def test_nothing_found_says_what_that_means(shipped: FlaskClient) -> None:
    shown = page(shipped, "/timeline?until=1900&kind=launch")
    assert "No event is told" in shown.text
    assert shown.leads("/timeline", "All events")
    assert not shown.all("table")


def test_fields_that_say_nothing_are_not_in_the_address(shipped: FlaskClient) -> None:
    response = shipped.get("/timeline?kind=&from=2024&until=", headers=BROWSER)
    assert (response.status_code, response.headers["Location"]) == (303, "/timeline?from=2024")


def test_data_are_at_the_same_address(shipped: FlaskClient) -> None:
    rows = asked(shipped, kind="launch")
    assert shipped.get("/timeline.json?kind=launch").get_json()["rows"] == rows
    assert shipped.get("/timeline?kind=launch").get_json()["rows"] == rows
    table = shipped.get("/timeline.csv?kind=launch")
    assert table.text == shipped.get("/api/v1/questions/timeline.csv?kind=launch").text
    assert shipped.get("/timeline.json?from=x").status_code == 400
    shown = page(shipped, "/timeline?kind=launch")
    for ending in ("csv", "json", "svg"):
        assert any(href == f"/timeline.{ending}?kind=launch" for href, _ in shown.links)


def test_the_picture_is_a_file_of_its_own(shipped: FlaskClient) -> None:
    response = shipped.get("/timeline.svg?kind=launch&theme=dark")
    assert response.mimetype == "image/svg+xml"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    root = ET.fromstring(response.text)
    assert not list(root.iter(f"{SVG}a"))
    assert "Kind: launch" in "".join(root.itertext())
    empty = ET.fromstring(shipped.get("/timeline.svg?until=1900&kind=launch").text)
    assert "No event with a date" in "".join(empty.itertext())


def test_a_page_has_a_part_of_many_rows(
    shipped: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.pages.timeline._SHOWN", 20)
    rows = asked(shipped)
    seen: list[str] = []
    address: str | None = "/timeline"
    while address:
        shown = page(shipped, address)
        seen += [str(of["id"]) for name, of in shown.tags if name == "tr" and "id" in of]
        address = next((str(of["href"]) for of in shown.all("a") if of.get("rel") == "next"), None)
    assert seen == [anchor(row) for row in rows]


def test_more_events_than_can_be_seen_are_no_picture(
    shipped: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.pages.timeline_model.MOST", 5)
    shown = page(shipped, "/timeline")
    assert "More than 5 events are no picture any more" in shown.text
    assert not [of for of in shown.all("svg") if of.get("role") == "group"]


def test_hostile_names_are_text(hostile: FlaskClient) -> None:
    for address in ("/timeline", "/timeline?place=id/place/brazil", "/timeline?kind=launch"):
        text = hostile.get(address, headers=BROWSER).text
        assert page(hostile, address).is_safe
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)" in text
    chart = hostile.get("/timeline.svg").text
    ET.fromstring(chart)
    assert "<script" not in chart
    assert "\u202e" not in chart


def test_a_release_without_events_says_so(client: FlaskClient) -> None:
    assert "No event is told" in page(client, "/timeline").text
    assert client.get("/timeline.json").get_json()["rows"] == []
