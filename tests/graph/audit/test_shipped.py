"""The verdict on every stated rate of the shipped reports and pages, worked out by hand."""

import pytest
from pyoxigraph import Store

from graph.audit import Finding, findings
from graph.figures.stored import read_published, selecting
from graph.terms import Iris

# Report or page, rate, its period as stated: the verdict, and what the figures give.
# (end / start) ** (1 / years) - 1, of the figures in seeds/*/market_figures.csv.
BY_HAND = {
    ("coherent-cellular-immunotherapy", "15.1", 2025, 2032): ("consistent", "15.10"),
    ("towards-latin-america-cell-gene-therapy", "31.61", 2024, 2034): ("consistent", "31.61"),
    ("towards-latin-america-cell-gene-therapy", "31.61", 2025, 2034): ("contradicted", "30.59"),
    ("towards-latin-america-cell-gene-therapy", "31.61", None, 2034): ("of-another-period", ""),
    ("towards-latin-america-cell-gene-therapy", "31.61", None, None): ("of-another-period", ""),
    ("towards-latin-america-cell-gene-therapy", "24", 2024, 2034): ("consistent", "23.99"),
    ("towards-latin-america-cell-gene-therapy", "24", None, None): ("of-another-period", ""),
    ("reed-intelligence-cell-and-gene-therapy", "24.1", 2025, 2033): ("contradicted", "14.69"),
    ("nova-one-advisor-cell-and-gene-therapy", "18.5", 2025, 2034): ("of-another-period", ""),
    ("straits-research-cell-and-gene-therapy", "22.7", 2024, 2032): ("undetermined", ""),
    ("healthcare-web-wire-cell-and-gene-therapy", "24", 2023, 2032): ("of-another-period", ""),
    ("mordor-intelligence-cell-and-gene-therapy", "25.67", 2025, 2030): ("contradicted", "29.68"),
    ("coherent-cell-and-gene-therapy-syndicated", "21.9", 2018, 2026): ("not-checkable", ""),
    ("coherent-cell-and-gene-therapy", "28.7", 2023, 2030): ("undetermined", ""),
    ("business-research-company-cell-and-gene-therapy", "3.61", 2019, 2020): ("consistent", "3.59"),
    ("business-research-company-cell-and-gene-therapy", "24.1", None, 2023): (
        "of-another-period",
        "",
    ),
    ("reportlinker-cell-and-gene-therapy", "30.2", 2021, 2022): ("consistent", "30.24"),
    ("reportlinker-cell-and-gene-therapy", "25.6", None, 2026): ("of-another-period", ""),
    ("astute-analytica-cell-and-gene-therapy", "17.5", 2026, 2035): ("undetermined", ""),
    ("emergen-research-cell-and-gene-therapy", "16.3", None, 2028): ("not-checkable", ""),
    ("towards-healthcare-cellular-immunotherapy", "22.45", 2025, 2034): ("consistent", "22.44"),
    ("techsci-research-cellular-immunotherapy", "10.04", 2026, 2031): ("of-another-period", ""),
    ("strategic-market-research-cellular-immunotherapy", "21.6", 2024, 2030): (
        "consistent",
        "21.75",
    ),
    ("mordor-intelligence-cell-based-immunotherapy", "14.98", 2025, 2030): ("consistent", "15.00"),
    ("reanin-cellular-immunotherapy", "15.3", 2024, 2031): ("consistent", "15.30"),
    ("nova-one-advisor-cellular-immunotherapy", "22.45", 2022, 2030): ("undetermined", ""),
    ("research-and-markets-cellular-immunotherapy", "6.71", None, 2032): ("of-another-period", ""),
}
# What an unprinted figure would have to be: its year, and the end / (1 + rate) ** years.
NEEDED = {
    "straits-research-cell-and-gene-therapy": (2024, "26.01"),  # 133.62 / 1.227^8
    "coherent-cell-and-gene-therapy": (2030, "132.8"),  # 22.7 · 1.287^7
    "astute-analytica-cell-and-gene-therapy": (2026, "42.89"),  # 183.1 / 1.175^9
    "nova-one-advisor-cellular-immunotherapy": (2022, "7.520"),  # 38.01 / 1.2245^8
}
OTHER = {
    "reed-intelligence-cell-and-gene-therapy": (2024, 2025),
    "nova-one-advisor-cell-and-gene-therapy": (2024, 2034),
    "healthcare-web-wire-cell-and-gene-therapy": (2022, 2032),
    "business-research-company-cell-and-gene-therapy": (2020, 2023),
    "reportlinker-cell-and-gene-therapy": (2022, 2026),
    "techsci-research-cellular-immunotherapy": (2025, 2031),
    "research-and-markets-cellular-immunotherapy": (2025, 2032),
}


@pytest.fixture(scope="module")
def verdicts(landscape_store: Store) -> dict[tuple[str, str, int | None, int | None], Finding]:
    published = read_published(selecting(landscape_store, Iris()))
    rates = {rate.key: rate for rate in published.rates}
    found = {}
    for finding in findings(published):
        if finding.kind.startswith("rate-"):
            rate = rates[finding.rests_on[0]]
            source = rate.publication.key.rsplit("/", 1)[-1]
            found[source, rate.value.printed, rate.from_year, rate.to_year] = finding
    assert len({finding.rests_on[0] for finding in found.values()}) == len(found) == len(rates)
    return found


def test_every_rate_has_the_verdict_that_was_worked_out(
    verdicts: dict[tuple[str, str, int | None, int | None], Finding],
) -> None:
    assert verdicts.keys() == BY_HAND.keys()
    for key, (verdict, growth) in BY_HAND.items():
        finding = verdicts[key]
        assert finding.kind == f"rate-{verdict}", key
        if growth:
            assert finding.result is not None
            assert f"{finding.result.value:.2f}" == growth, key


def test_needed_values_and_other_periods_are_those_worked_out(
    verdicts: dict[tuple[str, str, int | None, int | None], Finding],
) -> None:
    needed = {
        key[0]: (finding.needed_year, f"{finding.needed.value:.4g}")
        for key, finding in verdicts.items()
        if finding.needed is not None
    }
    assert needed == NEEDED
    for key, finding in verdicts.items():
        if finding.other_periods and not key[0].startswith("towards"):
            assert OTHER[key[0]] in finding.other_periods


def test_the_severity_of_a_contradiction_is_the_end_at_the_rate_by_the_printed_one(
    verdicts: dict[tuple[str, str, int | None, int | None], Finding],
) -> None:
    reed = verdicts["reed-intelligence-cell-and-gene-therapy", "24.1", 2025, 2033]
    assert reed.severity is not None
    assert f"{reed.severity.value:.3f}" == "1.879"  # 21.84 · 1.241^8 / 65.4
