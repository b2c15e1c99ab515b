"""Quads to publish, and the strategies that make more of them."""

from collections.abc import Iterator
from pathlib import Path

from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from graph.release import JSON, DataDirectory, Release

ROOT = Path(__file__).parents[3]
XSD = "http://www.w3.org/2001/XMLSchema#"
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
DETAILS: dict[str, JSON] = {
    "base": "https://example.org/",
    "sources": [{"slug": "a", "text_sha256": "0" * 64}],
}


def node(name: str) -> NamedNode:
    return NamedNode(f"https://example.org/{name}")


def typed(value: str, name: str) -> Literal:
    return Literal(value, datatype=NamedNode(XSD + name))


def quads(number: int, word: str = "old") -> list[Quad]:
    """`number` statements in three graphs, some triples in two of them."""
    made: list[Quad] = []
    for i in range(number):
        thing, kind = node(f"id/{word}-{i // 4}"), i % 4
        if kind == 0:
            made.append(Quad(thing, TYPE, node(f"ns#Class{i % 3}"), node("graph/a")))
        elif kind == 1:
            made.append(Quad(thing, node("ns#label"), Literal(f"{word} {i}"), node("graph/b")))
        elif kind == 2:
            made.append(Quad(thing, node("ns#value"), typed(f"{i}.50", "decimal"), node("graph/a")))
        else:
            subject, predicate, value = made[-1].triple
            made.append(Quad(subject, predicate, value, node("graph/c")))
    return made


def names(path: Path) -> list[str]:
    return sorted(place.name for place in path.iterdir())


def published(path: Path, number: int = 40, word: str = "old") -> tuple[DataDirectory, Release]:
    directory = DataDirectory(path)
    return directory, directory.publish(quads(number, word), DETAILS)


def named(release: Release) -> Iterator[Quad]:
    """The statements of a release as its store gives them back, without the merge."""
    store = release.store()
    for graph in store.named_graphs():
        yield from store.quads_for_pattern(None, None, None, graph)


_TRICKY = {
    "decimal": ["24.00", "-0.0", "+1", ".5", "5.", "0.123456789012345678901", "1e3", "9" * 40],
    "integer": ["01", "+1", "-0", "abc", "", "9" * 30, " 1 ", "1.0"],
    "int": ["5", "+5"],
    "byte": ["300", "1"],
    "double": ["1.50e1", "NaN", "INF", "-INF", "+INF", "-0", "1E400", "5e-324", "0.1", "1e21"],
    "float": ["0.1", "16777217", "3.4028236e38", "1e-50", "NaN"],
    "boolean": ["1", "0", "true", "TRUE", "yes"],
    "duration": ["P1Y", "P12M", "PT36H", "PT60S", "-P1Y2M3DT4H5M6.700S", "P", "P0D", "P1W"],
    "dayTimeDuration": ["PT36H", "P1D", "PT0.0S", "PT0.0000000000000000001S"],
    "yearMonthDuration": ["P1Y13M", "-P25M"],
    "gYear": ["2024", "-0001", "0000", "12024", "24"],
    "gYearMonth": ["2024-01", "2024-01Z", "2024-13", "2024-01+14:00", "2024-01-05:00"],
    "gMonthDay": ["--02-29", "--02-30"],
    "date": ["2024-02-29", "2023-02-29", "2024-01-01+00:00", "2024-01-01-00:00"],
    "dateTime": [
        "2024-01-01T00:00:00Z",
        "2024-01-01T00:00:00+02:00",
        "2024-12-31T24:00:00",
        "2024-01-01T00:00:00.500",
        "2024-01-01T23:59:60Z",
        "2024-01-01T00:00:00.1234567890123456789Z",
    ],
    "time": ["24:00:00", "12:30:00.0Z"],
    "hexBinary": ["0a", "0A"],
    "anyURI": ["http://example.org/ä b"],
    "string": ["a"],
}
# Everything N-Quads escapes, what it need not escape although tools break lines at it, and the
# code points at the edges of the surrogates and of the planes.
_CHARACTERS = "\0\a\b\t\n\v\f\r\x1b\x1c\x1d\x1e\x1f \"'\\<>^@._:\x7f\x85\xa0\u2028\u2029"
_EDGES = "\ud7ff\ue000\ufdd0\ufeff\ufffe\uffff\U00010000\U0010ffff"
_text = st.text(
    st.one_of(st.sampled_from(_CHARACTERS + _EDGES), st.characters(exclude_categories=["Cs"]))
)

literals = st.one_of(
    st.sampled_from([typed(value, name) for name, values in _TRICKY.items() for value in values]),
    st.builds(
        typed, st.text("0123456789.+-:TZPYMDHSeE ", max_size=12), st.sampled_from(sorted(_TRICKY))
    ),
    st.builds(Literal, _text),
    st.builds(
        Literal,
        _text,
        language=st.sampled_from(["en", "en-GB", "EN-gb", "es-419", "zh-Hant-TW", "x-y"]),
    ),
    st.builds(Literal, _text, datatype=st.sampled_from([node("ns#own"), NamedNode("urn:x")])),
)
nodes = st.one_of(
    st.sampled_from(
        [node(name) for name in ("a", "b", "c", "ä", "b/", "a#b", "?q=\ue000", "%41", "\u0301")]
    ),
)
lists = st.lists(
    st.builds(
        Quad,
        nodes,
        st.sampled_from([TYPE, node("p"), node("p2")]),
        st.one_of(nodes, literals),
        st.sampled_from([node("graph/a"), node("graph/b"), NamedNode("urn:g")]),
    ),
    max_size=12,
)
