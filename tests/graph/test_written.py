"""What was written is there after every restart, whatever was published meanwhile."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from graph.checkpoint import checkpoint, empty_release
from graph.delta import Delta
from graph.journal import Journal, JournalGap
from graph.release import DataDirectory, Release
from graph.terms import Iris
from graph.written import Served, WrittenLost, load, load_current, written_state
from tests.examples import examples
from tests.graph.release.samples import DETAILS, literals, node, quads
from tests.graph.writing import content, delta, text, write

BASE = "https://example.org/"
P = node("p")
MINE, YOURS = node("graph/mine"), NamedNode("urn:yours")
ONE = Quad(BlankNode("b1"), P, Literal("one"), MINE)
TWO = Quad(BlankNode("b1"), P, Literal("two"), MINE)


def published(path: Path) -> DataDirectory:
    data = DataDirectory(path)
    data.publish(quads(12), DETAILS | {"sources": []})
    return data


def served(data: DataDirectory, *, strict: bool = True) -> Served:
    found = load_current(data, strict=strict)
    assert found is not None
    return found


# -- any writes, restarts and checkpoints -----------------------------------------------------

_nodes = st.sampled_from(
    [BlankNode("b1"), BlankNode("00ff"), node("a"), node(".well-known/genid/b1")]
)
_terms = _nodes | literals


def _quads(strict: bool) -> st.SearchStrategy[list[Quad]]:
    graphs = [MINE, YOURS, DefaultGraph()] if strict else [MINE, YOURS]
    return st.lists(
        st.builds(Quad, _nodes, st.just(P), _terms, st.sampled_from(graphs)), max_size=4
    )


def _steps(strict: bool) -> st.SearchStrategy[list[object]]:
    change = st.tuples(
        _quads(strict),
        st.lists(st.sampled_from([MINE, YOURS]), max_size=1, unique=True),
        st.lists(st.sampled_from([MINE, YOURS]), max_size=1, unique=True),
        st.booleans(),
    )
    return st.lists(change | st.sampled_from(["checkpoint", "restart"]), max_size=8)


@pytest.mark.parametrize("strict", [True, False])
def test_a_restart_changes_nothing_whatever_was_written_before(
    tmp_path_factory: pytest.TempPathFactory, strict: bool
) -> None:
    @settings(max_examples=examples(25))
    @given(_steps(strict))
    def check(steps: list[object]) -> None:
        data = published(tmp_path_factory.mktemp("data"))
        now = served(data, strict=strict)
        for step in steps:
            before = content(now.store)
            if step == "checkpoint":
                release = checkpoint(data, strict=strict)
                assert release.written.journal == now.number
                assert Journal(data.journal).pruned == now.number
            if isinstance(step, tuple):
                said, created, dropped, undo = step
                gone = [q for q in now.store if undo and q.graph_name in {MINE, YOURS}]
                change = delta(now.store, said, gone, created, dropped)
                now = write(data, now, change, strict=strict)
            else:
                now = served(data, strict=strict)
                assert content(now.store) == before
        assert content(served(data, strict=strict).store) == content(now.store)
        assert content(served(data, strict=strict).store) == content(now.store)

    check()


# -- one after the other ----------------------------------------------------------------------


def test_the_release_and_the_entries_after_it_are_served(tmp_path: Path) -> None:
    data = published(tmp_path)
    now = write(data, served(data), Delta(text([ONE]), created=(MINE.value,)))
    now = write(data, now, Delta(text([TWO]), text([ONE])))
    assert now.number == 2
    again = served(data)
    assert (again.number, again.release) == (2, data.current())
    assert content(again.store) == content(now.store)
    merged = served(data, strict=False).store
    assert Quad(TWO.subject, P, TWO.object) in merged
    assert Quad(ONE.subject, P, ONE.object) not in merged


def test_without_a_release_there_is_nothing_to_serve(tmp_path: Path) -> None:
    assert load_current(DataDirectory(tmp_path / "none"), strict=True) is None
    assert not (tmp_path / "none").exists()


def test_what_is_loaded_writes_nothing(tmp_path: Path) -> None:
    data = published(tmp_path)
    served(data)
    assert not data.journal.exists()


def test_the_default_graph_has_a_name_where_it_is_a_view(tmp_path: Path) -> None:
    """A data directory may be served strict today and merged tomorrow, and back."""
    data = published(tmp_path)
    bare = Quad(BlankNode("b1"), P, Literal("bare"))
    now = write(data, served(data), Delta(text([bare])))
    named = Quad(bare.subject, P, bare.object, Iris(BASE).default_graph)
    for _ in range(2):  # from the journal, then from a release
        merged = served(data, strict=False).store
        assert named in merged
        assert bare in merged
        assert content(served(data).store) == content(now.store)
        checkpoint(data, strict=True)
    now = write(data, served(data, strict=False), Delta(deleted=text([named])))
    assert bare not in served(data).store


def test_entries_that_the_release_contains_may_be_applied_again(tmp_path: Path) -> None:
    data = published(tmp_path)
    now = write(data, served(data), Delta(text([ONE]), created=(MINE.value,)))
    now = write(data, now, Delta(deleted=text([ONE]), dropped=(MINE.value,)))
    now = write(data, now, Delta(text([TWO]), created=(MINE.value,)))
    kept = tmp_path / "kept"
    shutil.copytree(data.journal, kept)
    release = checkpoint(data, strict=True)
    shutil.rmtree(data.journal)
    kept.rename(data.journal)  # as if killed before pruning
    for number in range(4):
        written = {"graphs": [MINE.value], "journal": number}
        stale = replace(release, manifest=dict(release.manifest) | {"written": written})
        assert content(load(data, stale, strict=True).store) == content(now.store)


# -- what is not there ------------------------------------------------------------------------


def test_a_gap_between_release_and_journal_is_told(tmp_path: Path) -> None:
    data = published(tmp_path)
    old = data.current()
    assert old is not None
    now = write(data, served(data), Delta(text([ONE]), created=(MINE.value,)))
    checkpoint(data, strict=True)
    with pytest.raises(JournalGap, match=r"entries 1 to 1 are gone.*start from the current one"):
        load(data, old, strict=True)
    assert content(served(data).store) == content(now.store)


def test_who_loads_while_a_checkpoint_is_made_starts_again_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = published(tmp_path)
    now = write(data, served(data), Delta(text([ONE]), created=(MINE.value,)))
    store = Release.store
    made: list[Release] = []

    def slow(self: Release, *, strict: bool = False) -> object:
        if not made:
            made.append(self)
            made.append(checkpoint(data, strict=True))
        return store(self, strict=strict)

    monkeypatch.setattr(Release, "store", slow)
    found = served(data)
    assert found.release == made[1] != made[0]
    assert content(found.store) == content(now.store)


def test_a_journal_that_was_left_behind_does_not_take_numbers_twice(tmp_path: Path) -> None:
    data = published(tmp_path)
    now = write(data, served(data), Delta(text([ONE]), created=(MINE.value,)))
    checkpoint(data, strict=True)
    shutil.rmtree(data.journal)
    found = served(data)  # a copy of the releases alone can be served
    assert found.number == 1
    assert content(found.store) == content(now.store)
    checkpoint(data, strict=True)
    again = write(data, served(data), Delta(text([TWO])))
    assert again.number == 2
    assert content(served(data).store) == content(again.store)


def test_what_was_written_is_not_built_over_when_it_cannot_be_read(tmp_path: Path) -> None:
    data = published(tmp_path)
    write(data, served(data), Delta(text([ONE]), created=(MINE.value,)))
    assert written_state(data, None, Iris(BASE)).number == 1  # the journal has it all
    release = checkpoint(data, strict=True)
    with pytest.raises(
        WrittenLost, match=r"up to journal entry 1.*Restore the folders.*move .*away"
    ):
        written_state(data, None, Iris(BASE))
    shutil.rmtree(data.journal)
    release.nquads.write_bytes(b"")
    with pytest.raises(WrittenLost, match="missing or damaged"):
        written_state(data, None, Iris(BASE))


def test_an_empty_release_is_made_once(tmp_path: Path) -> None:
    data = DataDirectory(tmp_path / "empty")
    release = empty_release(data, "https://data.acme.example/")
    assert release.manifest["base"] == "https://data.acme.example/"
    assert release.manifest["counts"]["statements"] == 0
    assert release.manifest["sources"] == []
    assert content(served(data).store) == (set(), set())
    now = write(data, served(data), Delta(text([ONE]), created=(MINE.value,)))
    assert empty_release(data, "https://other.example/") == release
    later = checkpoint(data, strict=True)
    assert empty_release(data, "https://other.example/") == later
    assert content(served(data).store) == content(now.store)
    now = write(data, now, Delta(deleted=text([ONE]), dropped=(MINE.value,)))
    last = checkpoint(data, strict=True)
    assert last.id == release.id
    assert (last.written.journal, last.written.graphs) == (2, ())
    assert content(served(data).store) == (set(), set())


def test_another_base_gives_blank_nodes_other_iris_and_the_same_labels(tmp_path: Path) -> None:
    data = published(tmp_path)
    bare = Quad(BlankNode("b1"), P, Literal("bare"))
    write(data, served(data), Delta(text([ONE, bare]), created=(MINE.value,)))
    current = checkpoint(data, strict=True)
    state = written_state(data, current, Iris("https://data.acme.example/"))
    subject = NamedNode("https://data.acme.example/.well-known/genid/b1")
    default = NamedNode("https://data.acme.example/graph/default")
    assert set(state.quads) == {
        Quad(subject, P, ONE.object, MINE),
        Quad(subject, P, bare.object, default),
    }
    assert state.graphs == tuple(sorted([MINE.value, default.value]))
