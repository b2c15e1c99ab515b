"""How the GNU C library gives memory to this process."""

import ctypes
import sys

_ARENA_MAX = -8  # malloc.h


def use_one_heap() -> None:
    """Let all threads allocate from one heap; elsewhere than on GNU/Linux, nothing is done.

    With a heap of its own, a thread keeps what was freed there from all others, and may give
    memory back when it ends; the library then reads how the system overcommits, whenever that
    happens first.
    """
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(_ARENA_MAX, 1)
