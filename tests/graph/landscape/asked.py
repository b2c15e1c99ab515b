"""What the tests of questions on players share: how to ask, and the tables made by hand."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from graph.landscape import Answer, Named, Thing, read_arguments
from graph.landscape.activity import definitions
from graph.landscape.asking import Asking
from graph.landscape.evidence import marks
from graph.terms import DEFAULT_BASE
from tests.examples import examples
from tests.questions.test_ties import FOLDER, decided

COHERENT = "source/coherent-cellular-immunotherapy"
TOWARDS = "source/towards-latin-america-cell-gene-therapy"
LATIN_AMERICA = "id/place/th6287-latin-america"
LETTERS = {COHERENT: "C", TOWARDS: "T"}
PLACES = (
    *("world", "americas", "latin-america", "th6287-latin-america", "cmi8447-latin-america"),
    *("cmi8447-north-america", "south-america", "asia", "europe", "brazil", "japan", "peru"),
)
asks = settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
arguments = st.fixed_dictionaries(
    {"level": st.sampled_from(["organisation", "group"])},
    optional={
        "place": st.sampled_from([f"id/place/{place}" for place in PLACES]),
        "active": st.lists(st.sampled_from([one.name for one in definitions()]), min_size=1),
        "report": st.sampled_from([COHERENT, TOWARDS]),
        "subplaces": st.sampled_from(["true", "false"]),
        "grouping": st.sampled_from(["any", "m49", "report"]),
        "until": st.sampled_from(["2021", "2024-10", "2025-08-19"]),
        "therapy": st.sampled_from(["id/concept/car-t-cell-therapy", "id/therapy/kymriah"]),
        "indication": st.sampled_from(["id/concept/cancer", "id/segment/cmi8447-cancer"]),
        "about": st.sampled_from(["evidence", "player"]),
        "role": st.sampled_from(["id/concept/org-company", "id/concept/org-hospital"]),
    },
)


def ask(asking: Asking, question: Named, given: Mapping[str, Any] | None = None) -> Answer:
    texts = {
        name: [value] if isinstance(value, str) else value for name, value in (given or {}).items()
    }
    if any(parameter.name == "active" for parameter in question.parameters):
        texts.setdefault("active", ["any-tie"])  # the tables made by hand have implied ties, too
    read = read_arguments(question.parameters, texts, lambda _, text, __: f"{DEFAULT_BASE}{text}")
    return question.run(asking, read)


def slug(thing: Thing) -> str:
    return thing.iri.rsplit("/", 1)[-1]


def letter(report: Thing) -> str:
    return LETTERS[report.iri.removeprefix(DEFAULT_BASE)]


def ties_told(rows: Any) -> set[tuple[str, ...]]:
    """Report, player, place, kind of evidence, and its mark in that report."""
    return {
        (letter(report), row["player"].label, row["place"].label, *mark)
        for row in rows
        for report in row["reports"]
        for mark in marks(one for one in row["evidence"] if one.report == report).items()
    }


@cache
def tied_by_hand(name: str) -> frozenset[tuple[str, ...]]:
    decisions = tomllib.loads((Path(FOLDER) / "decisions.toml").read_text("utf-8"))
    return frozenset(decided(name, decisions))
