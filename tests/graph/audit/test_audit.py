"""Each finding follows from what sources print, and is gone when they print otherwise."""

from collections.abc import Callable
from pathlib import Path

import pytest

from graph.audit import KINDS, Finding, audit, findings_of
from graph.audit.finding import quads
from graph.build import statements
from graph.figures.stored import merged, selecting
from graph.sources.landscape import read_landscape
from tests.landscape.made import IRIS, ask, make
from tests.landscape.spoil import BRIEF, OUTLOOK, SEEDS, add, cells, copied, edit, write

Change = Callable[[Path], object]


def audited(seeds: Path = SEEDS) -> list[Finding]:
    return list(findings_of(selecting(merged(statements(read_landscape(seeds=seeds), IRIS)), IRIS)))


def found(seeds: Path = SEEDS) -> list[tuple[str, str, bool | None]]:
    return [(f.kind, f.text, f.agrees) for f in audited(seeds)]


def of(kind: str, seeds: Path) -> list[tuple[str, bool | None]]:
    return [(text, agrees) for k, text, agrees in found(seeds) if k == kind]


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return copied(tmp_path)


def print_as(path: Path, key: str, value: str) -> None:
    """Another value, with what is printed for it."""
    edit(path, key, value=value, printed=f"{value} | 2024 | 2031")


def figures(seeds: Path, source: str) -> Path:
    return seeds / source / "market_figures.csv"


@pytest.fixture
def strangers(seeds: Path) -> Path:
    """The brief is of a data group of its own."""
    manifest = seeds / BRIEF / "source.toml"
    lines = manifest.read_text("utf-8").splitlines(keepends=True)
    manifest.write_text("".join(line for line in lines if not line.startswith("data_group")))
    return seeds


def test_what_the_invented_sources_print() -> None:
    market = "World market for lumen grafts"
    assert found() == [
        ("rate-consistent", (f"{market}: 13.8 % a year, stated for 2024 to 2031, is that of its"
         " figures, nearly 3.10 in 2024 and 7.64 in 2031: 13.75 % (13.72 to 13.79)"), True),
        ("implied-growth", (f"{market}: from nearly 3.10 in 2024 to 7.64 in 2031 is 13.75 %"
         " (13.72 to 13.79) a year over 7 years"), None),
        ("revision", (f"{market}, 2024: is revised from nearly 3.10 (Acme, Outlook (2024)) to 2.9"
         " (Acme, Brief (2025), narrower scope), 0.94 times; which came first is not known, as one"
         " has no date"), False),
        ("share-of-figure", (f"Autologous Grafts, {market}: 62.50 % of nearly 3.10 in 2024 is 1.938"
         " (1.934 to 1.941)"), None),
    ]  # fmt: skip


def test_every_kind_that_is_found_is_listed_and_is_a_concept() -> None:
    concepts = cells(SEEDS / "reference" / "concepts.findings.csv")
    assert {row[0] for row in concepts if row[2] == "finding-kind"} == set(KINDS)


def test_figures_of_two_data_groups(strangers: Path) -> None:
    assert of("revision", strangers) == []
    assert of("figures-differ", strangers) == [
        (("World market for lumen grafts, 2024: nearly 3.10 (Acme, Outlook (2024)) is 1.07 times"
          " 2.9 (Acme, Brief (2025), narrower scope)"), False)
    ]  # fmt: skip


def test_a_rate_that_its_figures_do_not_have(seeds: Path) -> None:
    print_as(seeds / OUTLOOK / "growth_rates.csv", "ao-rate-1", "13.9")
    ((text, agrees),) = of("rate-contradicted", seeds)
    assert "13.9 % a year, stated for 2024 to 2031, is not that of its figures" in text
    assert agrees is False


@pytest.mark.parametrize(
    ("years", "period"),
    [
        (("", ""), "no period"),
        (("", "2031"), "the time until 2031"),
        (("2024", ""), "the time from 2024"),
        (("2025", "2031"), "2025 to 2031 (2025 not printed)"),
    ],
)
def test_a_rate_of_other_years_than_stated(
    seeds: Path, years: tuple[str, str], period: str
) -> None:
    path = seeds / OUTLOOK / "growth_rates.csv"
    edit(path, "ao-rate-1", from_year=years[0], to_year=years[1])
    ((text, agrees),) = of("rate-of-another-period", seeds)
    assert f"stated for {period}, is that of other figures, nearly 3.10 in 2024" in text
    assert agrees is True


