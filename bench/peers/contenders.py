"""Who takes part, and where each is asked."""

from dataclasses import dataclass
from pathlib import Path

from bench.peers.asking import Endpoint
from tests.hostile.server import Program

OURS = "Therascape"
CACHED = "Therascape, repeated"
ON_DISK = "Therascape, on disk"
OVER_OXIGRAPH = "Therascape over Oxigraph"
OVER_VIRTUOSO = "Therascape over Virtuoso"
OXIGRAPH_DISK = "Oxigraph, disk"
OXIGRAPH_MEMORY = "Oxigraph, memory"
NGINX_DISK = "Oxigraph, disk, nginx"
NGINX_MEMORY = "Oxigraph, memory, nginx"
VIRTUOSO = "Virtuoso"
RDFLIB = "rdflib-endpoint"
COMPUTED = (
    *(OURS, ON_DISK, OXIGRAPH_MEMORY, OXIGRAPH_DISK, VIRTUOSO, RDFLIB),
    *(OVER_OXIGRAPH, OVER_VIRTUOSO),
)
"""Who computes every answer, in the order of the tables."""
REPEATED = (CACHED, NGINX_MEMORY, NGINX_DISK)
"""Who keeps answers, and is measured giving one again."""

PEERS = (OXIGRAPH_MEMORY, OXIGRAPH_DISK, NGINX_MEMORY, NGINX_DISK, VIRTUOSO, RDFLIB)
"""Who is not ours in any part."""


@dataclass(frozen=True, slots=True)
class Contender:
    """A server that is asked. `ready`: seconds from the data as files until it can be asked.

    `processes` are those whose memory counts, `disk` the folder whose size counts.
    """

    name: str
    endpoint: Endpoint
    processes: tuple[Program, ...]
    ready: float | None = None
    disk: Path | None = None

    def memory(self) -> int:
        """Bytes of all its processes; what they share counts once."""
        return sum(program.processes.memory() for program in self.processes)

    def stored(self) -> int | None:
        """Bytes on the disk."""
        if self.disk is None:
            return None
        return sum(path.stat().st_blocks * 512 for path in self.disk.rglob("*") if path.is_file())
