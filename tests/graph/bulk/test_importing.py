"""Files of N-Quads become releases like any other."""

import random
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Store

from graph.bulk.errors import ImportRefused
from graph.bulk.importing import Imported, import_file
from graph.bulk.reading import LONGEST_LINE, Progress, checked_blocks
from graph.journal import Journal
from graph.landscape.asking import Asking
from graph.landscape.matrix import MATRIX
from graph.origin import outdated_origin
from graph.query import EmbeddedEngine, Formats, Request
from graph.release import DataDirectory, content_id
from graph.release.canonical import nquads
from graph.rules import derive
from graph.stores.files import stored
from graph.synthetic.nquads import lines
from graph.synthetic.world import World
from graph.terms import Iris
from ontology.namespaces import RDF
from tests.graph.journal.samples import AUTHOR, insert
from tests.graph.landscape.asked import ask

IRIS = Iris()


def silent(_: str) -> Progress:
    return lambda _done, _total: None


def imported(data: Path, file: Path, *, derives: bool = True, on_disk: bool = False) -> Imported:
    """Import a file that need not fit the shapes."""
    place = DataDirectory(data)
    return import_file(place, file, IRIS, silent, derives=derives, validates=False, on_disk=on_disk)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The statements of two synthetic reports, in order."""
    path = tmp_path_factory.mktemp("bulk") / "two.nq"
    path.write_bytes(b"".join(lines(World.of(2, 1), IRIS, lambda _: None)))
    return path


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, file: Path) -> Path:
    """A part of them."""
    path = tmp_path_factory.mktemp("bulk") / "small.nq"
    path.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[::4]))
    return path


def test_the_release_is_that_of_the_same_statements(tmp_path: Path, file: Path) -> None:
    plain = imported(tmp_path / "plain", file, derives=False).release
    assert plain.nquads.read_bytes() == file.read_bytes()
    id_, text = content_id(plain.quads())
    assert (plain.id, nquads(text)) == (id_, file.read_bytes())
    published = DataDirectory(tmp_path / "published").publish(plain.quads(), {})
    assert published.id == plain.id
    assert published.manifest["counts"] == plain.manifest["counts"]
    assert DataDirectory(tmp_path / "plain").current() == plain


def test_rules_derive_what_they_derive_in_a_build(tmp_path: Path, file: Path) -> None:
    done = imported(tmp_path, file)
    plain = imported(tmp_path, file, derives=False).release
    claimed = list(plain.quads())
    expected, _ = content_id([*claimed, *derive(claimed, IRIS)])
    assert done.release.id == expected
    assert [*done.seconds] == [
        *("checking", "rules", "merging", "loading", "network", "statistics")
    ]
    asking = Asking(EmbeddedEngine.over(done.release), IRIS.base)
    assert len(ask(asking, MATRIX).rows) > 20


def test_what_is_derived_already_is_not_derived_again(tmp_path: Path, file: Path) -> None:
    release = imported(tmp_path / "one", file).release
    again = imported(tmp_path / "two", release.nquads)
    assert again.release.id == release.id
    assert "rules" not in again.seconds


def test_from_graphs_that_are_not_of_the_model_nothing_is_derived(
    tmp_path: Path, file: Path
) -> None:
    done = import_file(DataDirectory(tmp_path), file, Iris("https://else.example/"), silent)
    assert done.release.nquads.read_bytes() == file.read_bytes()


def test_order_and_repetition_do_not_matter(tmp_path: Path, file: Path) -> None:
    text = file.read_bytes().split(b"\n")[:-1]
    shuffled = [*text, *text[:50]]
    random.Random(3).shuffle(shuffled)
    other = tmp_path / "shuffled.nq"
    other.write_bytes(b"\n".join(shuffled))  # the last line without its end, as editors leave it
    done = imported(tmp_path / "data", other, derives=False)
    assert done.release.nquads.read_bytes() == file.read_bytes()
    assert "sorting" in done.seconds


def test_the_manifest_tells_of_the_sources(tmp_path: Path, file: Path) -> None:
    release = imported(tmp_path, file).release
    first, _ = release.manifest["sources"]
    assert first["slug"] == "synthetic-report-0"
    assert first["graph"] == IRIS.graph("synthetic-report-0").value
    assert first["title"] == "Synthetic Market Outlook 0"
    assert first["publisher"].startswith("Synthetic ")
    assert "launches" in first["read_completely"]
    assert release.manifest["imported"] is True
    assert outdated_origin(DataDirectory(tmp_path), release) is None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ((b'"@en', b'"@en-GB'), "en-gb"),
        ((b"<https://", b"<htt ps://"), "no N-Quads"),
        ((b"Synthetic", b"\xff\xfeSynthetic"), "not UTF-8"),
    ],
)
def test_an_unfit_line_is_named(
    tmp_path: Path, file: Path, change: tuple[bytes, bytes], says: str
) -> None:
    text = file.read_bytes().split(b"\n")
    number = next(n for n, line in enumerate(text) if n > 1000 and change[0] in line)
    text[number] = text[number].replace(*change, 1)
    other = tmp_path / "other.nq"
    other.write_bytes(b"\n".join(text))
    with pytest.raises(ImportRefused, match=rf"other\.nq:{number + 1}: .*({says})"):
        imported(tmp_path / "data", other)
    data = DataDirectory(tmp_path / "data")
    assert data.current() is None
    assert [*(tmp_path / "data" / "releases").iterdir()] == []


def test_the_former_release_stays_when_a_file_is_refused(tmp_path: Path, file: Path) -> None:
    release = imported(tmp_path / "data", file).release
    bad = tmp_path / "bad.nq"
    bad.write_bytes(file.read_bytes() + b"nonsense\n")
    with pytest.raises(ImportRefused, match=r"bad\.nq:"):
        imported(tmp_path / "data", bad)
    assert DataDirectory(tmp_path / "data").current() == release


def test_superseded_editions_are_refused(tmp_path: Path) -> None:
    bad = tmp_path / "history.nq"
    bad.write_text(
        f"<https://e.org/s> <https://e.org/p> <https://e.org/o> {IRIS.graph('history')} .\n"
    )
    with pytest.raises(ImportRefused, match="superseded editions"):
        imported(tmp_path / "data", bad)


def test_what_was_written_is_not_thrown_away(tmp_path: Path, file: Path) -> None:
    data = DataDirectory(tmp_path)
    Journal(data.journal).append(AUTHOR, "update", insert(1), after=0)
    with pytest.raises(ImportRefused, match="another folder"):
        imported(tmp_path, file)


def test_what_is_written_while_it_waits_for_its_turn_is_not_thrown_away(
    tmp_path: Path, small: Path
) -> None:
    data = DataDirectory(tmp_path)
    with ThreadPoolExecutor(1) as aside:
        with data.publishing():
            waiting = aside.submit(imported, tmp_path, small, on_disk=True)
            until = time.monotonic() + 30
            while not (tmp_path / "stores" / ".lock").exists() and time.monotonic() < until:
                time.sleep(0.01)
            Journal(data.journal).append(AUTHOR, "update", insert(1), after=0)
        with pytest.raises(ImportRefused, match="another folder"):
            waiting.result()


@pytest.mark.parametrize("way", ["sorted", "shuffled", "with rules", "derived already"])
def test_a_store_on_the_disk_has_what_one_in_memory_has(
    tmp_path: Path, small: Path, way: str
) -> None:
    lines_ = small.read_bytes().splitlines(keepends=True)
    source = tmp_path / "in.nq"
    source.write_bytes(b"".join(reversed(lines_) if way == "shuffled" else lines_))
    if way == "derived already":
        source = imported(tmp_path / "first", source).release.nquads
    derives = way in ("with rules", "derived already")
    release = imported(tmp_path / "data", source, derives=derives, on_disk=True).release
    place = stored(DataDirectory(tmp_path / "data"), release)
    assert place is not None
    assert set(Store.read_only(str(place))) == set(release.store())
    # Once more: the release that is there is held against the same lines.
    again = imported(tmp_path / "data", source, derives=derives, on_disk=True).release
    assert again == release
    assert stored(DataDirectory(tmp_path / "data"), release) == place


def test_a_file_that_is_refused_leaves_no_store(tmp_path: Path, small: Path) -> None:
    bad = tmp_path / "bad.nq"
    bad.write_bytes(small.read_bytes() + b"nonsense\n")
    with pytest.raises(ImportRefused, match=r"bad\.nq:"):
        imported(tmp_path / "data", bad, derives=False, on_disk=True)
    assert [one.name for one in (tmp_path / "data" / "stores").iterdir()] == [".lock"]


def test_a_text_for_a_class_is_in_no_count_and_still_found(tmp_path: Path, file: Path) -> None:
    other = tmp_path / "other.nq"
    line = f'<https://e.org/s> {RDF.type} "text" <https://e.org/g> .\n'
    other.write_bytes(line.encode() + file.read_bytes())
    release = imported(tmp_path / "data", other, derives=False).release
    assert release.manifest["literal_classes"] == 1
    asked = Request("SELECT DISTINCT ?c { ?s a ?c }", Formats("text/csv", None))
    assert b"\r\ntext\r\n" in EmbeddedEngine.over(release).evaluate(asked).body
    # One that was imported before this was counted says nothing of it.
    told = {name: said for name, said in release.manifest.items() if name != "literal_classes"}
    before = replace(release, manifest=told)
    assert b"\r\ntext\r\n" in EmbeddedEngine.over(before).evaluate(asked).body


def test_an_empty_file_is_refused(tmp_path: Path, small: Path) -> None:
    release = imported(tmp_path / "data", small).release
    empty = tmp_path / "empty.nq"
    empty.write_bytes(b"")
    with pytest.raises(ImportRefused, match=r"empty\.nq: there is no statement in it"):
        imported(tmp_path / "data", empty)
    assert DataDirectory(tmp_path / "data").current() == release


@pytest.mark.parametrize("longer", [-1, 1, 1 << 21])
def test_the_longest_line_is_named(tmp_path: Path, longer: int) -> None:
    begin, end = b'<http://e.org/s> <http://e.org/p> "', b'" <http://e.org/g> .'
    text = b"x" * (LONGEST_LINE - len(begin) - len(end) + longer)
    (tmp_path / "long.nq").write_bytes(b"\n".join([begin + end, begin + text + end, b""]))
    blocks = checked_blocks(tmp_path / "long.nq", lambda _done, _total: None)
    if longer < 0:
        assert sum(block.count(b"\n") for block in blocks) == 2
    else:
        with pytest.raises(ImportRefused, match=r"begins with .* is longer than 16 MiB"):
            list(blocks)


def test_reading_takes_no_more_memory_for_a_longer_file(tmp_path: Path, file: Path) -> None:
    def peak(times: int) -> int:
        path = tmp_path / f"{times}.nq"
        path.write_bytes(file.read_bytes() * times)
        tracemalloc.start()
        for _ in checked_blocks(path, lambda _done, _total: None):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(12) < 1.25 * peak(3)
