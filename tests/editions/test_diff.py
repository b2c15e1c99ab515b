"""When a new edition comes, what the older alone said becomes history, and nobody left anything."""

import re

from graph.diff import Comparison, apply_patch, compare, sentences
from graph.release import Release
from tests.editions.made import NEW

NEWS = re.compile(r"\b(left|entered|exit|withdrew)\b")


def causes(found: Comparison) -> set[str]:
    return {change.cause for change in found.all()}


def lines(release: Release) -> list[str]:
    return release.nquads.read_text("utf-8").split("\n")[:-1]


def test_everything_that_moves_is_of_the_new_edition(older: Release, release: Release) -> None:
    found = compare(older, release)
    assert causes(found) == {"new-edition"}
    told = [sentence for _, sentence in sentences(found)]
    assert any(f"{one.thing}".endswith(f"source/{NEW}") for one in found.changes)
    assert not [sentence for sentence in told if NEWS.search(sentence)]
    assert apply_patch(lines(older), found.patch) == lines(release)


def test_what_moves_is_folded_under_the_edition(older: Release, release: Release) -> None:
    (edition,) = (
        change
        for change in compare(older, release).changes
        if change.thing.endswith(f"source/{NEW}") and change.follows
    )
    graphs = {change.graph.rpartition("/")[2] for change in edition.follows}
    assert {"derived", "history", "quality"} <= graphs


def test_a_new_edition_alone_moves_nothing(newer: Release, release: Release) -> None:
    """An older edition that is added later brings its own, and history."""
    found = compare(newer, release)
    assert not {"written", "rule-or-code-changed"} & causes(found)
    assert not [s for _, s in sentences(found) if NEWS.search(s)]


def test_leaving_the_edition_out_again_is_its_removal(older: Release, release: Release) -> None:
    assert causes(compare(release, older)) == {"source-removed"}
