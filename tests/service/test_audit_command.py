"""`therascape audit`, as a user runs it."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.service.conftest import Therascape

TABLE = """publisher,market,geography,year,value_usd_bn,cagr_percent,cagr_from,cagr_to
Acme,grafts,global,2024,10.0,24.1,2025,2030
Acme,grafts,global,2025,12.4,24.1,2025,2030
Acme,grafts,global,2030,24.9,24.1,2025,2030
Acme,skin,global,2024,5.0,,,
"Else (EUR 1.8 bn)",grafts,global,2024,,,,
"""


@pytest.fixture
def therascape(in_this_process: Therascape) -> Therascape:
    return in_this_process


@pytest.fixture
def table(tmp_path: Path) -> str:
    (tmp_path / "figures.csv").write_text(TABLE, "utf-8")
    bad = TABLE.replace(",2024,10.0", ",soon,$10")
    (tmp_path / "bad.csv").write_text(bad, "utf-8")
    return "figures.csv"


def test_findings_on_a_table(therascape: Therascape, table: str) -> None:
    done = therascape("audit", "--figures", table)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0].split() == [
        *("Kind", "Finding", "Value", "Lowest", "Highest", "Unit", "Severity", "Needed"),
    ]
    assert lines[2].startswith("rate-contradicted ")
    assert "24.1 % a year, stated for 2025 to 2030, is not that of its figures" in lines[2]
    assert lines[-1].endswith(" findings")
    assert done.stderr == (
        "Note: figures.csv:6: Else (EUR 1.8 bn), grafts, global: never pooled, since it has no"
        " value in US dollars\n"
    )


def test_findings_for_programs(therascape: Therascape, table: str) -> None:
    done = therascape("audit", "--figures", table, "--format", "json")
    document = json.loads(done.stdout)
    assert done.stderr == ""
    assert len(document["notices"]) == 1
    first = document["findings"][0]
    assert first["kind"] == "rate-contradicted"
    # (24.9 / 12.4)^(1/5) - 1, and 12.4 * 1.241^5 / 24.9.
    assert (first["value"], first["severity"]) == ("14.9623", "1.46582")
    assert (first["agrees"], first["weak"], first["from_year"]) == (False, False, 2025)
    assert first["other_periods"] == ["2024/2025"]
    assert first["markets"] == ["grafts, global"]
    listed = therascape("audit", "--figures", table, "--format", "csv").stdout
    rows = list(csv.DictReader(io.StringIO(listed)))
    assert len(rows) == len(document["findings"])
    assert list(rows[0]) == list(first)
    assert rows[0]["value"] == "14.9623"
    assert rows[0]["other_periods"] == "2024/2025"


def test_findings_of_a_kind_and_a_market(therascape: Therascape, table: str) -> None:
    kind = therascape("audit", "--figures", table, "--kind", "first-year-as-period")
    assert kind.stdout.splitlines()[-1] == "1 finding"
    for market in ("Grafts, Global", "graft"):
        named = therascape("audit", "--figures", table, "--format", "json", market)
        assert {m for f in json.loads(named.stdout)["findings"] for m in f["markets"]} == {
            "grafts, global"
        }
    assert json.loads(
        therascape("audit", "--figures", table, "--format", "json", "skin").stdout
    )["findings"] == []  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("--figures", "nothing.csv"), 2, "nothing.csv: cannot be read"),
        (("--figures", "."), 2, "cannot be read"),
        (("--figures", "bad.csv"), 2, "bad.csv:2: year: 'soon' is no year"),
        (("--figures", "figures.csv", "--kind", "rate"), 2, "no kind of finding"),
        (("--figures", "figures.csv", "--kind", "rate-consistant"), 2, "rate-consistent"),
        (("--figures", "figures.csv", "shoes"), 2, "no market with figures is called 'shoes'"),
        (("--figures", "figures.csv", "--format", "xml"), 2, "xml"),
        (("--data", "nothing-here"), 3, "therascape build"),
    ],
)
@pytest.mark.usefixtures("table")
def test_failures(
    therascape: Therascape, arguments: tuple[str, ...], code: int, message: str
) -> None:
    done = therascape("audit", *arguments)
    assert done.returncode == code
    assert message in done.stderr
    assert done.stdout == ""


@pytest.mark.usefixtures("table")
def test_every_problem_is_told(therascape: Therascape) -> None:
    done = therascape("audit", "--figures", "bad.csv", "--format", "json")
    assert done.returncode == 2
    told = json.loads(done.stdout)
    assert told["clean"] is False
    assert [problem["column"] for problem in told["problems"]] == ["year", "value_usd_bn"]
    assert done.stderr == "therascape: 2 problems to mend in the figures\n"


def test_text_of_a_table_cannot_steer_the_terminal(therascape: Therascape, tmp_path: Path) -> None:
    (tmp_path / "sly.csv").write_text(TABLE.replace("Acme,grafts", "Acme,\x1b[31mred"), "utf-8")
    done = therascape("audit", "--figures", "sly.csv")
    assert "\x1b" not in done.stdout
    assert r"\x1b[31mred" in done.stdout


def test_a_release_without_figures_has_no_findings(therascape: Therascape) -> None:
    done = therascape("audit", "--format", "json")
    assert done.returncode == 0
    assert isinstance(json.loads(done.stdout)["findings"], list)
