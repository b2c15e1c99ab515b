"""How much memory the service may come to use, checked before it starts.

Whoever reads the store writes to it: its engine counts and locks what a query goes through. So a
worker comes to have a copy of its own of nearly all that it shared with the template at first
(83 % of the pages after a few queries over a million statements), and the data are counted for
each process.
"""

import os
import resource
from dataclasses import dataclass
from pathlib import Path

from graph.errors import GraphError
from graph.template.limits import machine_memory
from graph.template.options import MIB, Options

LEAST_WORKER_MEMORY = 128  # MiB; the large stack for nested queries takes half of it
_SHARE = 0.8
_MOST_USUAL = 512
_MEMORY_OF_A_BYTE = 3.0  # measured with a million synthetic statements


class DoesNotFit(GraphError):
    """The limits allow more memory than there is; the message has the sum and what to change."""


@dataclass(frozen=True, slots=True)
class Budget:
    """The sum, in MiB: `template` what the template has when it is loaded, and each worker may come
    to copy; `total` what there is.

    One worker more than answer queries may be there for a write. An answer exists once in its
    worker, where its limit counts, once in the template and once in the front. Where it comes from
    a database elsewhere, it is made in the front, which may take it twice; `graph` is what one
    large graph from there takes beyond that.
    """

    template: int
    options: Options
    front: int
    total: int
    graph: int = 0

    @property
    def needed(self) -> int:
        """What may be used at most."""
        options = self.options
        data = (options.workers + 2) * self.template
        workers = (options.workers + 1) * options.worker_memory
        answers = 2 * options.workers * options.max_result + self.graph
        return data + workers + answers + self.front

    def __str__(self) -> str:
        options = self.options
        graph = f"{self.graph} (a large graph) + " if self.graph else ""
        return (
            f"memory: {options.workers + 2} x {self.template} (data) + {options.workers + 1} x "
            f"{options.worker_memory} (workers) + 2 x {options.workers} x {options.max_result} "
            f"(answers) + {graph}{self.front} (cache and sending) = {self.needed} MiB of "
            f"{self.total} MiB"
        )

    def check(self) -> None:
        """Raise DoesNotFit if the sum is more than there is."""
        if self.needed > self.total:
            raise DoesNotFit(
                f"{self}, which does not fit; lower --worker-memory, --workers, --max-result, "
                "--cache, --spool or --processes, or raise --total-memory if there is more"
            )


def expected_memory(size: int) -> int:
    """Bytes that a template has with a release of `size` bytes: its statements and their merge."""
    return int(size * _MEMORY_OF_A_BYTE)


def default_total() -> int:
    """Four fifths of what this machine, or its control group, has; in MiB."""
    return int(machine_memory() * _SHARE) // MIB


def usual_worker_memory() -> int:
    """MiB for one query where nobody says: 512, or 8 % of the total of a machine with less.

    With the other limits as they are at first, and the landscape that is shipped, the sum then
    fits from 4 GiB on.
    """
    return min(_MOST_USUAL, max(LEAST_WORKER_MEMORY, default_total() * 2 // 25))


def resident_memory() -> int:
    """Bytes of memory that this process has; at most so, where the system does not tell."""
    statm = Path("/proc/self/statm")
    if statm.is_file():
        return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
