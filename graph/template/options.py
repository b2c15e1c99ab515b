"""What the template program is told when it starts."""

import dataclasses
import json
from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Options:
    """Where the data are, and the limits of those who work on them. Times are in seconds.

    `workers` counts processes that answer at the same time; of several one is the quick lane, which
    takes only queries that look cheap, and of a processor none more than `quick_seconds`.
    With `elsewhere`, queries are answered by another engine: the store has no statement, and what
    is left to do is to parse queries and to go through the networks. `worker_memory` is what one
    query may use beyond what its worker begins with, in MiB. With `as_published`, what was written
    since the release is no part of the data, and nothing is written. `on_disk`: the store is
    on the disk, where each worker opens it and nothing is written.
    """

    data: str
    release: str
    socket: str
    strict: bool = False
    read_only: bool = False
    as_published: bool = False
    elsewhere: bool = False
    on_disk: bool = False
    workers: int = 4
    queue: int = 64
    deadline: float = 30.0
    update_deadline: float = 60.0
    quick_seconds: float = 0.05
    worker_memory: int = 512
    max_result: int = 64

    @property
    def longest(self) -> int:
        """Bytes of the longest answer."""
        return self.max_result * MIB

    def encode(self) -> str:
        """One line of JSON."""
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def decode(cls, line: str) -> "Options":
        """The options in a line of `encode`."""
        return cls(**json.loads(line))
