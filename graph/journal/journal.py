"""The journal: every acknowledged write since the release that is served, one line each.

<data>/journal/entries.jsonl    a head, then one entry a line (graph.journal.entry)
<data>/journal/journal.lock     held by the one who writes, from evaluating a change to its entry
<data>/journal/file.lock        held while the file changes (milliseconds), shared to see its size

The first lock is for writers alone, and may be held for as long as an update runs. The second keeps
apart whoever changes the file (appending, pruning), and keeps readers from taking a line for an
entry before it is on the disk: what was read once is never taken back.
"""

import contextlib
import os
from collections.abc import Iterator
from io import FileIO
from pathlib import Path

from graph.delta import Delta
from graph.journal.entry import Author, Entry, encode_entry, now
from graph.journal.errors import (
    JournalAhead,
    JournalBehind,
    JournalBusy,
    JournalFailure,
    JournalGap,
)
from graph.journal.log import Log, Mark, header
from graph.release.canonical import refuse_unfit
from graph.release.files import explained, make_folder, remove, sync_folder, write_synced
from graph.release.locks import Lock, LockBusy

WAIT_SECONDS = 60.0
_FILE_WAIT_SECONDS = 20.0  # for a disk that takes its time to sync
_FILE_POLL_SECONDS = 0.002


