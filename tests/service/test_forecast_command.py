"""`therascape forecast`, as a user runs it."""

import csv
import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from service.cli import cli
from service.failures import run
from tests.service.conftest import Therascape
from tests.service.made_tables import LEVELS, Row, reference, table

TABLE = """publisher,market,geography,year,value_usd_bn,cagr_percent,cagr_from,cagr_to,published
Acme,grafts,global,2024,10.0,24.1,2025,2030,2024-06
Acme,grafts,global,2030,24.9,24.1,2025,2030,2024-06
Borealis,grafts,global,2024,12.1,,,,
Borealis,grafts,global,2029,20.2,,,,
Cirrus,grafts,global,2023,8.11,,,,2023-02
Cirrus,grafts,global,2031,40.3,,,,2023-02
Cirrus,skin,Asia,2024,5.0,,,,
"Else (EUR 1.8 bn)",grafts,global,2024,,,,,
"""
SIX_DIGITS = 6e-6
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    """Run the command in this process; code, output and errors."""

    def command(*arguments: object) -> tuple[int, str, str]:
        code = run(cli, ["forecast", *map(str, arguments)])
        return (code, *capsys.readouterr())

    return command


@pytest.fixture
def figures(tmp_path: Path) -> Path:
    path = tmp_path / "figures.csv"
    path.write_text(TABLE, "utf-8")
    return path


def document(command: Command, *arguments: object) -> dict[str, Any]:
    """The one JSON document on standard output."""
    code, output, errors = command(*arguments, "--format", "json")
    assert (code, "Error" in errors) == (0, False)
    return json.loads(output)  # type: ignore[no-any-return]


def market(command: Command, name: str, *arguments: object) -> dict[str, Any]:
    (one,) = document(command, name, *arguments)["markets"]
    return one  # type: ignore[no-any-return]


def check(told: Mapping[str, Any], expected: Row) -> None:
    """A row of the command against the computation: numbers to six digits."""
    assert int(told["k"]) == expected.k
    assert float(told["median"]) == pytest.approx(expected.median, rel=SIX_DIGITS)
    for level in LEVELS:
        bounds = [told[f"{side}_{level * 100:g}"] for side in ("lower", "upper")]
        if level in expected.bounds:
            assert [float(b) for b in bounds] == pytest.approx(
                expected.bounds[level], rel=SIX_DIGITS
            )
        else:
            assert not any(bounds)
    if expected.spread:
        spread = [float(told["least"]), float(told["greatest"])]
        assert spread == pytest.approx(expected.spread, rel=SIX_DIGITS)
        assert told["status"] == "range of two"
    else:
        assert not told["least"]
        assert told["status"] == ("one source" if expected.k == 1 else "interval")


@pytest.mark.parametrize("seed", range(40))
def test_r0_of_figures_that_nobody_has_seen(command: Command, tmp_path: Path, seed: int) -> None:
    text = table(seed)
    path = tmp_path / "figures.csv"
    path.write_text(text, "utf-8")
    expected = reference(text)
    told = document(command, "--figures", path, "--model", "R0")
    found = {one["market"]: {row["year"]: row for row in one["years"]} for one in told["markets"]}
    assert {name: sorted(years) for name, years in found.items()} == {
        name: sorted(years) for name, years in expected.items()
    }
    for name, years in expected.items():
        for year, row in years.items():
            check(found[name][year], row)
    _, output, _ = command("--figures", path, "--model", "R0", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(output)))
    assert len(rows) == sum(map(len, expected.values()))
    for told_row in rows:
        check(told_row, expected[told_row["market"]][int(told_row["year"])])


def test_made_tables_have_every_k() -> None:
    rows = [row for seed in range(40) for years in reference(table(seed)).values() for row in
            years.values()]  # fmt: skip
    assert {row.k for row in rows} >= {1, 2, 3, 4, 5, 6}


def test_what_cannot_be_pooled_is_said(command: Command, figures: Path) -> None:
    one = market(command, "grafts", "--figures", figures)
    out = [row for row in one["figures"] if not row["pooled"]]
    assert [(row["publisher"]["label"], row["why_not"]) for row in out] == [
        ("Else (EUR 1.8 bn)", "no value that can be counted with is given")
    ]
    assert "1 figure of it is not pooled: `figures` tells why." in one["notes"]
    _, _, errors = command("grafts", "--figures", figures)
    assert "figures.csv:9: Else (EUR 1.8 bn), grafts, global: never pooled" in errors


@pytest.mark.parametrize("model", ["R0", "R1"])
def test_rows_twice_and_a_rate_change_nothing(command: Command, figures: Path, model: str) -> None:
    before = market(command, "grafts", "--figures", figures, "--model", model)
    lines = TABLE.splitlines(keepends=True)
    again = [line.replace("Acme", "Acme (syndicated)") for line in lines if "Acme" in line]
    beside = [line.replace("Acme", "Acme / Wire") for line in lines if "Acme" in line]
    rated = TABLE.replace("2029,20.2,,,", "2029,20.2,99.9,2024,2029")
    figures.write_text(rated + "".join(lines[1:3] + again + beside), "utf-8")
    after = market(command, "grafts", "--figures", figures, "--model", model)
    numbers = [
        [{k: v for k, v in row.items() if k != "evidence"} for row in one["years"]]
        for one in (before, after)
    ]
    assert numbers[0] == numbers[1]


