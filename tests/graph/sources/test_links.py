"""A bad link is told with its place, once, and nothing beside it."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from graph.problems import InvalidSeeds, Problem
from graph.sources.landscape import read_landscape
from tests.landscape.spoil import cells, copied, write

GOOD = {
    "entity": "agent:estia-biolabs",
    "relation": "exactMatch",
    "target": "https://ror.org/034xvzb47",
    "identifier": "034xvzb47",
    "label_there": "Estia Biolabs",
    "status": "link-confirmed",
    "source": "https://lists.example/companies.csv",
    "accessed": "2026-11-02",
    "note": "",
}


def problems(folder: Path, rows: Sequence[dict[str, str]]) -> list[Problem]:
    """What is told of the landscape with further links."""
    seeds = copied(folder)
    table = seeds / "reference" / "links.csv"
    head, *former = cells(table)
    write(table, [head, *former, *([row[name] for name in head] for row in rows)])
    try:
        read_landscape(seeds=seeds)
    except InvalidSeeds as error:
        return list(error.problems)
    return []


def test_a_good_link_is_none(tmp_path: Path) -> None:
    assert problems(tmp_path, [GOOD]) == []


@pytest.mark.parametrize(
    ("changes", "column", "message", "remedy"),
    [
        ({"entity": "agent:nobody"}, "entity", "there is no agent 'nobody'", "Correct it"),
        (
            {"entity": "claim:ao-fig-1"},
            "entity",
            "a claim is described here alone",
            "Name one of agent, therapy",
        ),
        (
            {"target": "ror.org/034xvzb47"},
            "target",
            "is no IRI that begins with http:// or https://",
            "The IRI of the thing outside",
        ),
        (
            {"target": "https://w3id.org/therascape/id/agent/nova"},
            "target",
            "is an IRI of ours",
            "retired.csv",
        ),
        ({"relation": "sameAs"}, "relation", "'sameAs' is no mapping relation", "It is:"),
        ({"identifier": "034xvzb4"}, "identifier", "is no identifier of Research", "It is 0, six"),
        (
            {"identifier": "034xvzb48", "target": "https://ror.org/034xvzb48"},
            "identifier",
            "has other check digits",
            "Copy it again",
        ),
        (
            {"identifier": "01f80g185"},
            "target",
            "is not the IRI of 01f80g185",
            "Write https://ror.org/01f80g185.",
        ),
        (
            {"identifier": "Q7", "target": "https://www.wikidata.org/wiki/Q7"},
            "target",
            "is a page of Wikidata",
            "Write http://www.wikidata.org/entity/Q7.",
        ),
        (
            {"identifier": "MONDO:12", "target": "http://purl.obolibrary.org/obo/MONDO_12"},
            "identifier",
            "'MONDO:12' is no identifier of Mondo",
            "seven digits",
        ),
        ({"source": ""}, "source", "is empty, and the link is confirmed", "the link is proposed"),
        ({"label_there": ""}, "label_there", "is empty, and the link is confirmed", "Fill it in"),
        ({"accessed": ""}, "accessed", "is empty, and the link is confirmed", "Fill it in"),
        ({"status": "link-rejected"}, "note", "is empty, and the link is rejected", "Why"),
        ({"status": "link-proposed"}, "note", "is empty, and the link is proposed", "Why"),
        ({"status": "exact"}, "status", "not of the scheme link-status", "link-confirmed"),
        (
            {"target": "http://www.wikidata.org/entity/Q42", "identifier": "Q42"},
            "target",
            "http://www.wikidata.org/entity/Q42 is place:norland already",
            "Reject one of the two",
        ),
    ],
)
def test_a_bad_row_is_told(
    tmp_path: Path, changes: dict[str, str], column: str, message: str, remedy: str
) -> None:
    (problem,) = problems(tmp_path, [GOOD | changes])
    assert (problem.column, problem.line) == (column, 5)
    assert problem.file.endswith("reference/links.csv")
    assert message in problem.message
    assert remedy in problem.remedy


def test_the_same_link_twice_is_told(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, [GOOD, GOOD | {"status": "link-rejected", "note": "no"}])
    assert "the same link stands in" in problem.message


def test_two_things_of_one_authority_cannot_both_be_the_same(tmp_path: Path) -> None:
    other = GOOD | {"target": "https://ror.org/01f80g185", "identifier": "01f80g185"}
    (problem,) = problems(tmp_path, [GOOD, other])
    assert "it is 034xvzb47 there already" in problem.message
    rejected = other | {"status": "link-rejected", "note": "another of the name"}
    assert problems(tmp_path / "again", [GOOD, rejected]) == []


def test_what_is_the_same_is_not_wider(tmp_path: Path) -> None:
    """SKOS Reference, S46."""
    (problem,) = problems(tmp_path, [GOOD, GOOD | {"relation": "broadMatch"}])
    assert "says that they are not the same" in problem.message
    rejected = GOOD | {"status": "link-rejected", "note": "a part of it"}
    assert problems(tmp_path / "again", [rejected, GOOD | {"relation": "broadMatch"}]) == []


def test_two_places_do_not_share_a_code(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    table = seeds / "reference" / "places.csv"
    head, *rows = cells(table)
    at = head.index("notations")
    rows[2][at] = "NXD"
    write(table, [head, *rows])
    with pytest.raises(InvalidSeeds) as caught:
        read_landscape(seeds=seeds)
    told = [problem.message for problem in caught.value.problems]
    assert any("NXD is the code of norland already" in message for message in told)
    assert "has no SX, which is its code" in told
