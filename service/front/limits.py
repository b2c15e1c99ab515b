"""What the front grants a client."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, times in seconds.

    `graph_bytes` is for bodies sent to the paths below `graph_path`, `body_bytes` for all others.
    `cache_bytes` bounds the answers kept, `spool_bytes` the large ones that are being sent from
    memory. `threads` is how many requests the application works on at the same time, those that
    wait for something included.
    """

    body_bytes: int = MIB
    graph_bytes: int = 64 * MIB
    graph_path: str = "/store"
    body_seconds: float = 30
    send_seconds: float = 60
    cache_bytes: int = 64 * MIB
    spool_bytes: int = 64 * MIB
    threads: int = 96

    @property
    def reading_bytes(self) -> int:
        """What the large bodies that are being read may take in all: at least one has room."""
        return max(self.body_bytes, self.graph_bytes)

    def body_limit(self, path: str) -> int:
        """Bytes of the longest body for this path, which is given decoded."""
        below = path == self.graph_path or path.startswith(f"{self.graph_path}/")
        return self.graph_bytes if below else self.body_bytes
