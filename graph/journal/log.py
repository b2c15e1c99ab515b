"""The file of the journal, opened: its lines, and where they end."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from graph.journal.entry import Entry, InvalidLine, decode, encode, entry_of
from graph.journal.errors import JournalDamaged, JournalTooNew

FORMAT = 1
# More after the end of an entry on one line: a line feed was lost, which no writer leaves behind.
# (Where a power cut kept parts of a line, there are zeros in the place of the others.)
_GOES_ON = re.compile(rb',"checksum":"[0-9a-f]{64}"\}[^\n\0]')


@dataclass(frozen=True, slots=True)
class Mark:
    """A place between two lines of one file: the entry before it has the `number`.

    The file is known by its inode and by what was `pruned` from it: every new file in the place of
    another has more pruned.
    """

    inode: int
    pruned: int
    number: int
    offset: int


def header(pruned: int) -> bytes:
    """The first line of a file whose first entry has the number after `pruned`."""
    return encode({"format": FORMAT, "pruned": pruned})


class Log:
    """The lines of an open file, up to its size when it was opened.

    Only the last line may be no whole one: its writer was killed, or writes still, and nobody was
    told that it is there. It is passed over. Anything else that is no line is damage.
    Raises JournalDamaged and JournalTooNew.
    """

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self._file = file
        self._path = path
        self.size = os.fstat(file.fileno()).st_size
        self.start = self._head()

    def entries(self, mark: Mark | None) -> Iterator[tuple[Entry, Mark]]:
        """Each entry after a mark, with the mark behind it.

        A mark of another file, or none, means the first entry.
        """
        if mark is None or not self._has(mark):
            mark = self.start
        self._file.seek(mark.offset)
        while mark.offset < self.size:
            line = self._file.readline(self.size - mark.offset)
            end = mark.offset + len(line)
            try:
                entry = entry_of(decode(line))
            except InvalidLine as error:
                if end >= self.size and not _GOES_ON.search(line):
                    return
                raise self._damaged(mark, str(error)) from None
            if entry.number != mark.number + 1:
                raise self._damaged(mark, f"it is entry {entry.number}")
            mark = Mark(mark.inode, mark.pruned, entry.number, end)
            yield entry, mark

    def end(self, mark: Mark | None) -> Mark:
        """The place behind the last entry, looked for from a mark."""
        end = mark if mark is not None and self._has(mark) else self.start
        for _, behind in self.entries(end):
            end = behind
        return end

    def between(self, begin: Mark, end: Mark) -> bytes:
        """The lines between two places."""
        self._file.seek(begin.offset)
        return self._file.read(end.offset - begin.offset)

    def _has(self, mark: Mark) -> bool:
        same = (mark.inode, mark.pruned) == (self.start.inode, self.start.pruned)
        return same and self.start.offset <= mark.offset <= self.size

    def _head(self) -> Mark:
        self._file.seek(0)
        line = self._file.readline(self.size)
        inode = os.fstat(self._file.fileno()).st_ino
        try:
            content = decode(line)
            format_, pruned = content["format"], content["pruned"]
        except (InvalidLine, KeyError):
            # It is written whole before the file gets its name: no killed writer leaves half of it.
            raise JournalDamaged(
                f"{self._path}: line 1, from byte 0, is not the head of a journal. Restore the "
                "file from a backup; without one, moving it away loses the writes since the "
                "current release"
            ) from None
        if format_ != FORMAT:
            raise JournalTooNew(
                f"{self._path}: format {format_} is newer than {FORMAT}, the newest that this "
                "version of therascape reads; upgrade therascape"
            )
        return Mark(inode, pruned, pruned, len(line))

    def _damaged(self, mark: Mark, what: str) -> JournalDamaged:
        line = mark.number - mark.pruned + 2
        return JournalDamaged(
            f"{self._path}: line {line}, from byte {mark.offset}, should be entry "
            f"{mark.number + 1}: {what}. Restore the file from a backup; without one, cutting it "
            "off before this byte keeps the entries before, and loses this one and those after it"
        )