def test_a_rate_of_another_scope_is_not_compared(seeds: Path) -> None:
    edit(seeds / OUTLOOK / "growth_rates.csv", "ao-rate-1", segment="ao-donor")
    ((text, agrees),) = of("rate-not-checkable", seeds)
    assert text.endswith("cannot be checked: no figure above zero is printed for it")
    assert agrees is None


def test_a_figure_of_zero_has_no_growth_and_is_no_base_of_a_ratio(seeds: Path) -> None:
    print_as(figures(seeds, OUTLOOK), "ao-fig-1", "0.00")
    print_as(figures(seeds, BRIEF), "ab-fig-1", "0.0")
    assert {kind for kind, _, _ in found(seeds)} == {"share-of-figure", "rate-not-checkable"}
    ((text, _),) = of("rate-not-checkable", seeds)
    assert text.endswith("what is printed for 2024 is not above zero")


def test_a_figure_that_falls_to_zero_has_no_growth(seeds: Path) -> None:
    print_as(figures(seeds, OUTLOOK), "ao-fig-2", "0.0")
    assert of("implied-growth", seeds) == []
    assert of("rate-contradicted", seeds) == []


def test_a_share_of_a_year_without_figure(seeds: Path) -> None:
    edit(seeds / OUTLOOK / "shares.csv", "ao-share-1", year="2023")
    ((text, _),) = of("share-without-figure", seeds)
    assert text.endswith("62.50 % of an unknown amount, since no figure of 2023 is printed")


def _other_market(seeds: Path, **columns: str) -> None:
    markets = seeds / "reference" / "markets.csv"
    add(markets, "global-lumen-grafts", slug="norland-lumen-grafts", label="Norland market",
        place="norland", **columns)  # fmt: skip


def test_one_share_printed_of_two_markets(seeds: Path) -> None:
    _other_market(seeds)
    shares = seeds / OUTLOOK / "shares.csv"
    add(shares, "ao-share-1", id="ao-share-2", market="norland-lumen-grafts")
    ((text, agrees),) = of("share-of-two-markets", seeds)
    assert "62.50 %; the same share is printed of another market, Norland market" in text
    assert agrees is False
    print_as(shares, "ao-share-2", "62.5")
    assert of("share-of-two-markets", seeds) == []


def test_shares_of_one_dimension_that_exceed_the_whole(seeds: Path) -> None:
    shares = seeds / OUTLOOK / "shares.csv"
    add(shares, "ao-share-1", id="ao-share-2", segment="ao-donor")
    print_as(shares, "ao-share-2", "37.51")
    assert of("shares-exceed-whole", seeds) == []  # within rounding
    print_as(shares, "ao-share-2", "37.52")
    ((text, agrees),) = of("shares-exceed-whole", seeds)
    assert text.endswith("2 shares are 100.02 % together")
    assert agrees is False
    edit(shares, "ao-share-2", segment="ao-patient-cells")  # a part of the other one
    assert of("shares-exceed-whole", seeds) == []


def test_figures_that_agree_within_rounding(strangers: Path) -> None:
    print_as(figures(strangers, BRIEF), "ab-fig-1", "3.1")
    ((text, agrees),) = of("figures-agree", strangers)
    assert "3.1 (Acme, Brief (2025), narrower scope) is 1.00 times nearly 3.10" in text
    assert agrees is True


def test_figures_of_other_years_units_or_scopes_are_not_compared(strangers: Path) -> None:
    path = figures(strangers, BRIEF)
    for changes in ({"year": "2025"}, {"year": "2024", "unit": "people"}):
        edit(path, "ab-fig-1", **changes)
        assert of("figures-differ", strangers) == []


