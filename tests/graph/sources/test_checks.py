"""Each kind of fault, planted in a copy of the invented landscape, is told once and with its place.

Nothing else is told beside it: a fault that drags others behind it hides what is to be mended.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from graph.problems import InvalidSeeds, Problem
from graph.sources.landscape import read_landscape
from tests.landscape.spoil import (
    BRIEF,
    OUTLOOK,
    SEEDS,
    add,
    cells,
    copied,
    delete,
    edit,
    recount,
    swap,
    write,
)


def problems(seeds: Path) -> list[Problem]:
    with pytest.raises(InvalidSeeds) as caught:
        read_landscape(seeds=seeds)
    return list(caught.value.problems)


def test_the_landscape_is_sound() -> None:
    landscape = read_landscape(seeds=SEEDS)
    assert [source.slug for source in landscape.sources] == [BRIEF, OUTLOOK]


@dataclass(frozen=True)
class Fault:
    """`plant` spoils a copy and gives the line; the rest is what must be told."""

    plant: Callable[[Path], int | None]
    file: str
    column: str | None
    message: str
    remedy: str
    alone: bool = True


def changed(file: str, key: str, **changes: str) -> Callable[[Path], int]:
    return lambda seeds: edit(seeds / file, key, **changes)


def added(file: str, like: str, **changes: str) -> Callable[[Path], int]:
    return lambda seeds: add(seeds / file, like, **changes)


def swapped(file: str, old: str, new: str) -> Callable[[Path], int]:
    return lambda seeds: swap(seeds / file, old, new)


def deleted(file: str, key: str) -> Callable[[Path], None]:
    return lambda seeds: delete(seeds / file, key)


def uncounted(file: str, key: str) -> Callable[[Path], int]:
    """Delete a row and leave the count; the line is that of the count."""

    def plant(seeds: Path) -> int:
        path = seeds / file
        write(path, [row for row in cells(path) if row[0] != key])
        table = path.name.split(".")[0]
        lines = (path.parent / "source.toml").read_text("utf-8").splitlines()
        return 1 + next(n for n, line in enumerate(lines) if line.startswith(f"{table} ="))

    return plant


def unlisted(file: str, table: str) -> Callable[[Path], int]:
    """Take a table out of the list; the line is that of the heading."""

    def plant(seeds: Path) -> int:
        swap(seeds / file, f"\n{table} =", "\n# ")
        return swap(seeds / file, "[tables]", "[tables]")

    return plant


OUT, NEWS = f"{OUTLOOK}/", f"{BRIEF}/"
FAULTS = {
    # -- files and cells
    "unknown column": Fault(
        swapped(OUT + "launches.csv", "kind,launched", "kind,launch"),
        *(OUT + "launches.csv", "launch", "no column 'launch'", "Did you mean launched"),
    ),
    "bad date": Fault(
        changed(OUT + "launches.csv", "ao-launch-1", date="2024-02-30"),
        *(OUT + "launches.csv", "date", "'2024-02-30' is no day", "When, as precisely as said"),
    ),
    "negative value": Fault(
        changed(OUT + "market_figures.csv", "ao-fig-1", value="-3.10", printed="-3.10"),
        *(OUT + "market_figures.csv", "value", "must be at least 0, not -3.10", "every digit"),
    ),
    "share above the whole": Fault(
        changed(OUT + "shares.csv", "ao-share-1", value="100.01", printed="100.01"),
        *(OUT + "shares.csv", "value", "must be at most 100, not 100.01", "The share"),
    ),
    "empty cell that is required": Fault(
        changed(OUT + "deals.csv", "ao-deal-1", kind=""),
        *(OUT + "deals.csv", "kind", "is empty", "Fill it in: Kind of agreement"),
    ),
    "one value where the column takes one": Fault(
        changed(OUT + "launches.csv", "ao-launch-1", place="sudria | norland"),
        *(OUT + "launches.csv", "place", "takes one value", "It is: Where"),
    ),
    # -- names of things
    "dangling reference": Fault(
        changed(OUT + "deals.csv", "ao-deal-1", licensee="estia-biolab"),
        *(OUT + "deals.csv", "licensee", "there is no agent 'estia-biolab'", "estia-biolabs?"),
    ),
    "dangling reference like nothing": Fault(
        changed(OUT + "deals.csv", "ao-deal-1", licensee="xyzzy"),
        *(
            OUT + "deals.csv",
            "licensee",
            "there is no agent 'xyzzy'",
            "add it to organisations.csv",
        ),
    ),
    "dangling reference among several": Fault(
        changed(OUT + "deals.csv", "ao-deal-1", parties="brightcell | xyzzy"),
        *(OUT + "deals.csv", "parties", "there is no agent 'xyzzy'", "organisations.csv"),
    ),
    "dangling kind and slug": Fault(
        changed(OUT + "launches.csv", "ao-launch-1", launched="therapy:lumicell"),
        *(OUT + "launches.csv", "launched", "there is no therapy 'lumicell'", "mean lumicel?"),
    ),
    "dangling source": Fault(
        changed(OUT + "quality_notes.csv", "ao-note-1", about="source:xyzzy"),
        *(OUT + "quality_notes.csv", "about", "no source 'xyzzy'", "The sources are acme-brief"),
    ),
    "dangling section": Fault(
        changed(OUT + "launches.csv", "ao-launch-1", section="event"),
        *(OUT + "launches.csv", "section", "there is no section 'event'", "Did you mean events"),
    ),
    "mention without its line": Fault(
        changed(OUT + "launches.csv", "ao-launch-1", paragraph=""),
        *(OUT + "launches.csv", "paragraph", "is empty, and events has a heading", "Count"),
    ),
    "line of a section without a heading": Fault(
        lambda seeds: edit(seeds / NEWS / "sections.csv", "brief", heading=""),
        *(NEWS + "names.csv", "paragraph", "names a line of brief", "Leave it empty"),
    ),
    "section of another source": Fault(
        changed(OUT + "launches.csv", "ao-launch-1", section="news"),
        *(OUT + "launches.csv", "section", "there is no section 'news'", "sections.csv"),
    ),
    "dangling claim": Fault(
        changed(OUT + "mentions.csv", "ao-fig-1", claim="ao-fig-9"),
        *(OUT + "mentions.csv", "claim", "there is no claim 'ao-fig-9'", "Did you mean ao-fig-"),
    ),
    "dangling in a register": Fault(
        changed("reference/places.csv", "norland", within="wordl"),
        *("reference/places.csv", "within", "there is no place 'wordl'", "Did you mean world?"),
    ),
    "dangling alias": Fault(
        changed("reference/aliases.csv", "place:sudria", entity="place:sudri"),
        *("reference/aliases.csv", "entity", "there is no place 'sudri'", "mean sudria?"),
    ),
    "person for an organisation": Fault(
        changed(OUT + "organisation_profiles.csv", "ao-prof-1", organisation="ada-quince"),
        *(
            OUT + "organisation_profiles.csv",
            "organisation",
            "stands in people",
            "organisations.csv",
        ),
    ),
    "unknown term": Fault(
        changed(OUT + "launches.csv", "ao-launch-1", kind="therapy-lunch"),
        *(OUT + "launches.csv", "kind", "no concept 'therapy-lunch'", "mean therapy-launch?"),
    ),
    "term of another list": Fault(
        changed(OUT + "launches.csv", "ao-launch-1", kind="approval"),
        *(
            OUT + "launches.csv",
            "kind",
            "not of the scheme launch-kind",
            "They are therapy-launch.",
        ),
    ),
    "wrong unit": Fault(
        changed(OUT + "shares.csv", "ao-share-1", unit="usd-billion"),
        *(OUT + "shares.csv", "unit", "must be percent, not usd-billion", "It is: Always percent"),
    ),
    "circle of places": Fault(
        changed("reference/places.csv", "world", within="norland"),
        *("reference/places.csv", "within", "'world' stands above itself", "Break the circle"),
        alone=False,  # it is seen from each place on it
    ),
    "section within itself": Fault(
        changed(OUT + "sections.csv", "outlook", parent="outlook"),
        *(OUT + "sections.csv", "parent", "'outlook' stands above itself", "Break the circle"),
    ),
    # -- one row for one thing
    "duplicate id": Fault(
        added(OUT + "factors.csv", "ao-fact-1", id="ao-fact-1"),
        *(OUT + "factors.csv", "id", "already used in seeds/acme-outlook/factors.csv:2", "its own"),
    ),
    "duplicate id in another table": Fault(
        changed(OUT + "credits.csv", "ao-cred-1", id="ao-ref-1"),
        *(
            OUT + "references.csv",
            "id",
            "'ao-ref-1' is already used in seeds/acme-outlook/cred",
            "",
        ),
    ),
    "duplicate slug": Fault(
        added("reference/organisations.csv", "brightcell", slug="brightcell"),
        *("reference/organisations.csv", "slug", "'brightcell' is already used", "another slug"),
    ),
    "two organisations of one name": Fault(
        added("reference/organisations.csv", "brightcell", slug="helio", aliases="", decision=""),
        *("reference/organisations.csv", "label", "is a name of brightcell already", "decision"),
    ),
    "a name where the slug belongs": Fault(
        changed(OUT + "value_chain.csv", "ao-chain-1", organisation="estia-labs-inc"),
        *(OUT + "value_chain.csv", "organisation", "no agent 'estia-labs-inc'", "estia"),
    ),
    "organisation and person of one slug": Fault(
        changed("reference/people.csv", "ada-quince", slug="brightcell", label="Brightcell"),
        *("reference/people.csv", "slug", "already used in seeds/reference/organ", "delete"),
        alone=False,  # and there is no Ada Quince any more
    ),
    "event told twice in a source": Fault(
        added(NEWS + "regulatory_events.csv", "ab-reg-1", id="ab-reg-2"),
        *(NEWS + "regulatory_events.csv", "event", "used in seeds/acme-brief/regu", "mentions.csv"),
    ),
    "event of two kinds": Fault(
        changed(OUT + "launches.csv", "ao-launch-1", event="brightcell-estia-licence"),
        *(OUT + "launches.csv", "event", "used in seeds/acme-outlook/deals.csv:2", "one row"),
    ),
    "event of two kinds in two sources": Fault(
        changed(NEWS + "regulatory_events.csv", "ab-reg-1", event="lumicel-launch-sudria"),
        *(OUT + "launches.csv", "event", "used in seeds/acme-brief/regulatory_events", "one row"),
    ),
    # -- within a row
    "about nothing": Fault(
        changed(OUT + "rankings.csv", "ao-rank-1", place=""),
        *(OUT + "rankings.csv", None, "needs one of segment, place", "what the row is about"),
    ),
    "period that ends before it begins": Fault(
        changed(OUT + "announcements.csv", "ao-ann-1", to_year="2024"),
        *(
            OUT + "announcements.csv",
            "to_year",
            "the period 2025 to 2024 ends",
            "Exchange the years",
        ),
    ),
    "value that is not printed": Fault(
        changed(OUT + "shares.csv", "ao-share-1", value="62.51"),
        *(
            OUT + "shares.csv",
            "value",
            "the digits 62.51 stand in no printed",
            "add what is printed",
        ),
    ),
    "value that lost its last digit": Fault(
        changed(OUT + "shares.csv", "ao-share-1", value="62.5"),
        *(OUT + "shares.csv", "value", "the digits 62.5 stand in no printed", "Correct the value"),
    ),
    "value that lost its first digit": Fault(
        changed(OUT + "shares.csv", "ao-share-1", value="2.50"),
        *(OUT + "shares.csv", "value", "the digits 2.50 stand in no printed", "Correct the value"),
    ),
    "base that is not printed": Fault(
        changed(OUT + "statistics.csv", "ao-stat-1", base="8"),
        *(OUT + "statistics.csv", "base", "the digits 8 stand in no printed", "Correct the value"),
    ),
    "count that is not printed": Fault(
        changed(OUT + "regulatory_events.csv", "ao-reg-1", place_count="45"),
        *(OUT + "regulatory_events.csv", "place_count", "the digits 45 stand in no", "Correct"),
    ),
    "sentence for a fragment": Fault(
        changed(OUT + "factors.csv", "ao-fact-1", printed="x" * 121),
        *(OUT + "factors.csv", "printed", "121 characters; at most 120", "not sentences"),
    ),
    "implied and empty": Fault(
        changed(OUT + "factors.csv", "ao-fact-1", implied="market"),
        *(OUT + "factors.csv", "implied", "says that market is implied", "Fill that column in"),
    ),
    "implied and no column": Fault(
        changed(OUT + "factors.csv", "ao-fact-1", implied="plaice"),
        *(OUT + "factors.csv", "implied", "'plaice' is no column of factors.csv", "It is: Columns"),
    ),
    "where it stands is never implied": Fault(
        changed(OUT + "factors.csv", "ao-fact-1", implied="section"),
        *(OUT + "factors.csv", "implied", "says that section is implied", "do not name it"),
    ),
    "further mention that implies what the claim lacks": Fault(
        changed(OUT + "mentions.csv", "ao-fig-1", implied="segment"),
        *(OUT + "mentions.csv", "implied", "the claim has no segment", "market_figures.csv:2"),
    ),
    "further mention that implies no column": Fault(
        changed(OUT + "mentions.csv", "ao-fig-1", implied="xyzzy"),
        *(OUT + "mentions.csv", "implied", "the claim has no xyzzy", "filled in"),
    ),
    # -- a source
    "row that went missing": Fault(
        uncounted(OUT + "factors.csv", "ao-fact-1"),
        *(OUT + "source.toml", "tables.factors", "0 rows, 1 are expected", "restore it"),
    ),
    "section that went missing": Fault(
        uncounted(OUT + "sections.csv", "outlook"),
        *(OUT + "source.toml", "tables.sections", "6 rows, 7 are expected", "restore it"),
        alone=False,  # what stands in it has no place any more
    ),
    "table that is not listed": Fault(
        unlisted(OUT + "source.toml", "factors"),
        *(OUT + "source.toml", "tables.factors", "is not listed", "Add factors = { rows = 1,"),
    ),
    "id without the prefix": Fault(
        changed(OUT + "factors.csv", "ao-fact-1", id="of-fact-1"),
        *(OUT + "factors.csv", "id", "does not begin with 'ao-'", "choose it once"),
    ),
    "segment without the prefix": Fault(
        changed(OUT + "segments.csv", "ao-seg-3", segment="donor-grafts"),
        *(OUT + "segments.csv", "segment", "does not begin with 'ao-'", "choose it once"),
    ),
    "mention of a claim of another source": Fault(
        changed(OUT + "mentions.csv", "ao-fig-1", claim="ab-fig-1", implied=""),
        *(
            OUT + "mentions.csv",
            "claim",
            "claim:ab-fig-1 is no claim of this source",
            "this folder",
        ),
    ),
    "mention of a doubt": Fault(
        changed(OUT + "mentions.csv", "ao-fig-1", claim="ao-note-1", implied=""),
        *(OUT + "mentions.csv", "claim", "claim:ao-note-1 is no claim", "Name a claim"),
    ),
    "mention that says the same again": Fault(
        added(OUT + "mentions.csv", "ao-fig-1", claim="ao-fig-1"),
        *(OUT + "mentions.csv", None, "mentions.csv:2 shows the same words", "Delete one"),
    ),
    "publisher that is not there": Fault(
        swapped(OUT + "source.toml", 'publisher = "acme-insights"', 'publisher = "acme-insight"'),
        *(OUT + "source.toml", "publisher", "no organisation 'acme-insight'", "acme-insights"),
    ),
    "data group that is not there": Fault(
        swapped(
            NEWS + "source.toml", 'data_group = "acme-insights"', 'data_group = "acme-insight"'
        ),
        *(NEWS + "source.toml", "data_group", "no organisation 'acme-insight'", "acme-insights"),
    ),
    "publisher that is a person": Fault(
        swapped(OUT + "source.toml", 'publisher = "acme-insights"', 'publisher = "ada-quince"'),
        *(OUT + "source.toml", "publisher", "'ada-quince' stands in people", "organisations.csv"),
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_told_once_with_its_place_and_remedy(tmp_path: Path, name: str) -> None:
    fault, seeds = FAULTS[name], copied(tmp_path)
    line = fault.plant(seeds)
    found = problems(seeds)
    told = [p for p in found if fault.message in p.message]
    assert told, f"not told: {found}"
    assert [(p.file, p.line, p.column) for p in told[:1]] == [
        (f"seeds/{fault.file}", line, fault.column)
    ]
    assert fault.remedy in told[0].remedy
    assert all(problem.remedy and problem.line for problem in found)
    if fault.alone:
        assert found == told


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    planted = [
        "bad date",
        "unknown term",
        "dangling reference",
        "wrong unit",
        "duplicate slug",
        "table that is not listed",
    ]
    for name in planted:
        if name == "unknown term":  # on a row of its own: the launch has the bad date
            edit(seeds / OUTLOOK / "distinctions.csv", "ao-dist-1", distinction="therapy-lunch")
        else:
            FAULTS[name].plant(seeds)
    (seeds / BRIEF / "source.toml").write_text("version = 1", "utf-8")
    edit(seeds / BRIEF / "market_figures.csv", "ab-fig-1", market="xyzzy")
    write(seeds / BRIEF / "names.csv", [*cells(seeds / BRIEF / "names.csv"), ["ragged"]])
    told = {(p.file, p.column) for p in problems(seeds)}
    assert told >= {
        (f"seeds/{OUT}launches.csv", "date"),
        (f"seeds/{OUT}distinctions.csv", "distinction"),
        (f"seeds/{OUT}deals.csv", "licensee"),
        (f"seeds/{OUT}shares.csv", "unit"),
        ("seeds/reference/organisations.csv", "slug"),
        (f"seeds/{OUT}source.toml", "tables.factors"),
        (f"seeds/{NEWS}source.toml", "title"),
        (f"seeds/{NEWS}market_figures.csv", "market"),
        (f"seeds/{NEWS}names.csv", None),
    }


def test_a_row_with_a_fault_still_counts_and_can_be_named(tmp_path: Path) -> None:
    """One bad cell in a register is one problem, not one for each row that names the thing."""
    seeds = copied(tmp_path)
    line = edit(seeds / "reference" / "organisations.csv", "brightcell", type="Company")
    edit(seeds / OUTLOOK / "sections.csv", "events", parent="no slug")
    edit(seeds / OUTLOOK / "market_figures.csv", "ao-fig-1", value="many")
    assert [(p.file, p.column) for p in problems(seeds)] == [
        (f"seeds/{OUT}market_figures.csv", "value"),
        (f"seeds/{OUT}sections.csv", "parent"),
        ("seeds/reference/organisations.csv", "type"),
    ]
    assert problems(seeds)[-1].line == line


@pytest.mark.parametrize(
    "name",
    [
        "reference/organisations.csv",
        "reference/concepts.csv",
        OUT + "sections.csv",
        OUT + "launches.csv",
    ],
)
def test_a_table_that_cannot_be_read_is_one_problem(tmp_path: Path, name: str) -> None:
    """What names its rows is not wrong for that."""
    seeds = copied(tmp_path)
    path = seeds / name
    for data in (b"\xff", path.read_bytes().replace(b",", b";", 1), path.read_bytes() + b'"x'):
        path.write_bytes(data)
        found = problems(seeds)
        assert {problem.file for problem in found} == {f"seeds/{name}"}


def test_a_row_that_is_ragged_counts(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    rows = cells(seeds / "reference" / "organisations.csv")
    rows[3] = rows[3][:2]
    write(seeds / "reference" / "organisations.csv", rows)
    found = problems(seeds)
    assert [(p.file, p.line) for p in found] == [("seeds/reference/organisations.csv", 4)]


def test_two_sources_do_not_share_a_prefix(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    swap(seeds / BRIEF / "source.toml", 'id_prefix = "ab"', 'id_prefix = "ao"')
    for path in (seeds / BRIEF).glob("*.csv"):
        write(path, [[c.replace("ab-", "ao-b") for c in row] for row in cells(path)])
    (problem,) = problems(seeds)
    assert (problem.file, problem.column) == (f"seeds/{OUT}source.toml", "id_prefix")
    assert "is the prefix of seeds/acme-brief already" in problem.message


def test_one_event_may_be_told_by_several_sources_once_each(tmp_path: Path) -> None:
    """A third telling is measured against its own source, not against who told it first."""
    seeds = copied(tmp_path)
    line = add(seeds / OUTLOOK / "regulatory_events.csv", "ao-reg-1", id="ao-reg-9")
    (problem,) = problems(seeds)
    assert (problem.file, problem.line) == (f"seeds/{OUT}regulatory_events.csv", line)


def test_a_thousand_unknown_names_do_not_take_a_thousand_moments(tmp_path: Path) -> None:
    """Near names are proposed for the first ones, and every one is told."""
    seeds = copied(tmp_path)
    path = seeds / OUTLOOK / "names.csv"
    head, row = cells(path)
    rows = [[f"ao-name-{n}", f"agent:brightcell-{n}", *row[2:]] for n in range(1000)]
    write(path, [head, *rows])
    recount(path.parent)
    found = problems(seeds)
    assert len(found) == 1000
    assert sum("Did you mean brightcell?" in problem.remedy for problem in found) == 200
    assert all("add it to organisations.csv" in problem.remedy for problem in found)


def test_limits_belong_to_what_is_allowed(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    edit(seeds / OUTLOOK / "factors.csv", "ao-fact-1", printed="x" * 120)
    edit(seeds / OUTLOOK / "announcements.csv", "ao-ann-1", from_year="2031")
    edit(seeds / OUTLOOK / "shares.csv", "ao-share-1", value="100", printed="100%")
    edit(seeds / OUTLOOK / "market_figures.csv", "ao-fig-2", value="0", printed="USD 0")
    read_landscape(seeds=seeds)


def test_listed_tables_may_be_empty_or_absent(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    manifest = seeds / BRIEF / "source.toml"
    manifest.write_text(
        manifest.read_text("utf-8") + "launches = { rows = 0, complete = true }\n", "utf-8"
    )
    read_landscape(seeds=seeds)
    (seeds / BRIEF / "launches.csv").write_text(
        "id,event,kind,organisations,section,paragraph,stated,printed\n", "utf-8"
    )
    read_landscape(seeds=seeds)


def test_a_further_mention_may_name_what_its_claim_implies_there(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    edit(seeds / OUTLOOK / "mentions.csv", "ao-fig-1", implied="market | year")
    read_landscape(seeds=seeds)


@pytest.mark.parametrize("table", sorted(path.name for path in (SEEDS / OUTLOOK).glob("*.csv")))
def test_a_column_too_many_is_told_in_every_table(tmp_path: Path, table: str) -> None:
    seeds = copied(tmp_path)
    path = seeds / OUTLOOK / table
    write(path, [[*row, "xyzzy" if n == 0 else ""] for n, row in enumerate(cells(path))])
    recount(path.parent)
    (problem,) = problems(seeds)
    assert (problem.file, problem.line, problem.column) == (f"seeds/{OUT}{table}", 1, "xyzzy")


def test_a_group_has_no_group_above_it(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    register = seeds / "reference" / "organisations.csv"
    edit(register, "helio-norland", group="brightcell")
    edit(register, "brightcell", group="helio-group")
    edit(register, "helio-group", group="helio-group")  # as if left empty
    (problem,) = problems(seeds)
    assert problem.column == "group"
    assert problem.message == "brightcell is in the group of agent:helio-group itself"
