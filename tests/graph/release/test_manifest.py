import json
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad

from graph.release import DataDirectory, DetailsRefused
from graph.release.manifest import InvalidManifest, compose, count, decode, encode
from tests.examples import examples
from tests.graph.release.samples import (
    DETAILS,
    TYPE,
    lists,
    named,
    node,
    published,
    quads,
    typed,
)


@settings(max_examples=examples(40))
@given(given_quads=lists)
def test_counts_are_those_of_the_store(
    tmp_path_factory: pytest.TempPathFactory, given_quads: list[Quad]
) -> None:
    release = DataDirectory(tmp_path_factory.mktemp("data")).publish(given_quads, {})
    found = list(named(release))
    triples = {quad.triple for quad in found}
    graphs: dict[str, int] = {}
    classes: dict[str, set[str]] = {}
    for quad in found:
        assert isinstance(quad.graph_name, NamedNode)
        graphs[quad.graph_name.value] = graphs.get(quad.graph_name.value, 0) + 1
        if quad.predicate == TYPE and isinstance(quad.object, NamedNode):
            classes.setdefault(quad.object.value, set()).add(str(quad.subject))
    assert release.manifest["counts"] == {
        "statements": len(found),
        "triples": len(triples),
        "graphs": graphs,
        "classes": {name: len(things) for name, things in classes.items()},
    }


def test_the_whole_manifest(tmp_path: Path) -> None:
    _, release = published(tmp_path, 8)
    assert json.loads((release.path / "manifest.json").read_bytes()) == release.manifest
    manifest = dict(release.manifest)
    assert len(manifest.pop("checksum")) == 64
    assert manifest.pop("versions").items() >= {"pyoxigraph": version("pyoxigraph")}.items()
    assert manifest == DETAILS | {
        "id": release.id,
        "format": 1,
        "bytes": release.nquads.stat().st_size,
        "counts": {
            "statements": 8,
            "triples": 6,
            "graphs": {
                "https://example.org/graph/a": 4,
                "https://example.org/graph/b": 2,
                "https://example.org/graph/c": 2,
            },
            "classes": {"https://example.org/ns#Class0": 1, "https://example.org/ns#Class1": 1},
        },
    }


def test_the_file_is_sorted_and_readable(tmp_path: Path) -> None:
    _, release = published(tmp_path, 8)
    text = (release.path / "manifest.json").read_text("utf-8")
    assert text == json.dumps(json.loads(text), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    assert str(tmp_path) not in text


def test_versions_given_are_kept_beside_ours() -> None:
    manifest = compose("0" * 64, 0, count([]), {"versions": {"seeds": "7", "pyoxigraph": "no"}})
    assert (
        manifest["versions"].items() >= {"seeds": "7", "pyoxigraph": version("pyoxigraph")}.items()
    )


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(json_values)
def test_details_come_back_as_they_were(value: Any) -> None:
    manifest = compose("0" * 64, 0, count([]), {"detail": value})
    again = decode(encode(manifest))
    assert again == manifest
    assert again["detail"] == value


def test_other_mappings_and_sequences_are_written_as_json_has_them() -> None:
    manifest = compose("0" * 64, 0, count([]), MappingProxyType({"a": (1, MappingProxyType({}))}))
    assert manifest["a"] == [1, {}]


@pytest.mark.parametrize(
    ("details", "says"),
    [
        ({"id": "mine"}, "'id'"),
        ({"counts": {}}, "'counts'"),
        ({"a": {"b": [Decimal(1)]}}, r"details\.a\.b\[0\]: Decimal\('1'\)"),
        ({"a": float("nan")}, r"details\.a: nan"),
        ({"a": float("inf")}, r"details\.a: inf"),
        ({"a": b"bytes"}, r"details\.a: b'bytes'"),
        ({"a": {1: 2}}, r"details\.a: the key 1 is not text"),
        ({"a": "\ud800"}, r"details\.a: '\\ud800' has no place"),
        ({"a": {"\ud800": 1}}, r"details\.a: the key '\\ud800' is not text"),
        ({"\ud800": 1}, r"details: the key '\\ud800' is not text"),
        ({"a": {1, 2}}, r"details\.a: \{1, 2\}"),
        ({"a": Path("x")}, r"details\.a: "),
        ({"versions": "7"}, "must map"),
    ],
)
def test_details_that_cannot_be_kept_are_refused_by_place(
    tmp_path: Path, details: Any, says: str
) -> None:
    with pytest.raises(DetailsRefused, match=says):
        DataDirectory(tmp_path / "data").publish(quads(8), details)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"null", b"{}", b'{"format": "1"}', b"\xff", b"[" * 200_000, b"1" * 10_000]
)
def test_what_is_no_manifest_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidManifest):
        decode(data)


def test_any_change_of_the_bytes_is_noticed() -> None:
    lines = [f"{node('s')} {node('p')} {typed('1', 'integer')} {node('g')} ."]
    data = encode(compose("0" * 64, 0, count(lines), DETAILS))
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 1
        try:
            manifest = decode(bytes(changed))
        except InvalidManifest:
            continue
        assert manifest["format"] != 1, place  # format 0: for the caller to refuse
    for other in (data + b" ", data.replace(b"\n", b"\r\n"), data[:-1]):
        with pytest.raises(InvalidManifest):
            decode(other)
