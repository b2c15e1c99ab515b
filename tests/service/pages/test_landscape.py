"""The landscape: its matrix is the answer to the question, and each cell leads to its evidence."""

import csv
import io
import re
from html import unescape
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import Store

from graph.errors import GraphError
from graph.query import DeadlineExceeded, MemoryExceeded
from graph.release import Release
from graph.terms import DEFAULT_BASE
from service.charts.matrix import SHAPES
from service.pages import landscape as views
from tests.service.pages.landscape_app import BROWSER, HOSTILE, application, renamed, text_of

SVG = "{http://www.w3.org/2000/svg}"
TERUMO = "player=agent/terumo-bct"
_ROW = re.compile(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', re.DOTALL)
_CELL = re.compile(
    r'<td class="level-\d( implied)?"><a href="([^"]+)" data-evidence aria-label="([^"]+)"'
)


@pytest.fixture(scope="module")
def shipped(landscape_store: Store, landscape_release: Release) -> Flask:
    return application(landscape_store, landscape_release)


@pytest.fixture
def client(shipped: Flask) -> FlaskClient:
    return shipped.test_client()


def page_of(client: FlaskClient, address: str) -> str:
    response = client.get(address, headers=BROWSER)
    assert response.status_code == 200, address
    return response.text


def cells(page: str) -> dict[str, list[str]]:
    """What is written in the cells of each row, by the name of the row."""
    body = page.split("<tbody>")[1].split("</tbody>", maxsplit=1)[0]
    return {
        text_of(head): [unescape(label) for _, _, label in _CELL.findall(rest)]
        for head, rest in _ROW.findall(body)
    }


@pytest.mark.parametrize(
    ("chosen", "asked"),
    [
        ("", ""),
        ("show=any-tie", "active=any-tie"),
        ("show=commercial&rows=group", "active=commercial&level=group"),
        ("cols=m49", "columns=regions&grouping=m49"),
        ("cols=reports&show=any-tie", "columns=regions&grouping=report&active=any-tie"),
        ("role=concept/org-company", "role=concept/org-company"),
        (
            "therapy=concept/car-t-cell-therapy&about=player",
            "therapy=concept/car-t-cell-therapy&about=player",
        ),
        ("indication=concept/cancer&about=player", "indication=concept/cancer&about=player"),
        ("until=2025&show=any-tie", "until=2025&active=any-tie"),
        (
            "report=source/coherent-cellular-immunotherapy",
            "report=source/coherent-cellular-immunotherapy",
        ),
    ],
)
def test_the_matrix_is_the_answer_to_the_question(
    client: FlaskClient, chosen: str, asked: str
) -> None:
    answer = client.get(f"/api/v1/questions/matrix?limit=1000&{asked}").get_json()
    places = [one for one in answer["columns"] if one["kind"] == "texts"][:-1]
    want = {
        " ".join(row["player"]["label"].split()): [
            (place["title"], row[place["name"]]) for place in places if row[place["name"]]
        ]
        for row in answer["rows"]
    }
    assert want, "a filter that leaves nothing tests nothing"
    got = cells(page_of(client, f"/landscape?{chosen}"))
    assert set(got) == set(want)
    for player, told in want.items():
        assert len(got[player]) == len(told), player
        for label, (place, kinds) in zip(got[player], told, strict=True):
            words = ", ".join("{} ({})".format(*kind.rsplit(": ", 1)) for kind in kinds)
            assert label.endswith(f": {player}, {place}: {words}")


def test_it_opens_on_any_stated_tie_and_says_what_blank_means(client: FlaskClient) -> None:
    page = page_of(client, "/landscape")
    assert '<option value="stated-tie" selected>Any stated tie</option>' in page
    assert "blank: nothing in these 2 reports" in page
    assert "implied" not in "".join(label for of in cells(page).values() for label in of)
    assert "implied)" in "".join(
        label for of in cells(page_of(client, "/landscape?show=any-tie")).values() for label in of
    )


def test_totals_and_notes_are_those_of_the_question(client: FlaskClient) -> None:
    answer = client.get("/api/v1/questions/matrix?limit=1000").get_json()
    page = page_of(client, "/landscape")
    told = text_of(page)
    for note in answer["notes"]:
        assert " ".join(note.split()) in told
    for one in answer["completeness"]:
        assert one["why"] in told
    foot = text_of(page.split("<tfoot>")[1].split("</tfoot>")[0])
    numbers = [
        sum(bool(row[one["name"]]) for row in answer["rows"])
        for one in answer["columns"]
        if one["kind"] == "texts"
    ][:-1]
    assert foot == f"Players {' '.join(map(str, numbers))} {len(answer['rows'])} in all"
    assert "Countries not named" in told
    assert "14 countries counted and not named: evidence of Terumo BCT" in page


def test_rows_are_in_the_order_that_was_chosen(client: FlaskClient) -> None:
    by_name = list(cells(page_of(client, "/landscape?sort=name")))
    by_total = list(cells(page_of(client, "/landscape")))
    assert by_total[0] == "Terumo BCT" != by_name[0]
    assert set(by_name) == set(by_total)
    rows = client.get("/landscape.json").get_json()["rows"]
    assert [row["player"]["label"] for row in rows] == by_total
    totals = [row["total_places"] for row in rows]
    assert totals == sorted(totals, reverse=True)


def test_every_cell_leads_to_as_many_facts_as_it_says(client: FlaskClient) -> None:
    page = page_of(client, "/landscape?show=any-tie&cols=m49")
    links = _CELL.findall(page)
    assert len(links) > 50
    for _, href, label in links[::9]:
        address = unescape(href).replace("/evidence?", "/evidence.json?") + "&limit=1000"
        rows = client.get(address).get_json()["rows"]
        assert int(label.split()[0]) == len({row["claim"]["label"] for row in rows})
        player = unescape(label).split(": ")[1].rsplit(", ", 1)[0]
        assert {row["player"]["label"] for row in rows} == {player}


def test_evidence_has_report_section_line_words_and_claim(client: FlaskClient) -> None:
    page = page_of(client, f"/landscape/evidence?{TERUMO}&at=place/brazil")
    told = text_of(page)
    assert "Market Outlook, line 8" in told
    assert "“" not in page.split('class="words"')[1].split("</p>")[0], "marks are of the style"
    assert "Brazil, Colombia, and Mexico" in told
    claim = re.search(r'<a href="(/id/claim/[^"]+)">Open claim', page)
    assert claim
    assert client.get(claim[1], headers=BROWSER).status_code == 200
    why = re.search(r'<a href="(/id/statement/[^"]+)">why', page)
    assert why
    assert client.get(why[1], headers=BROWSER).status_code == 200
    assert "s page<span" not in page, "no address of this report is known"


def test_the_publishers_page_is_opened_at_printed_words(client: FlaskClient) -> None:
    page = page_of(client, "/landscape/evidence?player=agent/novartis&at=place/united-states")
    found = re.search(r'<a href="([^"]+)" rel="noreferrer">Publisher', page)
    assert found
    address, _, words = unescape(found[1]).partition("#:~:text=")
    assert address.startswith("https://www.coherentmarketinsights.com/")
    assert words
    assert "-" not in words


def test_the_state_is_in_the_address(client: FlaskClient) -> None:
    chosen = "show=any-tie&rows=group&cols=m49&role=concept/org-company&sort=name"
    page = page_of(client, f"/landscape?{chosen}")
    for name in ("csv", "json", "svg"):
        (address,) = set(re.findall(rf'href="(/landscape\.{name}\?[^"]+)">{name.upper()}<', page))
        for part in chosen.split("&"):
            assert part in unescape(address).replace("%2F", "/")
    (evidence, *_) = (unescape(href) for _, href, _ in _CELL.findall(page))
    assert "rows=group" in evidence


def test_empty_fields_of_the_form_are_as_good_as_none(client: FlaskClient) -> None:
    empty = "?show=stated-tie&therapy=&indication=&role=&report=&until=&sort=total"
    assert cells(page_of(client, f"/landscape{empty}")) == cells(page_of(client, "/landscape"))


def test_csv_has_the_rows_of_the_question(client: FlaskClient) -> None:
    response = client.get("/landscape.csv?show=any-tie&sort=name")
    assert response.mimetype == "text/csv"
    assert response.text == client.get("/api/v1/questions/matrix.csv?active=any-tie").text
    rows = list(csv.DictReader(io.StringIO(client.get("/landscape/evidence.csv").text)))
    assert {"player", "place", "claim_iri", "section", "line", "printed"} <= rows[0].keys()


def test_open_as_query_gives_as_many_rows(client: FlaskClient) -> None:
    page = page_of(client, "/landscape?show=commercial")
    found = re.search(r'href="([^"]+)">Open as query', page)
    assert found
    result = client.get(unescape(found[1]), headers={"Accept": "application/json"})
    assert len(result.get_json(force=True)["results"]["bindings"]) == len(cells(page))


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_the_picture_has_every_row_and_says_what_it_is(client: FlaskClient, width: str) -> None:
    response = client.get(f"/landscape.svg?show=any-tie&width={width}")
    assert response.mimetype == "image/svg+xml"
    root = ElementTree.fromstring(response.data)
    title, desc = (root.find(f"{SVG}{name}") for name in ("title", "desc"))
    assert title is not None
    assert desc is not None
    assert "Any tie" in (title.text or "")
    assert "blank: nothing in these 2 reports" in (desc.text or "")
    names = cells(page_of(client, "/landscape?show=any-tie"))
    said = " ".join(root.itertext())
    assert all(name in said for name in names)
    labels = [one.text for one in root.findall(f".//{SVG}g/{SVG}title")]
    assert sorted(labels) == sorted(label for of in names.values() for label in of)  # type: ignore[type-var]
    edge = float(root.get("width", "0"))
    for box in root.iter(f"{SVG}rect"):
        assert float(box.get("x", "0")) + float(box.get("width", "0")) <= edge + 0.1
    bare = response.text.replace("http://www.w3.org/2000/svg", "")
    assert not any(word in bare for word in ("href", "url(http", "<script", "@import"))


def test_shapes_of_the_picture_are_those_of_the_pages(shipped: Flask) -> None:
    macros = shipped.jinja_env.get_template("macros.html").module
    for name, path in SHAPES.items():
        assert f'd="{path}"' in macros.mark(name)  # type: ignore[attr-defined]


def test_hostile_names_are_text(landscape_store: Store, landscape_release: Release) -> None:
    store = renamed(landscape_store, f"{DEFAULT_BASE}id/agent/terumo-bct", HOSTILE)
    client = application(store, landscape_release).test_client()
    for address in ("/landscape", f"/landscape/evidence?{TERUMO}"):
        page = page_of(client, address)
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page
        assert " style=" not in page
    root = ElementTree.fromstring(client.get("/landscape.svg").data)
    assert not list(root.iter(f"{SVG}script"))
    assert "<script>alert(1)" in " ".join(root.itertext())


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/landscape?show=nope", 400, "It could not be read"),
        ("/landscape?until=nonsense", 400, "no date"),
        ("/landscape?nope=1", 400, "no parameter here"),
        ("/landscape?therapy=Kymria", 404, "Did you mean"),
        ("/landscape?therapy=%3Cscript%3E", 404, "&lt;script&gt;"),
        ("/landscape/evidence?player=Nobody+Here", 404, "nothing is called"),
    ],
)
def test_what_cannot_be_read_is_told_on_the_page(
    client: FlaskClient, address: str, status: int, words: str
) -> None:
    response = client.get(address, headers=BROWSER)
    assert response.status_code == status
    assert words in response.text
    assert "<script>" not in response.text
    assert 'href="/landscape">Begin without filters' in response.text
    assert client.get(address).mimetype == "application/problem+json"


