"""Markets: what is on the page is what the questions say, and every number leads to its claim."""

import csv
import io
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.charts.scale import digits
from tests.service.pages.shipped import BROWSER, page

SLUG = "global-cellular-immunotherapy-market"
OTHER = "global-cell-and-gene-therapy-market"
ADDRESS = f"/markets/{SLUG}"


def asked(client: FlaskClient, name: str, **given: str) -> list[dict[str, Any]]:
    query = {"limit": "1000", **given}
    rows: list[dict[str, Any]] = client.get(
        f"/api/v1/questions/{name}", query_string=query
    ).get_json()["rows"]
    return rows


def here(iri: str) -> str:
    return iri.removeprefix("https://w3id.org/therascape")


@pytest.mark.parametrize("year", ["", "2030", "1999"])
def test_the_list_has_what_the_question_has(shipped: FlaskClient, year: str) -> None:
    given = {"year": year} if year else {}
    shown = page(shipped, f"/markets?year={year}" if year else "/markets")
    rows = asked(shipped, "markets", **given)
    assert len(rows) == 4
    for row in rows:
        cells = shown.row(row["market"]["label"])
        slug = row["market"]["iri"].rsplit("/", 1)[-1]
        assert shown.leads(f"/markets/{slug}", row["market"]["label"])
        assert cells[2:4] == [str(row["publishers"]), str(row["groups"])]
        assert cells[4].split()[0] == str(row["figures"])
        assert cells[6] == str(row["year"] or "")
        for side in ("lowest", "highest") if row["lowest"] else ():
            claim = here(row[f"{side}_figure"]["iri"])
            assert shown.leads(claim, digits(float(row[side]), 6))
        if not row["lowest"]:
            assert not re.search(r"\d", cells[7])


def test_a_range_is_that_of_the_printed_figures(shipped: FlaskClient) -> None:
    (row,) = [one for one in asked(shipped, "markets", year="2030") if SLUG in one["market"]["iri"]]
    figures = asked(shipped, "published-figures", market=f"id/market/{SLUG}")
    of_year = [one for one in figures if one["year"] == 2030]
    assert (row["lowest"], row["highest"]) == (
        min(one["value"] for one in of_year),
        max(one["value"] for one in of_year),
    )
    assert row["groups_in_year"] == len({one["group"]["iri"] for one in of_year})
    assert row["figures"] == len(figures)
    assert row["pooled"] == sum(one["pooled"] for one in figures)
    assert row["times"] == pytest.approx(row["highest"] / row["lowest"], abs=0.005)


@pytest.mark.parametrize("slug", [SLUG, OTHER])
def test_every_printed_figure_is_there_and_leads_to_its_claim(
    shipped: FlaskClient, slug: str
) -> None:
    shown = page(shipped, f"/markets/{slug}")
    figures = asked(shipped, "published-figures", market=f"id/market/{slug}")
    assert len(figures) > 15
    for one in figures:
        links = [text for href, text in shown.links if href == here(one["figure"]["iri"])]
        assert any(one["printed"] in text for text in links), one
        cells = shown.row(one["report"]["label"])
        ahead = one["manner"] in ("Projected", "Expected")
        assert f"{one['year']} {one['printed']}" in cells[2 if ahead else 1]
        assert one["group"]["label"] in cells[4]
        assert not one["why_not"] or one["why_not"] in cells[6]
    assert "Published for past years" in shown.text
    assert "Euros, billion" in shown.text or slug == SLUG


def test_years_that_several_print_stand_side_by_side(shipped: FlaskClient) -> None:
    shown = page(shipped, ADDRESS)
    assert "2025: the highest is 4.7 times the lowest" in shown.text
    assert (
        "2021: "
        not in shown.text.partition("One year, different publishers")[2].partition("Audit")[0]
    )


def test_every_finding_is_there_with_its_claims(shipped: FlaskClient) -> None:
    shown = page(shipped, ADDRESS)
    found = asked(shipped, "findings", market=f"id/market/{SLUG}")
    assert len(found) > 20
    there = {href for href, _ in shown.links}
    for one in found:
        assert " ".join(one["text"].split()) in shown.text
        assert here(one["finding"]["iri"]) in there
        assert {here(fact) for told in one["evidence"] for fact in told["facts"]} <= there
    cells = [row for row in shown.rows if row and "is 4.70 times" in " ".join(row)]
    assert [" ".join(cell.split()) for cell in cells[0][:2]] == ["Figures differ", "differs"]
    growth = shown.row("TechSci Research, Cellular Immunotherapy")[3]
    assert growth == "2026 to 2031 10.04 % rate of another period"