class Journal:
    """Reads and appends entries in one folder, which is made for the first writer only.

    One `Journal` is for one thread; any number of them, in any number of processes, may work on
    one folder. Reading writes nothing, so a read-only folder can be read.
    All methods raise JournalDamaged, JournalTooNew, JournalBusy, and JournalFailure where the disk
    refuses.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder / "entries.jsonl"
        self._beside = folder / ".entries.jsonl"
        self._writer = Lock(folder / "journal.lock")
        self._file_lock = folder / "file.lock"
        self._seen: Mark | None = None

    @property
    def last(self) -> int:
        """The number of the last entry, pruned ones included; 0 before the first.

        It costs a look at what was appended since it was asked for last.
        """
        with self._reading() as log:
            if log is None:
                return 0
            self._seen = log.end(self._seen)
            return self._seen.number

    @property
    def pruned(self) -> int:
        """The number of the last entry that was dropped; 0 before the first."""
        with self._reading() as log:
            return log.start.number if log else 0

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """The entries with a greater number, as they are on the disk at the first step.

        Raises JournalGap when some of them were pruned.
        """
        with self._reading() as log:
            if log is None:
                return
            if after < log.start.number:
                raise JournalGap(
                    f"{self._path}: entries {after + 1} to {log.start.number} are gone, since a "
                    "later release than the one at hand contains them; start from the current one"
                )
            known = self._seen if self._seen and self._seen.number <= after else None
            for entry, mark in log.entries(known):
                self._seen = mark
                if entry.number > after:
                    yield entry

    def append(
        self, author: Author, kind: str, delta: Delta, *, after: int, time: str | None = None
    ) -> Entry:
        """Write an entry; when this returns, it survives a power cut. It is the acknowledgement.

        `after` is the number of the last entry that the writer took in before it evaluated the
        change; the entry gets the next one.

        When this raises, no entry was written. Raises JournalAhead when there are entries that the
        writer does not know, JournalBehind when those that it took in are not all there (see
        `begin`), and StatementRefused for statements that no release could hold.
        """
        refuse_unfit(delta.inserted)
        refuse_unfit(delta.deleted)
        entry = Entry(after + 1, time or now(), author, kind, delta)
        with self._changing():
            end = self._end()
            if end is None and after == 0:
                self._replace(0, b"")
                end = self._end()
            last = end.number if end else 0
            if last > after:
                raise JournalAhead(
                    f"{self._path}: it ends with entry {last} and not {after}, since another "
                    "process writes here too; take its entries in and evaluate the change again"
                )
            if end is None or last < after:
                raise JournalBehind(
                    f"{self._path}: it ends with entry {last} and not {after}: it was deleted, or "
                    "is an old copy. Restore it; or, when the current release is whole, run "
                    "`python -m graph.checkpoint` and start the service again"
                )
            self._seen = self._add(encode_entry(entry), end)
        return entry

    def begin(self, after: int) -> None:
        """Let the next entry be the one after this number, if the journal ends before it.

        So it does where it was deleted, left behind when the data were copied, or cut short by a
        power cut. To be called by who has made sure that the current release contains every entry
        up to this number.
        """
        if self.last < after:
            with self._changing():
                end = self._end()
                if end is None or end.number < after:
                    self._replace(after, b"")

    def prune(self, up_to: int) -> None:
        """Drop the entries with this number and lower ones, in one step; others stay as they are.

        To be called by who has made sure that the current release contains them.
        """
        if min(up_to, self.last) <= self.pruned:
            return
        with self._changing(), self._log() as log:
            if log is not None:
                kept = log.start
                for entry, mark in log.entries(None):
                    if entry.number <= up_to:
                        kept = mark
                self._replace(kept.number, log.between(kept, log.end(kept)))

    def try_lock(self) -> bool:
        """Become the one writer, if there is none, at once. False when this `Journal` is it."""
        with explained("lock the journal", self.folder, JournalFailure):
            make_folder(self.folder)
            return self._writer.try_lock()

    def unlock(self) -> None:
        """Let others write; nothing happens without the lock."""
        self._writer.unlock()

    @contextlib.contextmanager
    def locked(self, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
        """Be the one writer, from before a change is evaluated until its entry is written.

        Waits for another one. Raises JournalBusy, naming it.
        """
        with explained("lock the journal", self.folder, JournalFailure):
            make_folder(self.folder)
        with contextlib.ExitStack() as stack:
            with _named(self._writer.path, wait_seconds):
                stack.enter_context(self._writer.held(wait_seconds))
            yield

    @contextlib.contextmanager
    def _changing(self) -> Iterator[None]:
        """Be the one who changes the file."""
        lock = Lock(self._file_lock, named=False)
        with explained("write the journal", self.folder, JournalFailure):
            make_folder(self.folder)
            with contextlib.ExitStack() as stack:
                with _named(lock.path, _FILE_WAIT_SECONDS):
                    held = lock.held(_FILE_WAIT_SECONDS, poll_seconds=_FILE_POLL_SECONDS)
                    stack.enter_context(held)
                yield

    @contextlib.contextmanager
    def _reading(self) -> Iterator[Log | None]:
        """The file up to where it is on the disk for certain; None when there is none.

        What is appended later is not in it, and pruning puts another file in its place.
        """
        opened = contextlib.ExitStack()
        with explained("read the journal", self.folder, JournalFailure), opened:
            lock = Lock(self._file_lock, named=False)
            held = lock.held(_FILE_WAIT_SECONDS, shared=True, poll_seconds=_FILE_POLL_SECONDS)
            with contextlib.ExitStack() as locked:
                with contextlib.suppress(FileNotFoundError), _named(lock.path, _FILE_WAIT_SECONDS):
                    locked.enter_context(held)  # without its file, nobody has written here
                log = opened.enter_context(self._log())
            yield log

    def _end(self) -> Mark | None:
        """The place behind the last entry; None when there is no file."""
        with self._log() as log:
            return log.end(self._seen) if log else None

    @contextlib.contextmanager
    def _log(self) -> Iterator[Log | None]:
        try:
            file = self._path.open("rb")
        except FileNotFoundError:
            yield None
        else:
            with file:
                yield Log(file, self._path)

    def _add(self, line: bytes, end: Mark) -> Mark:
        """Write a line behind an entry, over what a killed writer left; the new end."""
        with self._path.open("r+b", buffering=0) as file:
            try:
                file.truncate(end.offset)
                file.seek(end.offset)
                left = memoryview(line)
                while left:
                    left = left[file.write(left) or 0 :]
                os.fsync(file.fileno())
            except BaseException as error:
                self._take_back(file, end.offset, error)
                raise
        return Mark(end.inode, end.pruned, end.number + 1, end.offset + len(line))

    def _take_back(self, file: FileIO, offset: int, reason: BaseException) -> None:
        """Remove a line that is not on the disk for certain, so that nobody reads it."""
        try:
            _cut(file, offset)
        except OSError as error:
            raise JournalFailure(
                f"cannot write the journal: {self._path}: {reason}; and what was begun could not "
                f"be taken back ({error}), so this write may be found done or not when the disk "
                "works again. Check the disk before anything else is written"
            ) from reason

    def _replace(self, pruned: int, lines: bytes) -> None:
        """Put a file with these entries in the place of the former one, durably, in one step."""
        remove(self._beside)
        try:
            write_synced(self._beside, header(pruned) + lines)
            self._beside.replace(self._path)
        except BaseException:
            with contextlib.suppress(OSError):  # else the next one removes it
                remove(self._beside)
            raise
        sync_folder(self.folder)


def _cut(file: FileIO, offset: int) -> None:
    file.truncate(offset)
    with contextlib.suppress(OSError):
        os.fsync(file.fileno())


@contextlib.contextmanager
def _named(path: Path, seconds: float) -> Iterator[None]:
    try:
        yield
    except LockBusy as busy:
        raise JournalBusy(
            f"{path}: {busy} has had the journal for {seconds:g} seconds or more; wait for it to "
            "end, or end it (what it has acknowledged stays), and try again"
        ) from None
