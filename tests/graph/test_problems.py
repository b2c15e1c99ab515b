import json

import pytest

from graph.errors import GraphError
from graph.problems import InvalidSeeds, Problem, candidates, shown

PROBLEM = Problem("seeds/acme/launches.csv", 7, "date", "'2024-13' has no month 13", "Correct it.")


def test_a_problem_reads_as_one_line() -> None:
    assert str(PROBLEM) == (
        "seeds/acme/launches.csv:7: date: '2024-13' has no month 13. Correct it."
    )
    assert str(Problem("a.csv", None, None, "is empty.", "")) == "a.csv: is empty."


def test_a_problem_is_plain_data() -> None:
    assert json.loads(json.dumps(PROBLEM.as_dict())) == {
        "file": "seeds/acme/launches.csv",
        "line": 7,
        "column": "date",
        "message": "'2024-13' has no month 13",
        "remedy": "Correct it.",
    }


def test_problems_are_told_in_the_order_of_the_files_each_once() -> None:
    problems = [
        Problem("b.csv", 1, None, "x", "y"),
        Problem("a.csv", 10, None, "x", "y"),
        Problem("a.csv", 9, "c", "x", "y"),
        Problem("a.csv", 9, None, "x", "y"),
        Problem("a.csv", None, None, "x", "y"),
        Problem("a.csv", 10, None, "x", "y"),
    ]
    error = InvalidSeeds(problems)
    assert isinstance(error, GraphError)
    assert [(p.file, p.line, p.column) for p in error.problems] == [
        ("a.csv", None, None),
        ("a.csv", 9, None),
        ("a.csv", 9, "c"),
        ("a.csv", 10, None),
        ("b.csv", 1, None),
    ]
    assert str(error).splitlines() == [str(problem) for problem in error.problems]
    assert InvalidSeeds(reversed(problems)).problems == error.problems


@pytest.mark.parametrize(
    ("name", "proposal"),
    [
        ("organsation", "Did you mean organisation?"),
        ("organisation", "Did you mean organisation?"),
        ("xyzzy", ""),
        ("", ""),
        ("organisation" * 1000, ""),
    ],
)
def test_near_names_are_proposed(name: str, proposal: str) -> None:
    assert candidates(name, ["organisation", "place"]) == proposal


def test_proposals_do_not_depend_on_the_order_of_what_is_known() -> None:
    known = ["helio-a", "helio-b", "helio-c", "helio-d"]
    assert candidates("helio", known) == candidates("helio", set(known))
    assert candidates("helio", known).count("helio") == 3


def test_text_of_unknown_origin_is_shown_short_and_escaped() -> None:
    assert shown("a\nb\x1b[31m") == "'a\\nb\\x1b[31m'"
    assert len(shown("x" * 100_000)) < 120