def test_a_part_of_a_market_beside_the_whole(seeds: Path) -> None:
    _other_market(seeds, parent="global-lumen-grafts")
    edit(figures(seeds, BRIEF), "ab-fig-1", market="norland-lumen-grafts")
    print_as(figures(seeds, BRIEF), "ab-fig-1", "1.24")
    ((text, agrees),) = of("part-of-figure", seeds)
    assert text == (
        "Norland market, 2024: 1.24 (Acme, Brief (2025), narrower scope) is 40.0 % of"
        " nearly 3.10 (Acme, Outlook (2024)), World market for lumen grafts"
    )
    assert agrees is True
    print_as(figures(seeds, BRIEF), "ab-fig-1", "3.2")
    assert [agrees for _, agrees in of("part-exceeds-whole", seeds)] == [False]


def _region_in_brief(seeds: Path, *members: str) -> None:
    write(seeds / BRIEF / "places.csv", [
        ["slug", "label", "type"],
        ["ab-boreal-region", "Boreal region", "report-region"],
        ["ab-rest", "Rest of it", "place-report-rest"],
    ])  # fmt: skip
    rows = [["id", "region", "member", "section", "paragraph", "stated", "printed"]]
    for number, member in enumerate(members, 1):
        rows.append([f"ab-grp-{number}", "ab-boreal-region", member, "news", "1", "stated", "x"])
    write(seeds / BRIEF / "groupings.csv", rows)
    with (seeds / BRIEF / "source.toml").open("a") as manifest:
        manifest.write(f"groupings = {{ rows = {len(members)}, complete = true }}\n")


def test_a_region_of_one_name_with_other_members(seeds: Path) -> None:
    _region_in_brief(seeds, "norland", "world")
    assert of("region-of-same-name", seeds) == [
        (("Boreal region: only Acme, Brief (2025) counts World; only Acme, Outlook (2024) counts"
         " Sudria"), False)
    ]  # fmt: skip


def test_a_region_of_one_name_with_the_same_members(seeds: Path) -> None:
    _region_in_brief(seeds, "norland", "sudria")
    assert of("region-of-same-name", seeds) == [("Boreal region: drawn alike in both", True)]


def test_a_residual_group_is_what_the_named_places_leave(seeds: Path) -> None:
    _region_in_brief(seeds, "norland", "ab-rest")
    places = seeds / OUTLOOK / "places.csv"
    rows = [[*row, ""][:4] for row in cells(places)]
    write(places, [*rows, ["ao-rest", "Rest of it", "place-report-rest", ""]])
    add(seeds / OUTLOOK / "groupings.csv", "ao-grp-1", id="ao-grp-3", member="ao-rest")
    assert ("Rest of it: only Acme, Outlook (2024) leaves out Sudria", False) in of(
        "region-of-same-name", seeds
    )


def _segments_in_brief(seeds: Path, **columns: str) -> None:
    row = {"id": "ab-seg-1", "segment": "ab-donor", "name": "DONOR grafts", "dimension":
           "by-source", "kind": "main-segment", "parent": "", "concept": "donor",
           "mapping": "exact", "section": "news", "paragraph": "1", "stated": "stated",
           "printed": "x"} | columns  # fmt: skip
    write(seeds / BRIEF / "segments.csv", [list(row), list(row.values())])
    with (seeds / BRIEF / "source.toml").open("a") as manifest:
        manifest.write("segments = { rows = 1, complete = true }\n")


@pytest.mark.parametrize(
    ("columns", "text", "agrees"),
    [
        ({}, "DONOR grafts: the same in both", True),
        ({"concept": "autologous"}, "mapped to Autologous and to Donor", False),
        ({"concept": "", "mapping": "no-match"}, "mapped to nothing and to Donor", False),
        ({"name": "Autologous grafts", "concept": "autologous"},
         "divided into nothing and into patient cells", False),
    ],
)  # fmt: skip
def test_segments_of_one_name(
    seeds: Path, columns: dict[str, str], text: str, agrees: bool
) -> None:
    _segments_in_brief(seeds, **columns)
    ((told, same),) = of("segment-of-same-name", seeds)
    assert text in told
    assert same is agrees


