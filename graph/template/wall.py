"""The wall around a worker: the kernel ends a process that reaches for the network or a file.

It is a seccomp filter, which nothing in the process can take down again. Whatever the engine is
made to attempt, and however a query hides it, the attempt is a system call, and it is the last.
"""

import ctypes
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graph.errors import GraphError
from graph.template.syscalls import LAST, NUMBERS

# include/uapi/linux/prctl.h, seccomp.h, audit.h, bpf_common.h and sched.h of the kernel.
_PR_SET_NO_NEW_PRIVS = 38
_SET_MODE_FILTER, _GET_ACTION_AVAIL = 1, 2
_ALL_THREADS = 1
_KILL = 0x80000000
_ENOSYS = 0x00050000 | 38
_ALLOW = 0x7FFF0000
_ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_LOAD, _AND, _RETURN = 0x20, 0x54, 0x06
_IF_EQUAL, _IF_GREATER, _IF_AT_LEAST = 0x15, 0x25, 0x35
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16
_X32 = 0x40000000
_CLONE_THREAD = 0x00010000
_CLONE_NEW_NAMESPACE = 0x7E020000
_ALL_BITS = 0xFFFFFFFF

# Reaching other machines and other processes; `sendmsg` can send to an address, and files.
_NETWORK = """
    socket socketpair connect bind listen accept accept4 sendmsg sendmmsg
    shmget shmat semget msgget mq_open
"""
_PROCESSES = """
    execve execveat fork vfork ptrace kcmp process_vm_readv process_vm_writev process_madvise
    process_mrelease pidfd_open pidfd_getfd pidfd_send_signal rt_sigqueueinfo rt_tgsigqueueinfo
    move_pages migrate_pages unshare setns
"""
# Ways round the filter, and what only an administrator could do: a service may run as root.
_KERNEL = """
    io_uring_setup io_uring_enter io_uring_register bpf userfaultfd perf_event_open keyctl add_key
    request_key kexec_load kexec_file_load init_module finit_module delete_module memfd_secret
    uselib modify_ldt iopl ioperm lookup_dcookie syslog reboot acct swapon swapoff settimeofday
    clock_settime sethostname setdomainname vhangup quotactl quotactl_fd
    mount umount2 pivot_root chroot open_tree move_mount fsopen fsconfig fsmount fspick
    mount_setattr statmount listmount fanotify_init fanotify_mark
    name_to_handle_at open_by_handle_at
"""
_FILES = """
    open openat openat2 creat truncate
    unlink unlinkat rename renameat renameat2 link linkat symlink symlinkat
    mkdir mkdirat rmdir mknod mknodat chdir
    chmod fchmodat fchmodat2 chown lchown fchownat utime utimes utimensat futimesat
    setxattr lsetxattr removexattr lremovexattr inotify_init inotify_init1
"""
# Those that open a file in the way that an argument says, and the bits that are not just reading.
_READING = {"open": 1, "openat": 2}
_CHANGES = os.O_ACCMODE | os.O_CREAT | os.O_TRUNC


class WallUnavailable(GraphError):
    """On this Linux nothing keeps a worker from the network; the message says why."""


@dataclass(frozen=True, slots=True)
class _Only:
    """A call that may be made only if the bits `mask` of a half of an argument have this value."""

    name: str
    argument: int
    value: int
    mask: int = _ALL_BITS
    upper: bool = False


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("yes", ctypes.c_uint8),
        ("no", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("instructions", ctypes.POINTER(_Instruction)))


_libc = ctypes.CDLL(None, use_errno=True)


def wall_available() -> bool:
    """Whether `raise_wall` can do what it says: on Linux, x86_64 or aarch64, since 4.14."""
    return sys.platform == "linux" and _obstacle() is None


def check_wall() -> None:
    """Raise WallUnavailable on a Linux where `raise_wall` would."""
    if sys.platform == "linux" and (obstacle := _obstacle()):
        raise WallUnavailable(
            f"workers cannot be kept from the network: {obstacle}; it takes Linux 4.14 or later on "
            f"x86_64 or aarch64, in a container that may use seccomp"
        )


