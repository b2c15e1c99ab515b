"""Several processes with one journal: writers that take turns, readers and a pruner meanwhile."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from graph.journal import Journal, JournalBusy
from tests.graph.journal.samples import AUTHOR, ROOT, filled, insert, numbers

APPEND_OFTEN = """
import sys
from pathlib import Path
from graph.journal import Journal
from tests.graph.journal.samples import AUTHOR, insert
journal = Journal(Path(sys.argv[1]))
for _ in range(60):
    with journal.locked():
        number = journal.last
        journal.append(AUTHOR, sys.argv[2], insert(number + 1), after=number)
"""


def test_two_writers_a_reader_and_a_pruner_do_not_disturb_each_other(tmp_path: Path) -> None:
    folder = tmp_path / "journal"
    writers = [
        subprocess.Popen([sys.executable, "-c", APPEND_OFTEN, folder, kind], cwd=ROOT)
        for kind in ("PUT", "POST")
    ]
    journal, seen, kinds = Journal(folder), 0, set()
    while any(writer.poll() is None for writer in writers) or seen < journal.last:
        for entry in journal.entries(after=seen):
            assert entry.number == seen + 1
            assert entry.delta == insert(entry.number)
            seen = entry.number
            kinds.add(entry.kind)
        Journal(folder).prune(seen - 5)
        time.sleep(0.002)
    assert [writer.returncode for writer in writers] == [0, 0]
    assert (seen, journal.last, kinds) == (120, 120, {"PUT", "POST"})
    assert journal.pruned >= 110


HOLD = """
import sys, time
from pathlib import Path
from graph.journal import Journal
with Journal(Path(sys.argv[1])).locked():
    print("held", flush=True)
    time.sleep(60)
"""


@contextmanager
def held(folder: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", HOLD, str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        try:
            yield holder
        finally:
            holder.kill()


def test_one_writes_at_a_time_and_readers_and_pruners_do_not_wait(tmp_path: Path) -> None:
    journal = filled(tmp_path / "journal", 3)
    with held(journal.folder) as holder:
        assert not journal.try_lock()
        with (
            pytest.raises(JournalBusy, match=f"process {holder.pid} on .*try again"),
            journal.locked(wait_seconds=0.1),
        ):
            pass
        assert numbers(journal.entries()) == [1, 2, 3]
        journal.prune(2)
        os.kill(holder.pid, signal.SIGKILL)  # the kernel gives the lock back
        with journal.locked(wait_seconds=20):
            journal.append(AUTHOR, "update", insert(4), after=3)


def test_a_lock_that_is_waited_for_comes(tmp_path: Path) -> None:
    journal = filled(tmp_path / "journal", 1)
    with held(journal.folder) as holder:
        killer = threading.Timer(0.3, os.kill, (holder.pid, signal.SIGKILL))
        killer.start()
        with journal.locked(wait_seconds=20):
            assert journal.last == 1
        killer.join()


def test_the_lock_can_be_tried_and_given_back(tmp_path: Path) -> None:
    one, other = Journal(tmp_path / "journal"), Journal(tmp_path / "journal")
    one.unlock()  # nothing happens
    assert one.try_lock()
    assert not one.try_lock()
    assert not other.try_lock()
    one.unlock()
    assert other.try_lock()
    other.unlock()


FORK = """
import os, signal, sys, time
from pathlib import Path
from graph.journal import Journal
one, other = Journal(Path(sys.argv[1])), Journal(Path(sys.argv[1]))
assert one.try_lock()
child = os.fork()
if child == 0:
    time.sleep(60)
one.unlock()
print(other.try_lock())
os.kill(child, signal.SIGKILL)
os.waitpid(child, 0)
"""


def test_a_child_that_lives_on_does_not_keep_the_lock(tmp_path: Path) -> None:
    """A writer forks workers while it has the lock; they have its files open, too."""
    command = [sys.executable, "-c", FORK, str(tmp_path / "journal")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=30)
    assert done.stdout == "True\n"
