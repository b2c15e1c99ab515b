import shutil
from pathlib import Path

import pytest
from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode, Quad, Triple

from graph.delta import Delta
from graph.journal import (
    Journal,
    JournalAhead,
    JournalBehind,
    JournalDamaged,
    JournalGap,
    JournalTooNew,
)
from graph.journal.entry import decode, encode
from graph.release import StatementRefused
from tests.graph.journal.samples import (
    AUTHOR,
    GRAPH,
    P,
    file,
    filled,
    insert,
    numbers,
    statement,
    text,
)


def test_reading_makes_nothing(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "data" / "journal")
    assert (journal.last, journal.pruned, list(journal.entries())) == (0, 0, [])
    journal.prune(5)
    journal.begin(0)
    assert not (tmp_path / "data").exists()


def test_what_was_appended_is_read_by_everyone(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    other = Journal(tmp_path / "journal")
    delta = Delta(text([statement(1)]), text([statement(2)]), ("urn:new",), ("urn:old",))
    entry = journal.append(AUTHOR, "PUT", delta, after=0)
    assert (entry.number, entry.author, entry.kind, entry.delta) == (1, AUTHOR, "PUT", delta)
    assert list(journal.entries()) == list(other.entries()) == [entry]
    assert journal.last == other.last == 1
    second = other.append(AUTHOR, "update", insert(2), after=1, time="2026-01-01T00:00:00.000Z")
    assert second.time == "2026-01-01T00:00:00.000Z"
    assert journal.last == 2
    assert list(journal.entries(after=1)) == [second]
    assert list(journal.entries(after=2)) == list(journal.entries(after=9)) == []
    assert list(journal.entries()) == [entry, second]  # going back works, too


def test_a_writer_must_know_all_entries_before_its_own(tmp_path: Path) -> None:
    journal = filled(tmp_path / "journal", 3)
    with pytest.raises(JournalAhead, match="ends with entry 3 and not 2"):
        Journal(journal.folder).append(AUTHOR, "update", insert(4), after=2)
    with pytest.raises(JournalBehind, match=r"ends with entry 3 and not 4.*graph\.checkpoint"):
        journal.append(AUTHOR, "update", insert(4), after=4)
    assert numbers(journal.entries()) == [1, 2, 3]
    with pytest.raises(JournalBehind, match="ends with entry 0 and not 3"):
        Journal(tmp_path / "deleted").append(AUTHOR, "update", insert(4), after=3)


def test_a_journal_that_was_lost_goes_on_where_the_release_ends(tmp_path: Path) -> None:
    journal = filled(tmp_path / "journal", 2)
    journal.begin(2)
    assert numbers(journal.entries()) == [1, 2]  # nothing was lost, so nothing changes
    journal.begin(5)
    assert (journal.pruned, journal.last) == (5, 5)
    assert journal.append(AUTHOR, "update", insert(6), after=5).number == 6
    shutil.rmtree(journal.folder)
    journal.begin(6)
    assert journal.append(AUTHOR, "update", insert(7), after=6).number == 7
    assert numbers(journal.entries(after=6)) == [7]


@pytest.mark.parametrize(
    "quad",
    [
        Quad(P, P, Triple(P, P, P), GRAPH),
        Quad(P, P, Literal("x", language="ar", direction=BaseDirection.RTL), GRAPH),
        Quad(P, P, P, BlankNode("g")),
    ],
)
def test_what_no_release_can_hold_is_not_acknowledged(tmp_path: Path, quad: Quad) -> None:
    journal = filled(tmp_path / "journal", 1)
    for delta in (Delta(inserted=text([quad])), Delta(deleted=text([quad]))):
        with pytest.raises(StatementRefused):
            journal.append(AUTHOR, "update", delta, after=1)
    with pytest.raises(StatementRefused, match="cannot be read"):
        journal.append(AUTHOR, "update", Delta(inserted=b"<a> <b> <c> ."), after=1)
    assert journal.last == 1


# -- torn tails and damage --------------------------------------------------------------------


def test_a_torn_tail_of_any_length_is_no_entry_and_is_cut_off(tmp_path: Path) -> None:
    journal = filled(tmp_path / "journal", 2)
    two = len(file(journal).read_bytes())
    journal.append(AUTHOR, "update", insert(3), after=2)
    whole = file(journal).read_bytes()
    for length in range(two, len(whole)):
        file(journal).write_bytes(whole[:length])
        assert numbers(Journal(journal.folder).entries()) == [1, 2]
        assert journal.last == 2  # who has read further before notices, too
        entry = journal.append(AUTHOR, "update", insert(3, "again"), after=2)
        assert list(Journal(journal.folder).entries(after=2)) == [entry]


@pytest.mark.parametrize("hole", [b"\0", b"?"])
def test_a_tail_with_holes_is_no_entry(tmp_path: Path, hole: bytes) -> None:
    """After a power cut, parts of what was written last may be there and others not."""
    journal = filled(tmp_path / "journal", 2)
    two = len(file(journal).read_bytes())
    journal.append(AUTHOR, "update", insert(3, size=9000), after=2)
    whole = file(journal).read_bytes()
    for begin, end in ((two, two + 4096), (two + 4096, two + 8192), (two + 8192, len(whole) - 1)):
        file(journal).write_bytes(whole[:begin] + hole * (end - begin) + whole[end:])
        assert numbers(Journal(journal.folder).entries()) == [1, 2]
    for tail in (b"\0" * 5000, b"?" * 5000 + b"\n"):
        file(journal).write_bytes(whole[:two] + tail)
        assert numbers(Journal(journal.folder).entries()) == [1, 2]
        for number in (3, 4):
            Journal(journal.folder).append(AUTHOR, "update", insert(number), after=number - 1)
            assert tail[:1] not in file(journal).read_bytes()
        assert numbers(Journal(journal.folder).entries()) == [1, 2, 3, 4]


def test_damage_elsewhere_is_named_and_not_passed_over(tmp_path: Path) -> None:
    journal = filled(tmp_path / "journal", 3)
    whole = file(journal).read_bytes()
    head, one, two, three = whole.splitlines(keepends=True)
    for place in range(len(head), len(head + one + two)):
        damaged = bytearray(whole)
        damaged[place] ^= 0x20 if damaged[place] != ord(" ") else 0x01
        file(journal).write_bytes(damaged)
        with pytest.raises(JournalDamaged, match=r"entries\.jsonl: line [23], from byte \d+"):
            list(Journal(journal.folder).entries())
    for lines, told in (
        ((head, one, three), f"line 3, from byte {len(head + one)}, should be entry 2"),
        ((head, two, three), f"line 2, from byte {len(head)}, should be entry 1: it is entry 2"),
        ((head, one, one, three), "line 3"),
        ((head, one, b"\n", two, three), "line 3"),
        ((one, two, three), "line 1, from byte 0, is not the head of a journal"),
        ((b"",), "line 1, from byte 0"),
        ((head[:-1],), "line 1, from byte 0"),
    ):
        file(journal).write_bytes(b"".join(lines))
        with pytest.raises(JournalDamaged, match=told) as caught:
            list(Journal(journal.folder).entries())
        assert "Restore the file from a backup" in str(caught.value)
        with pytest.raises(JournalDamaged):
            Journal(journal.folder).append(AUTHOR, "update", insert(4), after=3)
        assert file(journal).read_bytes() == b"".join(lines)


def test_two_entries_on_one_line_are_damage_and_no_torn_tail(tmp_path: Path) -> None:
    journal = filled(tmp_path / "journal", 3)
    lines = file(journal).read_bytes().splitlines(keepends=True)
    file(journal).write_bytes(b"".join([*lines[:2], lines[2][:-1], b"?", lines[3]]))
    with pytest.raises(JournalDamaged, match="line 3"):
        list(Journal(journal.folder).entries())


def test_a_newer_format_is_not_called_damage(tmp_path: Path) -> None:
    journal = filled(tmp_path / "journal", 1)
    file(journal).write_bytes(encode({"format": 2, "pruned": 0}))
    with pytest.raises(JournalTooNew, match="upgrade therascape"):
        list(journal.entries())


# -- pruning ----------------------------------------------------------------------------------


def test_pruning_drops_the_first_entries_and_numbers_go_on(tmp_path: Path) -> None:
    journal = filled(tmp_path / "journal", 5)
    other = Journal(journal.folder)
    assert other.last == 5
    lines = file(journal).read_bytes().splitlines(keepends=True)
    journal.prune(3)
    assert (journal.pruned, journal.last) == (3, 5)
    assert file(journal).read_bytes().splitlines(keepends=True)[1:] == lines[4:]
    assert numbers(other.entries(after=3)) == numbers(journal.entries(after=3)) == [4, 5]
    with pytest.raises(JournalGap, match=r"entries 3 to 3 are gone.*start from the current one"):
        list(other.entries(after=2))
    journal.prune(2)
    assert journal.pruned == 3
    journal.prune(5)
    assert (other.pruned, other.last, list(other.entries(after=5))) == (5, 5, [])
    assert other.append(AUTHOR, "update", insert(6), after=5).number == 6
    assert decode(file(journal).read_bytes().splitlines(keepends=True)[0])["pruned"] == 5


def test_pruning_never_drops_what_is_not_there(tmp_path: Path) -> None:
    journal = filled(tmp_path / "journal", 2)
    journal.prune(9)
    assert (journal.pruned, journal.last) == (2, 2)


def test_a_reader_that_has_begun_reads_on_while_the_journal_is_pruned(tmp_path: Path) -> None:
    journal = filled(tmp_path / "journal", 40)
    reader = Journal(journal.folder).entries()
    assert next(reader).number == 1
    journal.prune(30)
    journal.append(AUTHOR, "update", insert(41), after=40)
    assert numbers(reader) == list(range(2, 41))


def test_pruning_drops_a_torn_tail_as_well(tmp_path: Path) -> None:
    journal = filled(tmp_path / "journal", 3)
    with file(journal).open("ab") as tail:
        tail.write(b'{"number":4,"half')
    journal.prune(1)
    assert numbers(journal.entries(after=1)) == [2, 3]
    assert b"half" not in file(journal).read_bytes()


def test_a_blank_node_keeps_its_label(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    quad = Quad(BlankNode("a6faee543b7f11a4"), P, BlankNode("00ff"), NamedNode("urn:g"))
    journal.append(AUTHOR, "update", Delta(inserted=text([quad])), after=0)
    (entry,) = journal.entries()
    assert entry.delta.inserted == text([quad])