def test_a_name_that_is_near_keeps_the_other_filters(client: FlaskClient) -> None:
    page = client.get("/landscape?therapy=Kymria&show=any-tie", headers=BROWSER).text
    near = re.search(r'<li><a href="(/landscape\?[^"]+)"><bdi>Kymriah', page)
    assert near
    assert "show=any-tie" in unescape(near[1])
    assert "therapy=Kymriah" in unescape(near[1])
    assert client.get(unescape(near[1]), headers=BROWSER).status_code == 200


def test_nothing_is_told_as_nothing(client: FlaskClient, app: Flask) -> None:
    page = page_of(client, "/landscape?until=1900")
    assert "Nothing in these 2 reports" in page
    assert '<table class="matrix' not in page
    bare = app.test_client().get("/landscape", headers=BROWSER)
    assert bare.status_code == 200
    assert 'class="state empty"' in bare.text


@pytest.mark.parametrize(
    ("error", "state"),
    [(DeadlineExceeded(1.0), "timeout"), (MemoryExceeded(1), "over-budget")],
)
def test_limits_have_a_state_of_their_own(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, error: GraphError, state: str
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(views, "matrix", fail)
    response = client.get("/landscape?show=any-tie", headers=BROWSER)
    assert response.status_code >= 400
    assert f'class="state {state}"' in response.text
    assert 'href="/landscape?show=any-tie">Try the same again' in response.text


def test_more_columns_than_one_reads_are_offered_otherwise(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MOST_COLUMNS", 3)
    page = page_of(client, "/landscape")
    assert 'class="state over-budget"' in page
    assert "cols=m49" in page


def test_a_long_matrix_comes_in_parts(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "SHOWN", 15)
    every = list(cells(page_of(client, "/landscape")))
    assert len(every) == 15
    for offset in (15, 30):
        every += cells(page_of(client, f"/landscape?offset={offset}"))
    rows = client.get("/landscape.json").get_json()["rows"]
    assert every == [row["player"]["label"] for row in rows]


def test_the_matrix_as_a_file_has_its_evidence_within(shipped: Flask) -> None:
    """Each number leads to what stands behind it, in the same file."""
    whole = shipped.test_client().get("/landscape?download=html")
    assert whole.status_code == 200
    anchors = set(re.findall(r'href="#(behind-[0-9]+)"', whole.text))
    assert anchors
    assert anchors == set(re.findall(r'id="(behind-[0-9]+)"', whole.text))
    assert "Market Outlook" in whole.text.partition('id="behind"')[2]
    assert "Show: Any stated tie" in whole.text
    assert "<script" not in whole.text
