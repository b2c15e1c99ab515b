"""Every row of the list of published figures is in the seeds, as printed, and nothing else is.

The list lies beside the project, in ../shared/facts, and is not part of it.
"""

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from graph.dates import StatedDate
from graph.numbers import Measure
from graph.sources.landscape import Source, read_landscape
from graph.sources.records import Record

LIST = Path(__file__).resolve().parents[3] / "shared" / "facts" / "published-figures.csv"
MARKETS = {
    "cell and gene therapy": "global-cell-and-gene-therapy-market",
    "cellular immunotherapy": "global-cellular-immunotherapy-market",
}
MANNERS = {"actual": "actual", "estimate": "estimated", "projected": "projected"}
#: The row whose value the list tells beside the publisher's name: its column is one of dollars.
IN_EUROS = "EUR 1.8 bn"
#: What the list has in the column of publishers, where that is more than the publisher's name: the
#: publisher, and the data group where it is another one.
PUBLISHERS = {
    "Healthcare Web Wire (Towards Healthcare data)": ("healthcare-web-wire", "towards-healthcare"),
    "Coherent Market Insights (syndicated)": ("coherent-market-insights", ""),
    "The Business Research Company": ("business-research-company", ""),
    "The Business Research Company / Reportlinker": ("business-research-company", ""),
    "Cell & Gene (EUR 1.8 bn, not converted)": ("cell-and-gene", ""),
    "Mordor Intelligence (cell-based immunotherapy)": ("mordor-intelligence", ""),
}
#: Pages that count to another group by their numbers, and not by their publisher's name.
GROUPED_BY_NUMBERS = {"nova-one-advisor-cellular-immunotherapy": "towards-healthcare"}

Row = Mapping[str, str]


@pytest.fixture(scope="module")
def listed() -> Mapping[str, Sequence[Row]]:
    """The rows of the list by address."""
    if not LIST.is_file():
        pytest.skip("the list is not here: published-figures.csv lies in ../shared/facts")
    by_page = defaultdict[str, list[Row]](list)
    with LIST.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            by_page[row["url"]].append(row)
    return by_page


@pytest.fixture(scope="module")
def pages() -> Mapping[str, Source]:
    """The shipped pages of figures by address."""
    found = [source for source in read_landscape().sources if source.manifest.read_for]
    by_page = {str(source.manifest.url): source for source in found}
    assert len(by_page) == len(found)
    return by_page


def of_table(source: Source, table: str) -> list[Record]:
    return [record for record in source.of("claims") if record.table.name == table]


def printed(record: Record, column: str) -> str:
    """A number with its digits, a year as it is written; nothing where there is none."""
    match record.one(column):
        case Measure() as measure:
            return measure.printed
        case StatedDate() as date:
            return date.form
        case other:
            assert other is None
            return ""


def slug(record: Record, column: str) -> str:
    return record.reference(column).slug


def test_every_page_is_a_source_and_no_other_is(
    listed: Mapping[str, Sequence[Row]], pages: Mapping[str, Source]
) -> None:
    assert set(pages) == set(listed)


def test_every_value_and_year_is_there_as_printed_and_nothing_more(
    listed: Mapping[str, Sequence[Row]], pages: Mapping[str, Source]
) -> None:
    for url, rows in listed.items():
        expected = [
            (
                MARKETS[row["market"]],
                row["year"],
                "1.8" if IN_EUROS in row["publisher"] else row["value_usd_bn"],
                "eur-billion" if IN_EUROS in row["publisher"] else "usd-billion",
                MANNERS[row["kind"]],
            )
            for row in rows
        ]
        found = [
            (
                slug(record, "market"),
                printed(record, "year"),
                printed(record, "value"),
                slug(record, "unit"),
                slug(record, "stated"),
            )
            for record in of_table(pages[url], "market_figures")
        ]
        assert found == expected, url


def test_every_rate_is_there_once_with_its_period_and_nothing_more(
    listed: Mapping[str, Sequence[Row]], pages: Mapping[str, Source]
) -> None:
    for url, rows in listed.items():
        columns = ("cagr_percent", "cagr_from", "cagr_to")
        rates = [tuple(row[column] for column in columns) for row in rows]
        found = [
            tuple(printed(record, column) for column in ("value", "from_year", "to_year"))
            for record in of_table(pages[url], "growth_rates")
        ]
        assert found == [rate for rate in dict.fromkeys(rates) if rate[0]], url
        for record in of_table(pages[url], "growth_rates"):
            assert slug(record, "market") == MARKETS[rows[0]["market"]]
            assert slug(record, "kind") == "growth-cagr"


def test_a_page_has_the_publisher_the_data_group_and_the_date_of_the_list(
    listed: Mapping[str, Sequence[Row]], pages: Mapping[str, Source]
) -> None:
    for url, rows in listed.items():
        manifest = pages[url].manifest
        (name,) = {row["publisher"] for row in rows}
        (date,) = {row["published"] for row in rows}
        publisher, group = PUBLISHERS.get(name, (name.casefold().replace(" ", "-"), ""))
        group = GROUPED_BY_NUMBERS.get(pages[url].slug, group)
        assert manifest.publisher == publisher
        assert manifest.counted_as == (group or publisher)
        assert (manifest.published.form if manifest.published else "") == date
        assert manifest.updated is None


def test_every_page_says_that_its_text_is_not_at_hand(pages: Mapping[str, Source]) -> None:
    for source in pages.values():
        assert source.manifest.text_sha256 is None
        assert source.manifest.title.startswith("[")
        assert {record.table.name for record in source.records} <= {
            *source.manifest.read_for,
            "sections",
            "quality_notes",
        }
        about_page = [
            r for r in source.of("notes") if str(r.one("about")) == f"source:{source.slug}"
        ]
        assert "issue-text-not-at-hand" in {slug(record, "issue") for record in about_page}


def test_a_decided_data_group_has_a_reason_with_names_or_numbers(
    pages: Mapping[str, Source],
) -> None:
    grouped = {s.slug: s.manifest for s in pages.values() if s.manifest.data_group_reason}
    assert set(grouped) == {
        "coherent-cell-and-gene-therapy-syndicated",
        "healthcare-web-wire-cell-and-gene-therapy",
        "nova-one-advisor-cellular-immunotherapy",
        "reportlinker-cell-and-gene-therapy",
    }
    reason = str(grouped["nova-one-advisor-cellular-immunotherapy"].data_group_reason)
    for number in ("22.45", "6.18", "11.33", "38.01"):
        assert number in reason
    # The numbers of the reason, once more: one path from its first year to its last.
    assert abs(6.18 * 1.2245**3 / 11.33 - 1) < 0.002
    assert abs(13.87 * (85.78 / 13.87) ** (5 / 9) / 38.01 - 1) < 0.005