@pytest.mark.parametrize("given", ["", "model=R0", "damping=0.5&beyond=4", "scope=any&cap=3"])
def test_the_forecast_is_that_of_the_question(shipped: FlaskClient, given: str) -> None:
    shown = page(shipped, f"{ADDRESS}?{given}" if given else ADDRESS)
    query = {**dict(one.split("=") for one in given.split("&") if one)}
    rows = asked(shipped, "forecast", market=f"id/market/{SLUG}", **query)
    assert rows
    for row in rows:
        cells = shown.row(str(row["year"]))
        assert cells[1] == digits(row["median"])
        for number, level in ((2, "50"), (3, "80"), (4, "95")):
            lower, upper = row[f"lower_{level}"], row[f"upper_{level}"]
            assert cells[number] == (
                f"{digits(lower)} to {digits(upper)}" if lower is not None else ""
            )
        assert cells[6] == str(row["k"])
    assert ("as published" in shown.text) == bool(given)
    assert ("Scenario:" in shown.text) == ("damping" in given or "cap" in given)
    assert ("computed for this page" in shown.text) == (given not in ("", "model=R0"))
    assert any("The forecast" in text for _, text in shown.links) == (given in ("", "model=R0"))


def test_leaving_a_publisher_out_leaves_it_out(shipped: FlaskClient) -> None:
    key = "https://w3id.org/therascape/id/agent/reanin"
    shown = page(shipped, f"{ADDRESS}?without={key}")
    assert "left out on request" in shown.row("Reanin, Cellular Immunotherapy")[6]
    (box,) = [one for one in shown.all("input") if one.get("value") == key]
    assert "checked" in box
    assert "Without: Reanin" in shown.text


def test_the_chart_takes_the_colours_of_the_page_and_has_a_name(shipped: FlaskClient) -> None:
    text = shipped.get(ADDRESS, headers=BROWSER).text
    assert text.count('role="img"') == 2
    assert "var(--fan-80" in text
    shown = page(shipped, ADDRESS)
    assert shown.is_safe
    ids = [of["id"] for _, of in shown.tags if "id" in of]
    assert len(ids) == len(set(ids))


def test_shares_have_what_they_amount_to(shipped: FlaskClient) -> None:
    shown = page(shipped, ADDRESS)
    parts = [
        row
        for row in asked(shipped, "forecast", market=f"id/market/{SLUG}", parts="true")
        if row["part"]
    ]
    assert len(parts) > 5
    for row in parts:
        cells = shown.row(row["part"]["label"])
        assert cells[5] == digits(row["median"])
    share = shown.row("North America")
    assert share[1:4] == ["Place", "2025", "39.5 %"]


def test_words_are_those_of_the_trade(shipped: FlaskClient) -> None:
    text = page(shipped, ADDRESS).text.casefold()
    assert "observed" not in text
    # Only as a word of a publisher, in quotation marks or as what it is called.
    assert not re.search(r"(?<!called )(?<![\"“])\bactual\b", text.replace("“called actual”", ""))
    assert "pooled publisher range" in text


