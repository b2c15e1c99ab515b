import hashlib
import random
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    BaseDirection,
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
)

from graph.release import DataDirectory, StatementRefused, content_id
from tests.graph.release.samples import DETAILS, XSD, lists, named, node, quads, typed

S, P, G = node("s"), node("p"), node("graph/a")


def the_object(literal: Literal) -> str:
    _, (line,) = content_id([Quad(S, P, literal, G)])
    return line.removeprefix(f"{S} {P} ").removesuffix(f" {G} .")


def test_the_id_is_the_hash_of_the_lines_each_with_a_line_feed() -> None:
    # Spelled out: this id must come out on every machine and in every later version.
    id_, lines = content_id(
        [
            Quad(S, P, typed("24.00", "decimal"), G),
            Quad(S, P, Literal("café", language="en-GB"), G),
            Quad(S, P, NamedNode("https://example.org/o"), NamedNode("urn:g")),
        ]
    )
    assert lines == [
        f'{S} {P} "24"^^<{XSD}decimal> <https://example.org/graph/a> .',
        f'{S} {P} "café"@en-gb <https://example.org/graph/a> .',
        f"{S} {P} <https://example.org/o> <urn:g> .",
    ]
    assert id_ == hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()
    assert id_ == "4dbacddccfea777faa26bbd7116f3421a4047a626e04d694e8a7aec9781a11cc"


def test_no_statements_have_the_id_of_no_bytes() -> None:
    assert content_id([]) == (hashlib.sha256(b"").hexdigest(), [])


@pytest.mark.parametrize(
    ("value", "name", "stored", "stored_name"),
    [
        ("24.00", "decimal", "24", "decimal"),
        ("-0.0", "decimal", "0", "decimal"),
        ("01", "integer", "1", "integer"),
        ("abc", "integer", "abc", "integer"),
        ("5", "int", "5", "integer"),
        ("1.50e1", "double", "15", "double"),
        ("NaN", "double", "NaN", "double"),
        ("1", "boolean", "true", "boolean"),
        ("PT36H", "dayTimeDuration", "P1DT12H", "dayTimeDuration"),
        ("2024-01Z", "gYearMonth", "2024-01Z", "gYearMonth"),
        ("2024-01-01T00:00:00+02:00", "dateTime", "2024-01-01T00:00:00+02:00", "dateTime"),
        ("2024-12-31T24:00:00", "dateTime", "2025-01-01T00:00:00", "dateTime"),
        ("2023-02-29", "date", "2023-02-29", "date"),
    ],
)
def test_literals_are_written_as_the_engine_stores_them(
    value: str, name: str, stored: str, stored_name: str
) -> None:
    assert the_object(typed(value, name)) == str(typed(stored, stored_name))


def test_two_writings_of_one_value_are_one_statement() -> None:
    same = [Quad(S, P, typed(value, "decimal"), G) for value in ("24", "24.0", "24.00", "+24")]
    assert content_id(same) == content_id(same[:1])


@given(lists, st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(given_quads: list[Quad], chance: random.Random) -> None:
    again = [*given_quads, *chance.choices(given_quads, k=5)] if given_quads else []
    chance.shuffle(again)
    assert content_id(again) == content_id(iter(given_quads))


@given(lists)
def test_normalising_twice_changes_nothing(given_quads: list[Quad]) -> None:
    id_, lines = content_id(given_quads)
    text = "".join(f"{line}\n" for line in lines)
    assert content_id(parse(text, format=RdfFormat.N_QUADS)) == (id_, lines)
    encoded = [line.encode() for line in lines]
    assert encoded == sorted(set(encoded))


@settings(max_examples=25)
@given(given_quads=lists)
def test_what_a_release_gives_back_has_its_id(
    tmp_path_factory: pytest.TempPathFactory, given_quads: list[Quad]
) -> None:
    directory = DataDirectory(tmp_path_factory.mktemp("data"))
    release = directory.publish(given_quads, DETAILS)
    assert content_id(named(release))[0] == release.id == content_id(given_quads)[0]
    assert hashlib.sha256(release.nquads.read_bytes()).hexdigest() == release.id


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="needs sha256sum")
def test_anyone_can_check_the_id_with_common_tools(tmp_path: Path) -> None:
    release = DataDirectory(tmp_path).publish(quads(40), DETAILS)
    shown = subprocess.run(["sha256sum", release.nquads], capture_output=True, check=True).stdout
    assert shown.decode().split()[0] == release.id
    subprocess.run(["sort", "--check", "--unique", release.nquads], env={"LC_ALL": "C"}, check=True)


BLANK = BlankNode("b1")


@pytest.mark.parametrize(
    ("refused", "reason"),
    [
        (Quad(BLANK, P, S, G), "blank node"),
        (Quad(S, P, BLANK, G), "blank node"),
        (Quad(S, P, S, BLANK), "blank node"),
        (Quad(S, P, Literal("x _:b1")), "no named graph"),
        (Quad(S, P, S, DefaultGraph()), "no named graph"),
        (Quad(S, P, Triple(S, P, S), G), "triple term"),
        (Quad(S, P, Triple(S, P, BLANK), G), "triple term"),
        (Quad(S, P, Literal("x", language="ar", direction=BaseDirection.RTL), G), "direction"),
    ],
)
def test_what_no_release_may_hold_is_refused_by_name(
    tmp_path: Path, refused: Quad, reason: str
) -> None:
    directory = DataDirectory(tmp_path / "data")
    with pytest.raises(StatementRefused, match=reason) as caught:
        directory.publish([*quads(8), refused], DETAILS)
    for term in refused.triple:
        assert str(term) in str(caught.value)
    assert not (tmp_path / "data").exists()


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_text_is_taken_for_what_is_refused(text: str) -> None:
    tricky = [text, f'{text}" _:b .', f"_:b {text} <<( )>> @ar--rtl", f"\\{text}"]
    content_id([Quad(S, P, Literal(each), G) for each in tricky])


def test_a_long_statement_is_shortened_in_the_message() -> None:
    with pytest.raises(StatementRefused) as caught:
        content_id([Quad(BLANK, P, Literal("x" * 100_000), G), Quad(BLANK, P, S, G)])
    assert len(str(caught.value)) < 1000
    assert "1 more" in str(caught.value)


def test_an_error_of_the_producer_passes_through() -> None:
    def produce() -> object:
        yield quads(1)[0]
        raise LookupError("rule 7")

    with pytest.raises(LookupError, match="rule 7"):
        content_id(produce())  # type: ignore[arg-type]
