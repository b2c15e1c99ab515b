"""A sum of bytes that many share."""

from types import TracebackType
from typing import Self


class Quota:
    """Counts what is held, up to a limit. For one thread."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.held = 0

    def take(self, size: int) -> bool:
        """Hold so many bytes more; False if that would be too many."""
        if self.held + size > self.limit:
            return False
        self.held += size
        return True

    def give(self, size: int) -> None:
        """Hold so many bytes less."""
        self.held -= size


class Share:
    """What one user holds of a quota, given back at the end of the `with` block."""

    def __init__(self, quota: Quota) -> None:
        self._quota = quota
        self._size = 0

    def grow(self, size: int) -> bool:
        """Hold at least so many bytes; False if that would be too many for the quota."""
        if size > self._size:
            if not self._quota.take(size - self._size):
                return False
            self._size = size
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._quota.give(self._size)
        self._size = 0
