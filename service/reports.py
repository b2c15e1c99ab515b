"""What `build`, `check` and `coverage` tell on a terminal."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from service.settings import SETTINGS, Setting, Settings
from service.tables import print_table, terminal
from service.text import visible

if TYPE_CHECKING:
    from graph.build import BuildReport, CheckReport, Step
    from graph.coverage import CoverageReport
    from graph.sampling import Sample


@contextlib.contextmanager
def progress() -> Iterator[Callable[["Step"], None]]:
    """Yield a listener that draws the steps on standard error: a bar, or a line each in a log."""
    console = terminal(error=True)
    if not console.is_terminal:
        yield lambda step: click.echo(f"{step.name} ({step.done}/{step.total})", err=True)
        return
    columns = (
        TextColumn("{task.description:<20}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("starting", total=None)

        def listen(step: "Step") -> None:
            bar.update(task, description=step.name, completed=step.done, total=step.total)

        yield listen


def print_build(report: "BuildReport") -> None:
    """Print what was read and what was made of it; the same seeds print the same.

    Where it is goes to standard error: that is another place on every machine.
    """
    manifest = report.release.manifest
    counts = manifest["counts"]
    base = manifest.get("base", "")
    graphs = {iri.removeprefix(base): number for iri, number in counts["graphs"].items()}
    _print_counts(("Read from", "rows"), _totals(report.rows))
    _print_counts(("Named graph", "statements"), graphs)
    rules = _some(len(report.derived), "rule")
    _say(f"{_some(sum(report.derived.values()), 'edge')} derived by {rules}")
    _say(f"{_some(counts['statements'], 'statement')} in {_some(len(graphs), 'named graph')}")
    _say_sample(report.sample)
    state = "built" if report.changed else "unchanged: the seeds say what they said before"
    _say(f"Release {report.release.id} ({state})")
    click.echo(visible(str(report.release.path)), err=True)


def print_check(report: "CheckReport") -> None:
    """Print every problem, one a line, then what was read."""
    for problem in report.problems:
        _say(str(problem))
    if report.problems:
        _say(f"{_some(len(report.problems), 'problem')} to mend")
        return
    _print_counts(("Read from", "rows"), _totals(report.rows))
    _say_sample(report.sample)
    _say("No problems")


def check_json(report: "CheckReport") -> dict[str, Any]:
    """Return the same for programs."""
    problems = [problem.as_dict() for problem in report.problems]
    rows = {name: dict(sorted(tables.items())) for name, tables in sorted(report.rows.items())}
    found = {"clean": not problems, "problems": problems, "rows": rows}
    if report.sample is not None:
        found["validated"] = list(report.sample.sources)
    return found


def print_coverage(report: "CoverageReport", text: str) -> None:
    """Print what no row covers, what no line shows, and how much was ignored."""
    for problem in report.missing:
        _say(str(problem))
    for gap in report.uncovered:
        _say(
            f"{text}:{gap.line}: {gap.kind} {gap.token!r} is covered by no row "
            f"(section {gap.section}, paragraph {gap.paragraph})",
        )
    _say(
        f"{report.tokens:,} numbers, dates, codes and names in the text; "
        f"{len(report.uncovered):,} not covered; {len(report.missing):,} shown wrongly; "
        f"{report.ignored:,} ignored ({report.share_ignored:.1%})",
    )


def coverage_json(report: "CoverageReport") -> dict[str, Any]:
    """Return the same for programs."""
    names = ("line", "section", "paragraph", "token", "kind")
    return {
        "clean": report.clean,
        "tokens": report.tokens,
        "ignored": report.ignored,
        "missing": [problem.as_dict() for problem in report.missing],
        "uncovered": [{name: getattr(gap, name) for name in names} for gap in report.uncovered],
    }


def print_settings(values: Settings) -> None:
    """Print every setting, the value in force and what it does."""
    for row in settings_json(values).values():
        _say(f"{row['flag']}  {row['variable']}".strip())
        _say(f"    {row['help']}")
        value = "not set" if row["value"] is None else row["value"]
        default = "" if row["value"] == row["default"] else f" (default: {row['default']})"
        _say(f"    Value: {value}{default}")


def settings_json(values: Settings) -> dict[str, Any]:
    """Return the same for programs."""
    return {
        row.name: {
            "flag": row.flag,
            "variable": row.variable,
            "value": _shown(row, getattr(values, row.name)),
            "default": row.default,
            "help": row.help,
        }
        for row in SETTINGS
    }


def _shown(row: Setting, value: Any) -> Any:
    return "set" if row.secret and value is not None else value


def _totals(rows: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    return {name: sum(tables.values()) for name, tables in rows.items()}


def _print_counts(heads: tuple[str, str], counts: Mapping[str, int]) -> None:
    if counts:
        rows = [(name, f"{number:,}") for name, number in sorted(counts.items())]
        print_table(terminal(), heads, rows, (False, True))
        _say("")


def _say_sample(sample: "Sample | None") -> None:
    if sample is not None:
        number = f"{len(sample.sources):,} of {sample.of:,} sources"
        _say(f"Shapes were validated for {number}, a sample; rows were checked in all of them")


def _say(text: str) -> None:
    click.echo(visible(text))


def _some(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
