"""What was validated is known again, and nothing else is."""

from pathlib import Path
from typing import Any

import pyshacl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import validation
from graph.build import check
from graph.conforming import Conforming
from tests.landscape.spoil import SEEDS, copied

ONE, OTHER = b"<urn:a> <urn:b> <urn:c> .\n", b"<urn:a> <urn:b> <urn:d> .\n"


def test_what_conforms_is_known_from_then_on(tmp_path: Path) -> None:
    known = Conforming(tmp_path / "not there yet")
    digest = known.digest(ONE, "shapes")
    assert digest not in known
    known.add(digest)
    assert digest in Conforming(tmp_path / "not there yet")


@given(st.permutations([ONE, OTHER, b"<urn:z> <urn:b> <urn:c> .\n"]))
def test_the_order_of_statements_does_not_count(lines: list[bytes]) -> None:
    known = Conforming(Path("unused"))
    assert known.digest(b"".join(lines), "s") == known.digest(b"".join(sorted(lines)), "s")


def test_statements_shapes_and_their_limits_count(tmp_path: Path) -> None:
    known = Conforming(tmp_path)
    digests = {
        known.digest(ONE, "shapes"),
        known.digest(OTHER, "shapes"),
        known.digest(ONE + OTHER, "shapes"),
        known.digest(ONE, "other shapes"),
        known.digest(ONE, "sha", "pes"),
        known.digest(ONE),
    }
    assert len(digests) == 6


def test_another_validator_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = Conforming(tmp_path)
    before = known.digest(ONE)
    monkeypatch.setattr("graph.conforming.version", lambda _: "99")
    assert known.digest(ONE) != before


def test_a_folder_that_cannot_be_made_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    known = Conforming(tmp_path / "file" / "folder")
    known.add("digest")
    assert "digest" not in known


def test_not_too_many_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.conforming._MOST", 10)
    known = Conforming(tmp_path)
    for number in range(50):
        known.add(f"{number:064x}")
    assert len([*tmp_path.iterdir()]) <= 10


def test_seeds_are_validated_once_and_each_change_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    asked = []
    validate = pyshacl.validate

    def counted(*given: Any, **more: Any) -> object:
        asked.append(given)
        return validate(*given, **more)

    monkeypatch.setattr(pyshacl, "validate", counted)
    assert check(seeds=SEEDS).problems == ()
    first = len(asked)
    assert first
    assert check(seeds=SEEDS).problems == ()
    assert len(asked) == first
    with monkeypatch.context() as other:
        other.setattr(validation, "_OPTIONS", {"inference": "rdfs", "meta_shacl": False})
        assert check(seeds=SEEDS).problems == ()
    assert len(asked) == 2 * first
    changed = copied(tmp_path)
    source = changed / "acme-brief" / "source.toml"
    source.write_text(source.read_text("utf-8").replace('short_title = "', 'short_title = "New '))
    assert check(seeds=changed).problems == ()
    assert len(asked) > 2 * first