def test_one_document_without_notes_in_it(therascape: Therascape, figures: Path) -> None:
    done = therascape("forecast", "--figures", str(figures), "--format", "json")
    told = json.loads(done.stdout)
    assert done.returncode == 0
    assert [one["market"] for one in told["markets"]] == ["grafts, global", "skin, Asia"]
    assert told["markets"][0]["years"][0]["estimand"] == "next-publisher-claim"
    assert told["markets"][1]["years"] == []
    assert any("nothing tells how the market changes" in n for n in told["markets"][1]["notes"])


def test_a_table_for_people(command: Command, figures: Path) -> None:
    code, output, errors = command("--figures", figures, "grafts", "--model", "R0", "--sources")
    lines = output.splitlines()
    assert code == 0
    assert lines[0] == "grafts, global (usd-billion), R0"
    assert lines[1].split()[:5] == ["Year", "Median", "Lower", "50", "%"]
    assert [line.split()[0] for line in lines[3:12]] == [str(y) for y in range(2023, 2032)]
    assert any("As printed" in line for line in lines)
    assert "Note: Where another publisher of comparable scope would put its figure." in errors
    assert "`--sources` tells why" in errors


def test_nothing_is_lost_where_lines_are_short(
    command: Command, figures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rich.console import Console

    monkeypatch.setattr(
        "service.forecast_command.terminal", lambda: Console(width=40, highlight=False)
    )
    _, output, _ = command("--figures", figures, "grafts", "--model", "R0", "--year", 2024)
    assert all(len(line) <= 40 for line in output.splitlines())
    assert "…" not in output


def test_years(command: Command, figures: Path) -> None:
    one = market(command, "grafts", "--figures", figures, "--year", 2025, "--year", 2027)
    assert [row["year"] for row in one["years"]] == [2025, 2027]
    _, output, _ = command("--figures", figures, "grafts", "--year", 2050)
    assert "Not stated for these years; there is a forecast from 2023 to 2033." in output


def test_levels_are_columns(command: Command, figures: Path) -> None:
    asked = ("--figures", figures, "--model", "R0", "--level", 0.9, "--level", 0.995)
    (row, *_) = market(command, "grafts", *asked, "--year", 2025)["years"]
    assert row["lower_99.5"] < row["lower_90"] < row["median"] < row["upper_90"]
    assert row["lower_50"] is None
    _, output, _ = command(*asked, "grafts", "--format", "csv")
    names = output.splitlines()[0].split(",")
    assert [n for n in names if n.startswith("lower")] == ["lower_90", "lower_99.5"]
    assert "Upper 99.5 %" in command(*asked, "grafts")[1]


def test_publishers_groups_and_pages_can_be_left_out(command: Command, figures: Path) -> None:
    def groups(*without: str) -> list[str]:
        options = [word for name in without for word in ("--without", name)]
        one = market(command, "grafts", "--figures", figures, *options, "--year", 2024)
        return [group["label"] for row in one["years"] for group in row["groups"]]

    assert groups() == ["Acme", "Borealis", "Cirrus"]
    assert groups("BOREALIS") == ["Acme", "Cirrus"]
    assert groups("acme", "cirrus") == ["Borealis"]


def test_choices_reach_the_forecast(command: Command, figures: Path) -> None:
    def median(*options: object, year: int = 2033) -> float:
        one = market(command, "grafts", "--figures", figures, *options, "--year", year)
        return float(one["years"][0]["median"])

    plain = median()
    assert median("--damping", 0.5) < plain
    assert median("--cap", 1) == pytest.approx(median(year=2031) * 1.01**2, rel=1e-5)
    assert median("--ceiling", 45) < plain
    assert 44 < median("--ceiling", 45, "--beyond", 50, year=2081) <= 45
    assert median("--as-of", "2023-12") != plain
    one = market(
        command, "grafts", "--figures", figures, "--beyond", 0, "--prior-weight", 2, "--few", 9,
        "--variance", "paule-mandel", "--no-single-year", "--editions", "earliest",
        "--one-per", "publisher", "--scope", "same", "--shares", "constant-share",
    )  # fmt: skip
    told = one["choices"]
    assert told | {
        "beyond": 0, "prior_weight": 2, "few": 9, "tau": "paule-mandel", "single_year": False,
        "editions": "earliest", "one_per": "publisher", "scope": "same", "shares": "constant-share",
    } == told  # fmt: skip
    assert one["years"] == []  # the scope of none is recorded as the same


def test_a_chart_is_well_formed_whatever_the_table_says(
    command: Command, figures: Path, tmp_path: Path
) -> None:
    hostile = TABLE.replace("Acme", '"A <b>&\x1b[31m"').replace("grafts", "g\x01 <script>&")
    figures.write_text(hostile, "utf-8")
    code, _, _ = command("--figures", figures, "script", "--svg", tmp_path / "fan.svg")
    text = (tmp_path / "fan.svg").read_text("utf-8")
    root = ET.fromstring(text)
    assert code == 0
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "<script" not in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--figures", "nothing.csv"), "nothing.csv: cannot be read"),
        (("--figures", "bad.csv"), "bad.csv:2: year: 'soon' is no year"),
        (("--figures", "figures.csv", "graphs"), "no market with figures is called 'graphs'"),
        (("--figures", "figures.csv", "grafts globl"), "Did you mean grafts, global"),
        (("--figures", "figures.csv", ""), "is called ''"),
        (("--figures", "figures.csv", "--model", "R2"), "--model"),
        (("--figures", "figures.csv", "--model", "R0", "--cap", "3"), "--model: R0 has no years"),
        (("--figures", "figures.csv", "--year", "soon"), "--year"),
        (("--figures", "figures.csv", "--level", "2"), "--level: write probabilities"),
        (("--figures", "figures.csv", "--level", "nan"), "--level: "),
        (("--figures", "figures.csv", "--beyond", "-1"), "--beyond: -1"),
        (("--figures", "figures.csv", "--beyond", "51"), "--beyond: 51"),
        (("--figures", "figures.csv", "--few", "1"), "--few: 1"),
        (("--figures", "figures.csv", "--prior-weight", "nan"), "--prior-weight: nan"),
        (("--figures", "figures.csv", "--damping", "0"), "--damping: 0.0"),
        (("--figures", "figures.csv", "--damping", "nan"), "--damping: nan"),
        (("--figures", "figures.csv", "--cap", "-100"), "--cap: -100"),
        (("--figures", "figures.csv", "--cap", "inf"), "--cap: inf"),
        (("--figures", "figures.csv", "--ceiling", "0"), "--ceiling: 0"),
        (("--figures", "figures.csv", "--ceiling", "nan"), "--ceiling: NaN"),
        (("--figures", "figures.csv", "--ceiling", "inf"), "--ceiling: Infinity"),
        (("--figures", "figures.csv", "--as-of", "yesterday"), "--as-of: 'yesterday' is not"),
        (("--figures", "figures.csv", "--as-of", "2025/.."), "--as-of: '2025/..' has no last"),
        (("--figures", "figures.csv", "--without", "Acne"), "called 'Acne'. Did you mean acme"),
        (("--figures", "figures.csv", "--without", ""), "--without: nobody"),
        (("--figures", "figures.csv", "--svg", "x.svg"), "a chart shows one market"),
        (("--figures", "figures.csv", "skin", "--svg", "no/x.svg"), "--svg: cannot be written"),
        (("--figures", "figures.csv", "--variance", "ml"), "--variance"),
        (("--figures", "figures.csv", "--scope", "all"), "--scope"),
        (("--figures", "figures.csv", "--format", "xml"), "--format"),
        (("--check", "nothing.nq"), "--check: nothing.nq cannot be read"),
        (("--check", "figures.csv"), "--check: figures.csv is no N-Quads or TriG file"),
        (("--check", "figures.nq"), "--check: figures.nq cannot be read"),
        (("--check", "nothing.nq", "grafts"), "name no other"),
    ],
)
def test_failures(
    command: Command,
    figures: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    message: str,
) -> None:
    monkeypatch.chdir(figures.parent)
    Path("bad.csv").write_text(TABLE.replace(",2024,10.0", ",soon,10"), "utf-8")
    Path("figures.nq").write_text(TABLE, "utf-8")
    code, output, errors = command(*arguments)
    assert (code, output) == (2, "")
    assert message in " ".join(errors.split())


