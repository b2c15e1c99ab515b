"""Threads behind the wall that had much memory in small blocks: `python -m …freeing`.

When they give it back, the C library may look up how the system overcommits memory, in a file.
"""

import ctypes
import threading

from graph.template.wall import raise_wall
from graph.template.warm import warm_up


def much() -> None:
    """Take and give back 30 MB."""
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    blocks = [ctypes.c_void_p(libc.malloc(100_000)) for _ in range(300)]
    for block in reversed(blocks):
        libc.free(block)


def main() -> None:
    warm_up()
    raise_wall()
    for _ in range(2):
        threads = [threading.Thread(target=much) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main()