def test_a_finding_is_stated_with_its_premises_bounds_and_sources() -> None:
    quads = list(audit(selecting(merged(make().claimed), IRIS), IRIS))
    assert {quad.graph_name for quad in quads} == {IRIS.graph("audit")}
    rows = ask(
        merged(quads),
        """SELECT ?value ?low ?high ?unit ?agrees ?from ?to
             (GROUP_CONCAT(DISTINCT STR(?p); SEPARATOR = " ") AS ?premises)
             (COUNT(DISTINCT ?source) AS ?sources) {
             ?f a kg:Finding ; dct:type <id/concept/revision> ; kg:about ?about ;
               kg:computedValue ?value ; kg:lowest ?low ; kg:highest ?high ; kg:agrees ?agrees ;
               sdmx-attribute:unitMeasure ?unit ; kg:fromYear ?from ; kg:toYear ?to ;
               dct:source ?source .
             { SELECT ?f ?p { ?f kg:premise ?p } ORDER BY ?p }
           } GROUP BY ?value ?low ?high ?unit ?agrees ?from ?to""",
    )
    assert rows == [
        (
            '"0.935484"^^<xsd:decimal>', '"0.917874"^^<xsd:decimal>', '"0.953151"^^<xsd:decimal>',
            "id/concept/times", '"false"^^<xsd:boolean>', '"2024"^^<xsd:gYear>',
            '"2024"^^<xsd:gYear>',
            f'"{IRIS.base}id/claim/ab-fig-1 {IRIS.base}id/claim/ao-fig-1"',
            '"2"^^<xsd:integer>',
        )
    ]  # fmt: skip


def test_a_verdict_is_stated_with_what_it_needs(seeds: Path) -> None:
    path = seeds / OUTLOOK / "growth_rates.csv"
    edit(path, "ao-rate-1", from_year="2025")
    print_as(path, "ao-rate-1", "15")
    quads = audit(selecting(merged(statements(read_landscape(seeds=seeds), IRIS)), IRIS), IRIS)
    rows = ask(
        merged(quads),
        """SELECT ?value ?unit ?year ?growth ?neighbour {
             ?f dct:type <id/concept/rate-undetermined> ; kg:neededValue ?value ;
               kg:neededUnit ?unit ; kg:neededYear ?year ; kg:neededGrowth ?growth ;
               kg:neededGrowthYear ?neighbour ; kg:neededLowest ?low ; kg:neededHighest ?high .
             FILTER (?low < ?value && ?value < ?high) }""",
    )
    # 7.64 / 1.15^6 = 3.30298, which is 6.54783 % more than 3.10.
    assert rows == [
        ('"3.30298"^^<xsd:decimal>', "id/concept/usd-billion", '"2025"^^<xsd:gYear>',
         '"6.54783"^^<xsd:decimal>', '"2024"^^<xsd:gYear>')
    ]  # fmt: skip


def test_what_lies_on_one_source_does_not_depend_on_the_others(seeds: Path) -> None:
    both = {text for kind, text, _ in found(seeds) if kind != "revision"}
    (seeds / "reference" / "aliases.csv").unlink()
    for source in (OUTLOOK, BRIEF):
        alone = copied(seeds / source)
        for other in {OUTLOOK, BRIEF} - {source}:
            for path in (alone / other).iterdir():
                path.unlink()
            (alone / other).rmdir()
        assert {text for _, text, _ in found(alone)} <= both


def test_a_region_and_its_rest_are_two_findings_whatever_comes_first(seeds: Path) -> None:
    _region_in_brief(seeds, "ab-rest", "norland")
    write(
        seeds / OUTLOOK / "places.csv",
        [
            ["slug", "label", "type"],
            ["ao-boreal-region", "Boreal Region", "report-region"],
            ["ao-rest", "Rest of it", "place-report-rest"],
        ],
    )
    groupings = seeds / OUTLOOK / "groupings.csv"
    add(groupings, "ao-grp-1", id="ao-grp-0", member="ao-rest")
    made = [f for f in audited(seeds) if f.kind == "region-of-same-name"]
    assert len(made) == 2
    nodes = {next(quads(f, IRIS, IRIS.graph("audit"))).subject for f in made}
    assert len(nodes) == 2
