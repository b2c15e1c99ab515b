"""Merge decisions: what was retired stays known, and what refers to it refers to its successor."""

from pathlib import Path

import pytest

from graph.problems import InvalidSeeds, Problem
from graph.sources.landscape import Landscape, read_landscape
from graph.sources.records import Record, Reference
from tests.landscape.spoil import BRIEF, OUTLOOK, SEEDS, add, copied, delete, edit

RETIRED = Path("reference", "retired.csv")


def record(landscape: Landscape, id_: str) -> Record:
    (found,) = [r for source in landscape.sources for r in source.records if r.id == id_]
    return found


def problems(seeds: Path, *extra: Path) -> list[Problem]:
    with pytest.raises(InvalidSeeds) as caught:
        read_landscape(extra, seeds=seeds)
    return list(caught.value.problems)


def test_a_reference_to_a_retired_thing_means_its_successor() -> None:
    listing = record(read_landscape(seeds=SEEDS), "ao-list-2")
    assert listing.one("organisation") == Reference("agent", "estia-biolabs")


def test_successors_may_be_retired_in_turn(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    add(seeds / RETIRED, entity="agent:estia", replaced_by="agent:estia-labs", reason="older")
    edit(seeds / OUTLOOK / "listings.csv", "ao-list-2", organisation="estia")
    landscape = read_landscape(seeds=seeds)
    assert record(landscape, "ao-list-2").one("organisation") == Reference("agent", "estia-biolabs")
    # So in a cell of several values, where both names then mean one thing.
    edit(seeds / OUTLOOK / "deals.csv", "ao-deal-1", parties="brightcell | estia | estia-biolabs")
    assert record(read_landscape(seeds=seeds), "ao-deal-1").values["parties"] == (
        Reference("agent", "brightcell"),
        Reference("agent", "estia-biolabs"),
    )


def test_two_registered_things_become_one_with_all_their_names(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    edit(seeds / "reference" / "organisations.csv", "old-helio", aliases="Helio of Old")
    line = add(seeds / RETIRED, entity="agent:old-helio", replaced_by="agent:helio-group")
    edit(seeds / RETIRED, "agent:old-helio", reason="a new name of one company")
    delete(seeds / OUTLOOK / "organisation_relations.csv", "ao-rel-3")
    landscape = read_landscape(seeds=seeds)
    known = {r.subject for r in landscape.registers if r.table.role == "register"}
    assert Reference("agent", "old-helio") not in known
    (names,) = [
        r
        for r in landscape.registers
        if r.table.role == "aliases" and r.one("entity") == Reference("agent", "helio-group")
    ]
    assert names.values["alias"] == ("Old Helio", "Helio of Old")
    assert names.text("decision") == "a new name of one company"
    assert line == 4


def test_two_events_become_one_that_each_source_tells(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    edit(seeds / BRIEF / "regulatory_events.csv", "ab-reg-1", event="lumicel-approved")
    old, new = "event:lumicel-approved", "event:lumicel-approval-norland"
    add(seeds / RETIRED, entity=old, replaced_by=new, reason="one approval")
    landscape = read_landscape(seeds=seeds)
    assert record(landscape, "ab-reg-1").subject == record(landscape, "ao-reg-1").subject


def test_further_mentions_follow_their_claim(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    add(seeds / RETIRED, entity="claim:ao-fig-7", replaced_by="claim:ao-fig-1", reason="the same")
    edit(seeds / OUTLOOK / "mentions.csv", "ao-fig-1", claim="ao-fig-7")
    (_, outlook) = read_landscape(seeds=seeds).sources
    assert list(outlook.further_mentions()) == ["ao-fig-1"]


def test_a_user_can_merge_what_is_shipped(tmp_path: Path) -> None:
    own = tmp_path / "reference"
    own.mkdir()
    (own / "retired.csv").write_text(
        "entity,replaced_by,reason\nagent:old-helio,agent:brightcell,for the example\n", "utf-8"
    )
    landscape = read_landscape((own,), seeds=SEEDS)
    assert record(landscape, "ao-rel-3").one("other") == Reference("agent", "brightcell")


def test_the_publisher_of_a_report_can_be_merged_too(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    press, insights = "agent:acme-press", "agent:acme-insights"
    add(seeds / RETIRED, entity=press, replaced_by=insights, reason="one house")
    (brief, _) = read_landscape(seeds=seeds).sources
    assert brief.manifest.publisher == "acme-insights"


@pytest.mark.parametrize(
    ("entity", "replaced_by", "column", "message", "remedy"),
    [
        ("nonsense", "", "entity", "'nonsense' is no thing that can be retired", "kind:slug"),
        ("agent:", "", "entity", "'agent:' is no thing", "the kinds are agent"),
        ("agent:No Slug", "", "entity", "is no thing that can be retired", "the kinds are agent"),
        ("section:news", "", "entity", "is no thing that can be retired", "the kinds are agent"),
        ("source:acme-brief", "", "entity", "is no thing that can be retired", "the kinds are"),
        ("rule:owns", "", "entity", "is no thing that can be retired", "the kinds are agent"),
        ("agent:x", "agent:gone", "replaced_by", "there is no agent 'gone'", "organisations.csv"),
        ("agent:x", "place:norland", "replaced_by", "agent:x is no place", "Name another agent"),
        ("agent:x", "norland", "replaced_by", "must be kind:slug", "What stands in its place"),
        ("agent:x", "agent:x", "replaced_by", "agent:x is replaced by itself", "Break the circle"),
        ("agent:estia-labs", "", "replaced_by", "is retired otherwise in seeds", "Keep one of the"),
        ("claim:ao-fig-1", "", "id", "retired in seeds/reference/retired.csv:4", "Delete the row"),
        ("claim:ao-note-1", "", "id", "and still has a row", "Delete the row, or the one that"),
        ("agent:old-helio", "", "slug", "and still has a row", "Delete the row, or the one that"),
        ("event:boreal-network", "", "event", "and still has a row", "Delete the row, or the one"),
    ],
)
def test_a_merge_that_cannot_hold_is_refused(
    tmp_path: Path, *, entity: str, replaced_by: str, column: str, message: str, remedy: str
) -> None:
    seeds = copied(tmp_path)
    add(seeds / RETIRED, entity=entity, replaced_by=replaced_by, reason="for the example")
    found = [p for p in problems(seeds) if message in p.message and p.column == column]
    assert len(found) == 1
    assert remedy in found[0].remedy
    if column in ("entity", "replaced_by"):
        assert (found[0].file, found[0].line) == (f"seeds/{RETIRED.as_posix()}", 4)


def test_a_circle_of_merges_is_told_and_not_walked_for_ever(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    for old, new in (("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")):
        add(seeds / RETIRED, entity=f"agent:{old}", replaced_by=f"agent:{new}", reason="x")
    edit(seeds / OUTLOOK / "listings.csv", "ao-list-2", organisation="d")
    told = [p.line for p in problems(seeds) if "replaced by itself" in p.message]
    assert told == [4, 5, 6]


def test_what_was_withdrawn_can_no_longer_be_named(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    add(seeds / RETIRED, entity="agent:brightcel", replaced_by="", reason="a slip of the pen")
    line = edit(seeds / OUTLOOK / "activities.csv", "ao-act-1", organisation="brightcel")
    (problem,) = problems(seeds)
    assert (problem.file, problem.line) == (f"seeds/{OUTLOOK}/activities.csv", line)
    assert "is retired in seeds/reference/retired.csv:4, and nothing stands" in problem.message


def test_the_same_decision_twice_is_one_decision(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    add(seeds / RETIRED, "agent:estia-labs", entity="agent:estia-labs")
    read_landscape(seeds=seeds)
