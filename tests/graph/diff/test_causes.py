"""Each cause is planted once in the invented landscape, and it alone explains what differs."""

import shutil
from pathlib import Path

import pytest

import graph.build
from graph.diff import Comparison, compare, sentences
from graph.release import Release
from graph.rules import derive
from graph.terms import Iris
from ontology.namespaces import KG
from tests.graph.diff.changed import Edit, built
from tests.landscape import spoil

OUTLOOK, BRIEF, REFERENCE = "acme-outlook", "acme-brief", "reference"


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return built(tmp_path_factory.mktemp("before"))


def compared(before: Release, folder: Path, edit: Edit) -> Comparison:
    return compare(before, built(folder, edit, before))


def causes(comparison: Comparison) -> set[str]:
    return {change.cause for change in comparison.all()}


def told(comparison: Comparison) -> str:
    return "\n".join(sentence for _, sentence in sentences(comparison))


def follow(comparison: Comparison) -> set[str]:
    """The graphs of what is computed, and follows from something."""
    folded = [one for change in comparison.changes for one in change.follows]
    return {one.graph.rpartition("/")[2] for one in folded}


def event(seeds: Path, table: str = "launches", **changes: str) -> None:
    spoil.add(
        seeds / OUTLOOK / f"{table}.csv",
        "ao-launch-1" if table == "launches" else "ao-mile-1",
        **changes,
    )


def test_nothing_differs_from_itself(before: Release) -> None:
    comparison = compare(before, before)
    assert comparison.changes == ()
    assert len(comparison.patch) == 0


def test_a_new_claim_that_tells_an_event_is_an_event_reported(
    before: Release, tmp_path: Path
) -> None:
    found = compared(
        before,
        tmp_path,
        lambda seeds: event(
            seeds, id="ao-launch-2", event="lumicel-launch-norland", place="norland"
        ),
    )
    assert causes(found) == {"event-reported"}
    (change,) = found.changes
    assert change.thing == Iris().thing("claim", "ao-launch-2").value
    assert change.kind == "added"
    assert follow(found) == {"derived"}
    assert "Acme, Outlook" in told(found)
    assert "reports:" in told(found)
    assert "entered" not in told(found)


def test_a_company_entered_only_by_an_event_that_a_report_states(
    before: Release, tmp_path: Path
) -> None:
    def edit(seeds: Path) -> None:
        spoil.add(
            seeds / REFERENCE / "concepts.csv",
            "patients-treated",
            slug="expansion-into-countries",
            label="Expansion into countries",
        )
        event(
            seeds,
            "milestones",
            id="ao-mile-2",
            event="estia-in-norland",
            kind="expansion-into-countries",
            places="norland",
            value="",
            unit="",
        )

    found = compared(before, tmp_path, edit)
    assert causes(found) == {"event-reported", "register-changed"}
    assert "Estia Biolabs entered Norland, Acme, Outlook" in told(found)


def test_a_corrected_typo_is_never_news(before: Release, tmp_path: Path) -> None:
    def edit(seeds: Path) -> None:
        spoil.edit(seeds / OUTLOOK / "launches.csv", "ao-launch-1", place="norland")
        spoil.edit(
            seeds / OUTLOOK / "market_figures.csv",
            "ao-fig-2",
            value="7.46",
            printed="USD 7.46 Bn by 2031",
        )

    found = compared(before, tmp_path, edit)
    assert causes(found) == {"transcription-corrected"}
    assert {"derived", "audit", "forecasts"} <= follow(found)
    assert "7.46, not 7.64" in told(found)
    assert "entered" not in told(found)
    assert "left" not in told(found)


def test_an_event_written_anew_under_another_id_is_no_news(before: Release, tmp_path: Path) -> None:
    def edit(seeds: Path) -> None:
        spoil.edit(
            seeds / OUTLOOK / "launches.csv",
            "ao-launch-1",
            id="ao-launch-9",
            event="lumicel-launch-norland",
            place="norland",
        )
        for entity in ("claim:ao-launch-1", "event:lumicel-launch-sudria"):
            spoil.add(seeds / REFERENCE / "retired.csv", entity=entity, reason="misread")

    found = compared(before, tmp_path, edit)
    assert "event-reported" not in causes(found)
    assert {"recorded", "withdrawn"} <= causes(found)