@pytest.mark.parametrize(
    ("given", "field", "status"),
    [
        ("damping=7", "damping", 400),
        ("damping=0", "damping", 409),
        ("ceiling=-1", "ceiling", 400),
        ("as_of=2024-13", "as_of", 400),
        ("model=R9", "model", 400),
        ("beyond=99", "beyond", 400),
        ("without=nobody-at-all", "without", 404),
        ("cap=%3Cscript%3Ealert(1)%3C/script%3E", "cap", 400),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    shipped: FlaskClient, given: str, field: str, status: int
) -> None:
    shown = page(shipped, f"{ADDRESS}?{given}", status)
    assert shown.is_safe
    told = [of for _, of in shown.tags if of.get("aria-describedby") == f"error-{field}"]
    assert len(told) == 1
    assert [of for _, of in shown.tags if of.get("id") == f"error-{field}"]
    assert [of for _, of in shown.tags if of.get("id") == f"field-{field}"]
    assert any(href == f"#field-{field}" for href, _ in shown.links)
    assert not [of for of in shown.all("svg") if of.get("role") == "img"]
    assert "Global cellular immunotherapy market" in shown.text
    # What was written is still there.
    value = given.partition("=")[2].replace("%3C", "<").replace("%3E", ">")
    assert field == "model" or value in [one.get("value") for one in shown.all("input")]


def test_the_year_of_the_list_is_checked(shipped: FlaskClient) -> None:
    shown = page(shipped, "/markets?year=20x", 400)
    assert [of for of in shown.all("input") if of.get("aria-invalid") == "true"]


def test_fields_that_say_nothing_are_not_in_the_address(shipped: FlaskClient) -> None:
    response = shipped.get(f"{ADDRESS}?model=&cap=10&damping=", headers=BROWSER)
    assert (response.status_code, response.headers["Location"]) == (303, f"{ADDRESS}?cap=10")


def test_a_market_that_there_is_not_is_not_found(shipped: FlaskClient) -> None:
    assert shipped.get("/markets/nope", headers=BROWSER).status_code == 404
    assert shipped.get("/markets/nope.json").status_code == 404


def test_a_market_without_figures_says_so(shipped: FlaskClient) -> None:
    shown = page(shipped, "/markets/brazil-pharmaceutical-3pl-market")
    assert "No figure of this market is here" in shown.text
    assert not [form for form in shown.all("form") if "/markets/" in str(form.get("action"))]
    assert shipped.get("/markets/brazil-pharmaceutical-3pl-market.json").status_code == 409


def test_one_source_has_no_range_of_its_own(shipped: FlaskClient) -> None:
    shown = page(shipped, "/markets/latin-america-cell-and-gene-therapy-market?model=R0")
    assert "There is no interval here" in shown.text
    borrowed = page(shipped, "/markets/latin-america-cell-and-gene-therapy-market")
    assert "its width is borrowed in part" in borrowed.text


def test_data_are_at_the_same_address(shipped: FlaskClient) -> None:
    rows = asked(shipped, "forecast", market=f"id/market/{SLUG}", cap="3")
    assert shipped.get(f"{ADDRESS}.json?cap=3&limit=1000").get_json()["rows"] == rows
    assert shipped.get(f"{ADDRESS}?cap=3&limit=1000").get_json()["rows"] == rows
    table = shipped.get(f"{ADDRESS}.csv?cap=3")
    assert table.mimetype == "text/csv"
    medians = [float(row["median"]) for row in csv.DictReader(io.StringIO(table.text))]
    assert medians == [row["median"] for row in rows]
    assert shipped.get("/markets.json").get_json()["rows"] == asked(shipped, "markets")
    assert shipped.get("/markets.csv").text == shipped.get("/api/v1/questions/markets.csv").text
    assert shipped.get(f"{ADDRESS}.json?damping=7").status_code == 400


def test_the_chart_is_a_file_of_its_own(shipped: FlaskClient) -> None:
    chart = shipped.get(f"{ADDRESS}.svg?cap=3&theme=dark")
    same = shipped.get(
        "/api/v1/questions/forecast.svg",
        query_string={"market": f"id/market/{SLUG}", "cap": "3", "theme": "dark"},
    )
    assert chart.mimetype == "image/svg+xml"
    assert chart.text == same.text
    assert "default-src 'none'" in chart.headers["Content-Security-Policy"]
    assert f'"{SLUG}.svg"' in chart.headers["Content-Disposition"]


def test_links_of_downloads_keep_the_choices(shipped: FlaskClient) -> None:
    shown = page(shipped, f"{ADDRESS}?cap=3")
    for ending in ("csv", "json", "svg"):
        assert any(href == f"{ADDRESS}.{ending}?cap=3" for href, _ in shown.links)


def test_every_link_of_ours_leads_somewhere(shipped: FlaskClient) -> None:
    addresses = {href for href, _ in page(shipped, ADDRESS).links if href.startswith("/")}
    # One claim, one statement and one report stand for the others of their kind.
    kinds: dict[str, str] = {}
    for address in sorted(addresses):
        kinds.setdefault(re.sub(r"/[^/?]+(\?.*)?$", "", address), address)
    for address in kinds.values():
        assert shipped.get(address, headers=BROWSER).status_code == 200, address


def test_hostile_names_are_text(hostile: FlaskClient) -> None:
    for address in ("/markets", ADDRESS, f"{ADDRESS}?damping=7"):
        text = hostile.get(address, headers=BROWSER).text
        shown = page(hostile, address, 400 if "damping" in address else 200)
        assert shown.is_safe
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)" in text
        assert "q\" 'q'" in shown.text
    chart = hostile.get(f"{ADDRESS}.svg").text
    assert "<script" not in chart
    assert "\u202e" not in chart


def test_a_release_without_markets_says_so(client: FlaskClient) -> None:
    shown = page(client, "/markets")
    assert "No market is here" in shown.text
    assert client.get("/markets.json").get_json()["rows"] == []