def raise_wall(*, files: bool = True, reading: bool = False) -> None:
    """From now on this process dies by SIGSYS when it reaches out; open descriptors go on working.

    Reaching out is: a socket of any kind, a program or a process, other processes' memory and
    signals, the administration of the machine, and with `files` opening or changing any file by its
    path; `graph.template.warm` opens what has to be open before. With `reading` too, files may be
    opened to be read, and in no other way. Threads, memory and clocks go on working. On other
    systems than Linux this does nothing. Raises WallUnavailable.
    """
    if sys.platform != "linux":
        return
    check_wall()
    numbers = NUMBERS[os.uname().machine]
    code = list(_program(os.uname().machine, numbers, os.getpid(), files=files, reading=reading))
    program = _Program(len(code), (_Instruction * len(code))(*code))
    if _libc.prctl(_PR_SET_NO_NEW_PRIVS, _long(1), _long(0), _long(0), _long(0)):
        raise WallUnavailable(f"prctl(PR_SET_NO_NEW_PRIVS): {os.strerror(ctypes.get_errno())}")
    result = _seccomp(_SET_MODE_FILTER, _ALL_THREADS, ctypes.byref(program))
    if result:
        # A positive number is the thread that has a filter of its own.
        reason = os.strerror(ctypes.get_errno()) if result < 0 else f"thread {result} has a filter"
        raise WallUnavailable(f"seccomp(SECCOMP_SET_MODE_FILTER): {reason}")


def _obstacle() -> str | None:
    machine = os.uname().machine
    if machine not in NUMBERS or sys.maxsize < 2**32 or sys.byteorder != "little":
        return f"there is no list of system calls for {machine}"
    if _seccomp(_GET_ACTION_AVAIL, 0, ctypes.byref(ctypes.c_uint32(_KILL))):
        reason = os.strerror(ctypes.get_errno())
        return f"the kernel offers no filters of system calls that end a process ({reason})"
    return None


def _seccomp(operation: int, flags: int, argument: object) -> int:
    number = NUMBERS[os.uname().machine]["seccomp"]
    result: int = _libc.syscall(_long(number), _long(operation), _long(flags), argument)
    return result


def _program(
    machine: str, numbers: Mapping[str, int], pid: int, *, files: bool, reading: bool = False
) -> Iterator[_Instruction]:
    yield _Instruction(_LOAD, value=_ARCHITECTURE_AT)
    yield _Instruction(_IF_EQUAL, 1, 0, _ARCHITECTURE[machine])
    yield _Instruction(_RETURN, value=_KILL)
    yield _Instruction(_LOAD, value=_NUMBER_AT)
    yield from _end(_IF_AT_LEAST, _X32, _KILL)
    # Programs must live with kernels that lack a call: the C library then takes an older one.
    yield from _end(_IF_GREATER, LAST, _ENOSYS)
    yield from _end(_IF_EQUAL, numbers["clone3"], _ENOSYS)
    names = _NETWORK + _PROCESSES + _KERNEL + (_FILES if files else "")
    for name in names.split():
        if name in numbers and not (reading and name in _READING):
            yield from _end(_IF_EQUAL, numbers[name], _KILL)
    for rule in _rules(pid):
        yield from _check(rule, numbers[rule.name])
    for name, argument in _READING.items() if reading else ():
        if name in numbers:
            yield from _check(_Only(name, argument, os.O_RDONLY, _CHANGES), numbers[name])
    yield _Instruction(_RETURN, value=_ALLOW)


def _rules(pid: int) -> Iterator[_Only]:
    # Threads, and no processes: flags are the first argument on both architectures.
    yield _Only("clone", 0, _CLONE_THREAD, _CLONE_THREAD | _CLONE_NEW_NAMESPACE)
    # abort() sends a signal to the process itself; nobody else is to get one.
    yield from (_Only(name, 0, pid) for name in ("kill", "tkill", "tgkill"))
    yield _Only("prlimit64", 0, 0)
    # No address: what is sent goes where the descriptor is connected to.
    yield _Only("sendto", 4, 0)
    yield _Only("sendto", 4, 0, upper=True)


def _end(condition: int, value: int, verdict: int) -> Iterator[_Instruction]:
    yield _Instruction(condition, 0, 1, value)
    yield _Instruction(_RETURN, value=verdict)


def _check(rule: _Only, number: int) -> Iterator[_Instruction]:
    at = _ARGUMENTS_AT + 8 * rule.argument + (4 if rule.upper else 0)
    yield _Instruction(_IF_EQUAL, 0, 5, number)
    yield _Instruction(_LOAD, value=at)
    yield _Instruction(_AND, value=rule.mask)
    yield _Instruction(_IF_EQUAL, 1, 0, rule.value)
    yield _Instruction(_RETURN, value=_KILL)
    yield _Instruction(_LOAD, value=_NUMBER_AT)


def _long(value: int) -> ctypes.c_long:
    return ctypes.c_long(value)
