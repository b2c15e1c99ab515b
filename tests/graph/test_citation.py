"""Citations are valid whatever a source is called: YAML with the keys of CFF 1.2.0, and BibTeX."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from graph.citation import bibtex, cff, citation
from graph.release import Release

ID = "5df2fc5740af813ebc237a509e302663b241a0fcd8e250a617d903279d0b7af0"
# Citation File Format 1.2.0, schema.json: what is required, of the whole and of its parts.
REQUIRED = ("authors", "cff-version", "message", "title")
REQUIRED_OF_REFERENCE = ("authors", "title", "type")
KEYS = {*REQUIRED, "type", "version", "license", "identifiers", "url", "references"}
KEYS_OF_REFERENCE = {
    *(*REQUIRED_OF_REFERENCE, "publisher", "date-published", "year", "month", "number", "url"),
}


def release(*sources: Mapping[str, Any]) -> Release:
    return Release(ID, Path("nowhere"), MappingProxyType({"sources": list(sources)}))


def check_cff(text: str) -> dict[str, Any]:
    """The document, if it is CFF 1.2.0 as far as we use it."""
    document = yaml.safe_load(text)
    assert document["cff-version"] == "1.2.0"
    assert set(REQUIRED) <= document.keys() <= KEYS
    assert document["type"] in ("dataset", "software")
    for one in (document, *document.get("references", ())):
        assert one["authors"]
        assert all(isinstance(author["name"], str) and author["name"] for author in one["authors"])
        assert isinstance(one["title"], str)
        assert one["title"]
    for one in document.get("references", ()):
        assert set(REQUIRED_OF_REFERENCE) <= one.keys() <= KEYS_OF_REFERENCE
        assert 1 <= one.get("month", 1) <= 12
    for one in document["identifiers"]:
        assert one["type"] in ("doi", "url", "swh", "other")
    return dict(document)


def read_bibtex(text: str) -> list[tuple[str, str, dict[str, str]]]:
    """The entries of BibTeX: kind, key, fields. Braces count as BibTeX counts them."""
    found, place = [], 0
    while (start := text.find("@", place)) >= 0:
        opening = text.index("{", start)
        place, body = _braces(text, opening)
        key, _, rest = body.partition(",")
        fields = {}
        while (equals := rest.find("=")) >= 0:
            end, value = _braces(rest, rest.index("{", equals))
            fields[rest[:equals].strip(", \n")] = value
            rest = rest[end:]
        found.append((text[start + 1 : opening], key.strip(), fields))
    return found


def _braces(text: str, opening: int) -> tuple[int, str]:
    depth = 0
    for place in range(opening, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if depth == 0:
            return place + 1, text[opening + 1 : place]
    raise AssertionError("braces do not balance")


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
sources = st.fixed_dictionaries(
    {"slug": st.just("a-b"), "title": texts, "publisher": texts},
    optional={
        "code": texts,
        "url": st.one_of(st.none(), texts),
        "published": st.sampled_from(
            [None, "2025", "2025-08", "2025-08-05", "../2025-08", "2024/2025"]
        ),
    },
)


@given(found=st.lists(sources, max_size=3))
def test_any_text_survives(found: list[dict[str, Any]]) -> None:
    document = check_cff(cff(citation(release(*found))))
    cited = document.get("references", [])
    assert [one["title"] for one in cited] == [one["title"] for one in found]
    entries = read_bibtex(bibtex(citation(release(*found))))
    assert [kind for kind, _, _ in entries] == ["misc", *["techreport"] * len(found)]
    assert all(fields["title"] for _, _, fields in entries)


def test_a_release_is_cited_by_its_hash_and_without_a_date() -> None:
    document = check_cff(cff(citation(release(), "https://here.example/releases/x")))
    assert document["version"] == ID
    assert document["license"] == "CC-BY-4.0"
    assert document["authors"] == [{"name": "The Therascape authors"}]
    assert document["url"] == "https://here.example/releases/x"
    assert "date-released" not in document
    assert "url" not in check_cff(cff(citation(release())))


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("2025-08-05", {"year": 2025, "month": 8, "date-published": "2025-08-05"}),
        ("2025-08", {"year": 2025, "month": 8}),
        ("2025", {"year": 2025}),
        ("../2025-08-05", {}),
        ("2024/2025", {}),
        (None, {}),
    ],
)
def test_a_report_has_the_date_that_it_prints(
    printed: str | None, expected: dict[str, object]
) -> None:
    source = {"slug": "s", "title": "T", "publisher": "P", "published": printed}
    (reference,) = check_cff(cff(citation(release(source))))["references"]
    dates = {"year", "month", "date-published"}
    assert {key: str(reference[key]) for key in dates & reference.keys()} == {
        key: str(value) for key, value in expected.items()
    }


def test_what_latex_takes_for_a_command_is_written_out() -> None:
    source = {"slug": "s", "title": r"50% of {A} & B_c #1 \input{x}", "publisher": "P~Q^"}
    (_, (_, _, fields)) = read_bibtex(bibtex(citation(release(source))))
    assert (
        r"50\% of \textbraceleft{}A\textbraceright{} \& B\_c \#1 \textbackslash{}input"
        in fields["title"]
    )
