"""Run a program under the filter of system calls that systemd makes of `SystemCallFilter=`.

`python filtered.py NAMES COMMAND …`: what is not in the file NAMES fails with EPERM.
"""

import ctypes
import os
import subprocess
import sys
from pathlib import Path

_ALLOW = 0x7FFF0000
_EPERM = 0x00050001
LIBRARY = "libseccomp.so.2"


def calls_of(group: str, systemd_analyze: str) -> set[str]:
    """The system calls of a group, as systemd lists them; the name of one is that one."""
    if not group.startswith("@"):
        return {group}
    done = subprocess.run(
        [systemd_analyze, "syscall-filter", group], check=True, capture_output=True, text=True
    )
    found: set[str] = set()
    for line in done.stdout.splitlines()[1:]:
        name = line.strip()
        if name.startswith("@"):
            found |= calls_of(name, systemd_analyze)
        elif name and not name.startswith("#"):
            found.add(name)
    return found


def _raise(names: list[str]) -> None:
    library = ctypes.CDLL(LIBRARY)
    library.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(library.seccomp_init(ctypes.c_uint32(_EPERM)))
    for name in names:
        number = library.seccomp_syscall_resolve_name(name.encode())
        if number >= 0:  # else this processor has none
            library.seccomp_rule_add(context, ctypes.c_uint32(_ALLOW), number, 0)
    assert library.seccomp_load(context) == 0


if __name__ == "__main__":
    _raise(Path(sys.argv[1]).read_text("ascii").split())
    os.execv(sys.argv[2], sys.argv[2:])