def test_problems_of_a_table_for_programs(command: Command, figures: Path) -> None:
    figures.write_text(TABLE.replace(",2024,10.0", ",soon,$10"), "utf-8")
    code, output, _ = command("--figures", figures, "--format", "json")
    told = json.loads(output)
    assert (code, told["clean"]) == (2, False)
    assert [problem["column"] for problem in told["problems"]] == ["year", "value_usd_bn"]


def test_nothing_is_built(command: Command, tmp_path: Path) -> None:
    code, output, errors = command("--data", tmp_path / "nothing-here")
    assert (code, output) == (3, "")
    assert "therascape build" in errors


def test_growth_beyond_all_numbers_is_left_out_and_said(command: Command, figures: Path) -> None:
    least, most = "0.00000000000000001", "100000000000000000"
    rows = "".join(f"{name},m,2024,{least}\n{name}x,m,2024,{least}\n{name},m,2025,{most}\n"
                   for name in "ABC")  # fmt: skip
    figures.write_text(f"publisher,market,year,value_usd_bn\n{rows}", "utf-8")
    one = market(command, "m", "--figures", figures, "--beyond", 50)
    assert one["years"][-1]["year"] < 2075
    assert any("beyond any that can be written" in note for note in one["notes"])


@pytest.mark.parametrize("option", ["--figures", "--without", "--ceiling", "--check", "--svg"])
def test_help_tells_of_options(command: Command, option: str) -> None:
    code, output, _ = command("--help")
    assert code == 0
    assert option in output
