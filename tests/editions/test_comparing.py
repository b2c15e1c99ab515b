"""Two editions side by side: what the later says otherwise, and what the silence of each means."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.build import build
from graph.landscape import Answer, Asking, InvalidParameter, Iri
from graph.landscape.answers import No
from graph.landscape.edition_changes import ABOUT, Told, changes
from graph.landscape.editions import EDITIONS, NONE
from graph.query import EmbeddedEngine
from graph.release import DataDirectory, Release
from tests.editions.made import NEW, OLD, SERIES, make_pair
from tests.landscape.made import IRIS

FIGURE = "World market for lumen grafts, market size"


def ask(asking: Asking, **arguments: Any) -> Answer:
    given: dict[str, Any] = {"series": None, "older": None, "newer": None, "about": ()}
    return EDITIONS.run(asking, given | arguments)


def told(answer: Answer) -> set[tuple[str, str, str, str]]:
    return {(row["change"], row["what"], row["before"], row["after"]) for row in answer.rows}


def test_every_change_that_was_made_is_found_and_no_other(asking: Asking) -> None:
    answer = ask(asking)
    assert told(answer) == {
        ("figure revised", f"{FIGURE}, 2024", "nearly 3.10 billion USD", "nearly 3.45 billion USD"),
        ("figure added", f"{FIGURE}, 2033", "not stated", "9.9 billion USD"),
        (
            "rate revised",
            "World market for lumen grafts, growth rate (compound annual)",
            "13.8%, 2024 to 2031",
            "13.2%, 2024 to 2031",
        ),
        (
            "share revised",
            "Autologous Grafts, World market for lumen grafts, share, 2024",
            "62.50%",
            "60.00%",
        ),
        ("player added", "Helio Norland", "not stated", "told"),
        ("player dropped", "Estia Biolabs", "told", "not stated"),
        ("segment added", "Borrowed Grafts (By source)", "not stated", "told"),
        ("segment dropped", "Donor Grafts (By source)", "told", "not stated"),
        (
            "event dropped",
            "Therapy launch, Lumicel, Brightcell, Sudria, ../2024-06",
            "told",
            "not stated",
        ),
    }
    assert [row["about"] for row in answer.rows] == sorted(
        (row["about"] for row in answer.rows), key=ABOUT.index
    )
    assert any("no news about a company" in note for note in answer.notes)
    assert any("as printed" in note for note in answer.notes)
    assert [one.report.iri for one in answer.completeness] == [
        IRIS.source(OLD).value,
        IRIS.source(NEW).value,
    ]


def test_both_sides_have_their_evidence(asking: Asking) -> None:
    rows = {(row["change"], row["what"]): row for row in ask(asking).rows}
    revised = rows["figure revised", f"{FIGURE}, 2024"]["evidence"]
    assert [one.report.label for one in revised] == ["Acme, Outlook (2024)", "Acme, Outlook (2025)"]
    assert [one.facts for one in revised] == [
        (IRIS.thing("claim", "ao-fig-1").value,),
        (IRIS.thing("claim", "ap-fig-1").value,),
    ]
    assert revised[0].sections == ("Market size, 1",)
    (dropped,) = rows["player dropped", "Estia Biolabs"]["evidence"]
    assert dropped.report.iri == IRIS.source(OLD).value
    assert dropped.sections == ("Players",)
    thing = rows["player dropped", "Estia Biolabs"]["thing"]
    assert (thing.label, thing.type) == ("Estia Biolabs", "agent")


def test_what_was_not_read_completely_is_not_yet_recorded(tmp_path: Path) -> None:
    seeds = make_pair(tmp_path, incomplete=("listings", "segments"))
    release = build(DataDirectory(tmp_path / "data"), seeds=seeds).release
    answer = ask(Asking(EmbeddedEngine.over(release), release.iris.base))
    found = {(row["about"], row["what"]): (row["change"], row["after"]) for row in answer.rows}
    silent = ("not yet recorded", "not yet recorded")
    assert found["player", "Estia Biolabs"] == silent
    assert found["segment", "Donor Grafts (By source)"] == silent
    assert found["player", "Helio Norland"] == ("player added", "told")
    assert found["event", "Therapy launch, Lumicel, Brightcell, Sudria, ../2024-06"] == (
        "event dropped",
        "not stated",
    )


@pytest.mark.parametrize(
    "arguments",
    [
        {"series": Iri(IRIS.thing("series", SERIES).value)},
        {"older": Iri(IRIS.source(OLD).value)},
        {"newer": Iri(IRIS.source(NEW).value)},
        {"older": Iri(IRIS.source(OLD).value), "newer": Iri(IRIS.source(NEW).value)},
    ],
)
def test_a_pair_is_named_in_several_ways(asking: Asking, arguments: dict[str, Any]) -> None:
    assert ask(asking, **arguments).rows == ask(asking).rows
    assert {row["about"] for row in ask(asking, **arguments, about=("share",)).rows} == {"share"}


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"newer": OLD}, "newer"),
        ({"older": NEW}, "older"),
        ({"older": NEW, "newer": OLD}, "older"),
        ({"older": "acme-brief", "newer": NEW}, "older"),
        ({"newer": "acme-brief"}, "newer"),
    ],
)
def test_what_is_no_pair_is_refused(asking: Asking, arguments: dict[str, str], name: str) -> None:
    with pytest.raises(InvalidParameter) as refused:
        ask(asking, **{key: Iri(IRIS.source(slug).value) for key, slug in arguments.items()})
    assert refused.value.name == name


def test_without_editions_there_is_nothing_to_compare(newer: Release) -> None:
    answer = ask(Asking(EmbeddedEngine.over(newer), newer.iris.base))
    assert (answer.rows, answer.notes, answer.completeness) == ([], (NONE,), ())


# -- the comparison by itself ---------------------------------------------------------------------

_WORDS = st.sampled_from(["a", "b", "c"])
_TOLD = st.builds(
    lambda about, key, said, amount, period: Told(
        about, f"of {about}", key, f"{about} {key}", said, period, amount
    ),
    st.sampled_from(ABOUT),
    _WORDS,
    _WORDS,
    st.integers(1, 2),
    st.integers(1, 2),
)
_EDITION = st.lists(_TOLD, max_size=12, unique_by=lambda one: (one.about, one.key, one.period))
_SILENCE = st.sampled_from(["not stated", "not yet recorded"])
Silence = Mapping[Literal["older", "newer"], Mapping[str, No]]


def silent(older: No, newer: No) -> Silence:
    return {
        "older": {f"of {about}": older for about in ABOUT},
        "newer": {f"of {about}": newer for about in ABOUT},
    }


@given(_EDITION)
def test_an_edition_does_not_differ_from_itself(edition: list[Told]) -> None:
    assert list(changes(edition, edition, silent("not stated", "not stated"))) == []


@given(_EDITION, _EDITION, _SILENCE, _SILENCE)
def test_everything_that_differs_is_told_once_and_the_other_way_round(
    older: list[Told], newer: list[Told], before: No, after: No
) -> None:
    found = list(changes(older, newer, silent(before, after)))
    for side, edition in (("older", older), ("newer", newer)):
        there = [getattr(one, side) for one in found if getattr(one, side) is not None]
        assert len(there) == len({id(one) for one in there})
        told_there = {(one.about, one.key, one.said, one.period) for one in edition}
        assert {(one.about, one.key, one.said, one.period) for one in there} <= told_there
    # What is told on neither side of a change, both editions say alike.
    named = {id(one) for change in found for one in (change.older, change.newer) if one}
    same = [(o.about, o.key, o.said, o.period) for o in older if id(o) not in named]
    also = [(o.about, o.key, o.said, o.period) for o in newer if id(o) not in named]
    assert sorted(same) == sorted(also)
    back = list(changes(newer, older, silent(after, before)))
    assert len(back) == len(found)
    for one in found:
        if one.newer is None:
            word = f"{one.about} dropped"
            assert one.change == (word if after == "not stated" else "not yet recorded")
        if one.older is None:
            word = f"{one.about} added"
            assert one.change == (word if before == "not stated" else "not yet recorded")
    assert not any("left" in one.change or "entered" in one.change for one in found)


def test_other_digits_of_one_value_are_no_revision() -> None:
    old = Told("figure", "MarketFigure", "k", "w", "3.10 billion USD", amount="3.1")
    new = Told("figure", "MarketFigure", "k", "w", "3100 million USD", amount="3.1")
    silence: Silence = {
        "older": {"MarketFigure": "not stated"},
        "newer": {"MarketFigure": "not stated"},
    }
    (one,) = changes([old], [new], silence)
    assert one.change == "figure printed otherwise"


def test_what_an_edition_was_not_read_for_is_not_compared() -> None:
    one = Told("player", "Listing", "k", "w")
    assert list(changes([one], [], {"older": {"Listing": "not stated"}, "newer": {}})) == []


def test_a_rate_of_another_period_is_the_same_rate_revised() -> None:
    old = Told("rate", "GrowthRate", "k", "w", "13%, 2024 to 2031", (2024, 2031), "13")
    new = Told("rate", "GrowthRate", "k", "w", "13%, 2025 to 2033", (2025, 2033), "13")
    silence: Silence = {
        "older": {"GrowthRate": "not stated"},
        "newer": {"GrowthRate": "not stated"},
    }
    (one,) = changes([old], [new], silence)
    assert (one.change, one.older, one.newer) == ("rate revised", old, new)


def test_a_region_of_other_members_is_another_scope() -> None:
    old = Told("scope", "RegionMembership", "r", "Region", "Norland, Sudria")
    new = Told("scope", "RegionMembership", "r", "Region", "Norland")
    silence: Silence = {
        "older": {"RegionMembership": "not stated"},
        "newer": {"RegionMembership": "not stated"},
    }
    (one,) = changes([old], [new], silence)
    assert (one.change, one.what) == ("scope changed", "Region")