def test_a_claim_of_what_a_source_said_before_is_recorded(before: Release, tmp_path: Path) -> None:
    found = compared(
        before,
        tmp_path,
        lambda seeds: spoil.add(
            seeds / OUTLOOK / "market_figures.csv",
            "ao-fig-1",
            id="ao-fig-3",
            year="2030",
            value="7.20",
            printed="USD 7.20 Bn in 2030",
            approximation="",
        ),
    )
    assert causes(found) == {"recorded"}
    assert "which said so before" in told(found)


def test_a_retired_claim_is_withdrawn(before: Release, tmp_path: Path) -> None:
    def edit(seeds: Path) -> None:
        spoil.delete(seeds / OUTLOOK / "activities.csv", "ao-act-1")
        spoil.add(seeds / REFERENCE / "retired.csv", entity="claim:ao-act-1", reason="misread")

    found = compared(before, tmp_path, edit)
    assert causes(found) == {"withdrawn", "register-changed"}
    assert "entered" not in told(found) + told(compare(built(tmp_path / "again", edit), before))


def test_sources_are_added_and_removed(before: Release, tmp_path: Path) -> None:
    without = built(tmp_path, lambda seeds: shutil.rmtree(seeds / BRIEF))
    removed, added = compare(before, without), compare(without, before)
    assert causes(removed) == {"source-removed"}
    assert causes(added) == {"source-added"}
    assert "forecasts" in follow(added)
    # The brief tells an approval that the outlook tells too, under the same name: no news.
    assert "Acme, Brief (2025) was added as a source" in told(added)


def test_another_edition_of_a_source(before: Release, tmp_path: Path) -> None:
    def edit(seeds: Path) -> None:
        toml = seeds / OUTLOOK / "source.toml"
        text = toml.read_text("utf-8")
        assert 'published = "' in text
        lines = (
            'published = "2027-01"' if line.startswith("published = ") else line
            for line in text.splitlines()
        )
        toml.write_text("\n".join(lines) + "\n", "utf-8")
        spoil.edit(
            seeds / OUTLOOK / "market_figures.csv",
            "ao-fig-2",
            value="7.46",
            printed="USD 7.46 Bn by 2031",
        )

    found = compared(before, tmp_path, edit)
    assert causes(found) == {"new-edition"}
    assert "Another edition of Acme, Outlook" in told(found)


def merged(seeds: Path) -> None:
    row = {"entity": "agent:old-helio", "replaced_by": "agent:helio-group"}
    spoil.add(seeds / REFERENCE / "retired.csv", **row, reason="one company")


def test_organisations_are_merged_and_split(before: Release, tmp_path: Path) -> None:
    after = built(tmp_path, merged, before)
    one, several = compare(before, after), compare(after, before)
    assert causes(one) == {"merged"}
    assert causes(several) == {"split"}
    assert "merged" in told(one)
    assert "an entry of its own" in told(several)
    for found in (one, several):
        assert "entered" not in told(found)


def test_a_decision_on_a_group_is_one_on_organisations(before: Release, tmp_path: Path) -> None:
    found = compared(
        before,
        tmp_path,
        lambda seeds: spoil.edit(
            seeds / REFERENCE / "organisations.csv",
            "brightcell",
            group="helio-group",
            group_decision="the outlook says so",
        ),
    )
    assert causes(found) == {"merged"}


def test_another_name_changes_the_register_and_what_shows_it(
    before: Release, tmp_path: Path
) -> None:
    found = compared(
        before,
        tmp_path,
        lambda seeds: spoil.edit(seeds / REFERENCE / "places.csv", "sudria", label="Sudrya"),
    )
    assert causes(found) == {"register-changed"}


def test_another_rule_is_a_change_of_the_program(
    before: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        graph.build,
        "derive",
        lambda quads, iris: [
            q
            for q in derive(quads, iris)
            if "tied-by-" not in f"{q.subject}{q.object}" and q.predicate != KG.tiedTo
        ],
    )
    found = compared(before, tmp_path, lambda _: None)
    assert len(found.patch) > 0
    assert causes(found) == {"rule-or-code-changed"}
    assert "data that did not change" in told(found)
