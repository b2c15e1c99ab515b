"""A report of a user's own beside the shipped ones: its things, its regions, its merge decisions.

`tests/landscape/third` was entered from an invented page by somebody who followed
docs/adding-a-source.md and read no code.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import Store

from graph.build import build, check
from graph.coverage import coverage
from graph.problems import InvalidSeeds
from graph.release import DataDirectory
from graph.review import review, write_review
from graph.sources.landscape import read_what_is_sound
from tests.landscape.shipped import SHIPPED
from tests.landscape.spoil import add, cells, delete, edit, swap, write
from tests.questions.expectations import answer

THIRD = Path(__file__).parents[1] / "landscape" / "third"
REPORT = "harbour-southern-cone-2026"
HARBOUR, COHERENT, TOWARDS = "Harbour Analytics", "Coherent Market Insights", "Towards Healthcare"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A release of the shipped reports and this one."""
    data = DataDirectory(tmp_path_factory.mktemp("third"))
    return build(data, [THIRD]).release.store()


def test_the_report_is_sound_and_covers_its_text() -> None:
    assert check([THIRD]).problems == ()
    report = coverage(THIRD / REPORT, THIRD / "page.txt")
    assert (report.uncovered, report.missing) == ((), ())
    assert report.clean


@pytest.mark.exhaustive  # tests/docs runs the commands of the guide as they are written
def test_the_commands_of_the_guide_work_on_it(tmp_path: Path) -> None:
    own = shutil.copytree(THIRD, tmp_path / "my-reports")
    environment = {**os.environ, "THERASCAPE_DATA": str(tmp_path / "data")}

    def therascape(*arguments: str) -> str:
        command = [sys.executable, "-m", "service", *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        return done.stdout

    assert "No problems" in therascape("check", str(own))
    assert " 0 not covered" in therascape(
        "coverage", str(own / REPORT), "--text", str(own / "page.txt")
    )
    assert f"graph/{REPORT}" in therascape("build", "--sources", str(own))
    assert "29.1 % a year" in therascape(
        "query", f"SELECT ?l {{ ?f a kg:Finding ; rdfs:label ?l ; dct:source <source/{REPORT}> }}"
    )


def test_who_is_active_in_a_country_comes_from_all_reports(store: Store) -> None:
    found = answer(
        store,
        """SELECT DISTINCT ?player ?evidence ?publisher {
             ?edge rdf:predicate kg:activeIn ; rdf:subject/rdfs:label ?player ;
               rdf:object/kg:placeWithin* ?place ; kg:evidence/rdfs:label ?evidence ;
               dct:source/dct:publisher/rdfs:label ?publisher .
             ?place rdfs:label "Argentina" }""",
    )
    assert set(found.only(("player", "evidence", "publisher"))) == {
        ("Austral Cells", "Based there", HARBOUR),  # in Buenos Aires
        ("Austral Cells", "Holds a licence for the place", HARBOUR),
        ("Laboratorio Elea", "Launched", HARBOUR),
        ("Laboratorio Elea", "Based there", TOWARDS),
        ("Laboratorio Elea", "Commercialisation", TOWARDS),
        ("Cites", "Based there", TOWARDS),
    }


def test_a_merge_decision_holds_for_the_shipped_reports_too(store: Store) -> None:
    found = answer(
        store,
        """SELECT DISTINCT ?name ?publisher {
             <https://w3id.org/therascape/id/agent/janssen> kg:listedIn/dct:publisher/rdfs:label
               ?publisher ; skos:altLabel ?name }""",
    )
    assert ("Janssen Biotech", COHERENT) in found.only(("name", "publisher"))
    assert ("Janssen Biotech", TOWARDS) in found.only(("name", "publisher"))
    old = "<https://w3id.org/therascape/id/agent/janssen-biotech>"
    (row,) = answer(store, f"SELECT ?new {{ {old} dct:isReplacedBy ?new }}").rows
    assert row["new"].endswith("/agent/janssen")


def test_an_alias_of_the_user_is_a_name_of_the_shipped_thing(store: Store) -> None:
    query = """SELECT ?publisher { ?use kg:name ?name ; kg:entity/rdfs:label "Laboratorio Elea" ;
                 dct:source/dct:publisher/rdfs:label ?publisher . FILTER (?name = "%s") }"""
    (row,) = answer(store, query % "Laboratorios Elea").rows
    assert row["publisher"] == HARBOUR


def test_its_figures_are_audited(store: Store) -> None:
    found = answer(
        store,
        f"""SELECT ?kind {{ ?f a kg:Finding ; dct:type/rdfs:label ?kind ;
              dct:source <https://w3id.org/therascape/source/{REPORT}> }}""",
    )
    assert sorted(row["kind"] for row in found.rows) == [
        "Fastest-growing without a rate",
        "Growth between two figures",
        "Rate consistent with its figures",
        "What a share amounts to",
    ]


def test_a_region_of_its_own_has_its_own_members(store: Store) -> None:
    found = answer(
        store,
        """SELECT ?member { ?m a kg:RegionMembership ; kg:region/rdfs:label "Southern Cone" ;
             kg:member/rdfs:label ?member } ORDER BY ?member""",
    )
    names = [row["member"] for row in found.rows]
    assert names == ["Argentina", "Chile", "Paraguay", "Uruguay"]


# -- faults of every kind -----------------------------------------------------------------------


@dataclass(frozen=True)
class Fault:
    """`plant` spoils a copy; `file` below it, and words of the message and the remedy, are told."""

    plant: Callable[[Path], object]
    file: str
    told: str


def changed(table: str, key: str, **cells_: str) -> Callable[[Path], object]:
    return lambda own: edit(own / table, key, **cells_)


OWN = f"{REPORT}/"
FAULTS = {
    "unknown slug": Fault(
        changed(OWN + "launches.csv", "ha212-launch-1", organisations="laboratorios-elea"),
        OWN + "launches.csv",
        "That is a name of laboratorio-elea",
    ),
    "misspelt slug": Fault(
        changed(OWN + "launches.csv", "ha212-launch-1", organisations="laboratorio-elae"),
        OWN + "launches.csv",
        "Did you mean laboratorio-elea",
    ),
    "a code that is none": Fault(
        changed(OWN + "rankings.csv", "ha212-rank-1", stated="should"),
        OWN + "rankings.csv",
        "They are actual, estimated",
    ),
    "a kind of another list": Fault(
        changed(OWN + "regulatory_events.csv", "ha212-reg-1", kind="trial-clearance"),
        OWN + "regulatory_events.csv",
        "trial-authorisation",
    ),
    "a date that is none": Fault(
        changed(OWN + "deals.csv", "ha212-deal-1", date="12.1.2026"),
        OWN + "deals.csv",
        "is not a date",
    ),
    "digits that are not printed": Fault(
        changed(OWN + "shares.csv", "ha212-share-1", value="46.6"),
        OWN + "shares.csv",
        "stand in no printed fragment",
    ),
    "several values where one goes": Fault(
        changed(OWN + "launches.csv", "ha212-launch-1", place="argentina | chile"),
        OWN + "launches.csv",
        "takes one value",
    ),
    "a shipped thing registered again": Fault(
        lambda own: add(own / "reference/places.csv", "uruguay", slug="chile", label="Chile"),
        "reference/places.csv",
        "is registered: delete this row",
    ),
    "a second thing under a shipped name": Fault(
        lambda own: add(
            own / "reference/organisations.csv", "anmat", slug="elea", label="Laboratorio Elea"
        ),
        "reference/organisations.csv",
        "is a name of laboratorio-elea already",
    ),
    "a merge with nothing": Fault(
        changed("reference/retired.csv", "agent:janssen-biotech", replaced_by="agent:jansen"),
        "reference/retired.csv",
        "Did you mean janssen",
    ),
    "a merge of what is not there": Fault(
        changed("reference/aliases.csv", "agent:laboratorio-elea", entity="agent:elea"),
        "reference/aliases.csv",
        "no agent 'elea'",
    ),
    "a lost row": Fault(
        lambda own: write(
            own / OWN / "listings.csv", cells(own / OWN / "listings.csv")[:-1]
        ),
        OWN + "source.toml",
        "4 rows, 5 are expected",
    ),
    "a row changed after the review": Fault(
        changed(OWN + "factors.csv", "ha212-fac-1", factor="low costs"),
        OWN + "source.toml",
        "changed since they were reviewed",
    ),
    "an id without the prefix": Fault(
        changed(OWN + "shares.csv", "ha212-share-1", id="share-1"),
        OWN + "shares.csv",
        "does not begin with 'ha212-'",
    ),
    "semicolons": Fault(
        lambda own: (own / OWN / "shares.csv").write_text("id;market;value\na;b;c\n"),
        OWN + "shares.csv",
        "commas",
    ),
    "a manifest with a misspelt field": Fault(
        lambda own: swap(own / OWN / "source.toml", "publisher =", "publischer ="),
        OWN + "source.toml",
        "Did you mean publisher",
    ),
    "a folder without a manifest": Fault(
        lambda own: (own / OWN / "source.toml").unlink(), REPORT, "source.toml"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_with_its_place_and_its_remedy(tmp_path: Path, name: str) -> None:
    own = shutil.copytree(THIRD, tmp_path / "own")
    FAULTS[name].plant(own)
    _, problems = read_what_is_sound([own])
    told = [str(p) for p in problems if FAULTS[name].told in str(p)]
    assert told, problems
    assert any(FAULTS[name].file in problem for problem in told)


def test_words_in_the_wrong_place_are_found_for_the_user(tmp_path: Path) -> None:
    own = shutil.copytree(THIRD, tmp_path / "own")
    edit(own / OWN / "deals.csv", "ha212-deal-1", paragraph="1")
    report = coverage(own / REPORT, own / "page.txt")
    assert any("It stands in line 17: section news, paragraph 2" in str(p) for p in report.missing)


def test_a_claim_taken_back_is_refused_until_it_is_retired(tmp_path: Path) -> None:
    own = shutil.copytree(THIRD, tmp_path / "own")
    data = DataDirectory(tmp_path / "data")
    build(data, [own], exclude=SHIPPED)
    delete(own / OWN / "rankings.csv", "ha212-rank-1")
    write_review(own / REPORT, review(own / REPORT))
    with pytest.raises(InvalidSeeds, match="claim:ha212-rank-1 was published and is gone"):
        build(data, [own], exclude=SHIPPED)
    retired = own / "reference/retired.csv"
    write(retired, [*cells(retired), ["claim:ha212-rank-1", "", "read wrongly"]])
    assert build(data, [own], exclude=SHIPPED).changed
