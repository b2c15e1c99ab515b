import ctypes
import errno
import hashlib
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from graph.template import wall
from graph.template.syscalls import LAST, NUMBERS
from graph.template.wall import WallUnavailable, raise_wall, wall_available
from tests.graph.template.forked import End, forked

ROOT = Path(__file__).parents[3]
needs_wall = pytest.mark.skipif(not wall_available(), reason="this system has no wall")
HERE = NUMBERS.get(os.uname().machine, {})
# Those that are allowed in part, or that raise the wall.
IN_PART = {"clone", "clone3", "kill", "tkill", "tgkill", "prlimit64", "sendto", "seccomp"}
OF_FILES = set(wall._FILES.split())
KILLED = sorted(set(HERE) - IN_PART)


def behind(work: Callable[[], object], *, files: bool = True, reading: bool = False) -> End:
    def walled() -> object:
        raise_wall(files=files, reading=reading)
        return work()

    return forked(walled)


def call(name: str, *arguments: int) -> int:
    """Make a system call; return its result, or the negative number of its error."""
    libc = ctypes.CDLL(None, use_errno=True)
    number = HERE[name]
    result: int = libc.syscall(*(ctypes.c_long(n) for n in (number, *arguments)))
    return result if result >= 0 else -ctypes.get_errno()


def in_a_thread(work: Callable[[], object]) -> object:
    found: list[object] = []
    before = threading.stack_size(64 * 1024 * 1024)
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    threading.stack_size(before)
    thread.join()
    return found[0]


@needs_wall
@pytest.mark.parametrize("name", KILLED)
def test_a_call_that_reaches_out_is_the_last_one(name: str) -> None:
    end = behind(lambda: call(name, 0, 0, 0, 0, 0, 0))
    assert (end.signal, end.cause, end.said) == (signal.SIGSYS, "remote", "")


@needs_wall
@pytest.mark.parametrize("name", sorted(OF_FILES & set(HERE)))
def test_files_can_be_left_to_those_that_need_them(name: str) -> None:
    assert behind(lambda: call(name, 0, 0, 0, 0, 0, 0), files=False).status == 0


ATTEMPTS: dict[str, Callable[[], object]] = {
    "socket": socket.socket,
    "name": lambda: socket.getaddrinfo("localhost", 80),
    "connection": lambda: socket.create_connection(("127.0.0.1", 9)),
    "pair": socket.socketpair,
    "file": lambda: Path("/etc/passwd").read_text(),
    "own environment": lambda: Path("/proc/self/environ").read_bytes(),
    "fork": os.fork,
    "program": lambda: os.execv("/bin/true", ["true"]),
    "child": lambda: subprocess.run(["/bin/true"], check=False),
    "spawned child": lambda: os.posix_spawn("/bin/true", ["true"], {}),
    "shell": lambda: os.system("true"),
    "signal to the parent": lambda: os.kill(os.getppid(), 0),
    "signal to the group": lambda: os.kill(0, signal.SIGTERM),
    "signal to all": lambda: os.kill(-1, 0),
    "signal to a thread": lambda: call("tgkill", os.getppid(), os.getppid(), 0),
    "limits of the parent": lambda: call("prlimit64", os.getppid(), 7, 0, 0),
    "namespace": lambda: call("clone", 0x10000000 | 0x00010000, 0, 0, 0, 0),
    "socket in a thread": lambda: in_a_thread(socket.socket),
}


@needs_wall
@pytest.mark.parametrize("name", ATTEMPTS)
def test_nothing_gets_through(name: str) -> None:
    assert behind(ATTEMPTS[name]).signal == signal.SIGSYS


NEEDS: dict[str, tuple[Callable[[], object], str]] = {
    "thread": (lambda: in_a_thread(lambda: 6 * 7), "42"),
    "thread of a thread": (lambda: in_a_thread(lambda: in_a_thread(lambda: 6 * 7)), "42"),
    "memory": (lambda: len(bytearray(300_000_000)), "300000000"),
    "randomness": (lambda: len(os.urandom(16)), "16"),
    "sleep": (lambda: time.sleep(0.001), "None"),
    "clock": (lambda: time.time() > 0 and time.localtime().tm_year > 2000, "True"),
    "hash": (lambda: hashlib.sha256(b"").hexdigest()[:8], "e3b0c442"),
    "signal to itself": (lambda: os.kill(os.getpid(), 0), "None"),
    "the older clone": (lambda: call("clone3", 0, 0), str(-errno.ENOSYS)),
    "own limits": (lambda: call("prlimit64", 0, 7, 0, 0), "0"),
}


@needs_wall
@pytest.mark.parametrize("name", NEEDS)
def test_what_work_needs_goes_on(name: str) -> None:
    work, said = NEEDS[name]
    assert behind(work) == End(0, said, "")


@needs_wall
def test_files_can_be_left_to_those_that_read_them(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("text")
    assert behind(file.read_text, reading=True) == End(0, "text", "")
    for change in (
        lambda: file.open("a"),
        lambda: file.open("r+"),
        lambda: os.open(file, os.O_RDONLY | os.O_CREAT),
        lambda: os.open(file, os.O_RDONLY | os.O_TRUNC),
        lambda: os.open(tmp_path, os.O_TMPFILE | os.O_WRONLY),
        file.unlink,
        lambda: file.rename(tmp_path / "other"),
        (tmp_path / "folder").mkdir,
        socket.socket,
        lambda: os.execv("/bin/true", ["true"]),
    ):
        assert behind(change, reading=True).signal == signal.SIGSYS
    assert file.read_text() == "text"


@needs_wall
def test_open_descriptors_go_on_working() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(b"question")

        def talk() -> str:
            question = theirs.recv(100)
            select.select([theirs], [theirs], [], 1)
            theirs.sendall(b"answer to " + question)
            os.write(theirs.fileno(), b"!")
            return "done"

        assert behind(talk) == End(0, "done", "")
        assert ours.recv(100) == b"answer to question!"


@needs_wall
def test_a_socket_that_is_not_connected_sends_nowhere() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.setblocking(False)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as inherited:
            address = listening.getsockname()
            assert behind(lambda: inherited.sendto(b"x", address)).signal == signal.SIGSYS
            assert behind(lambda: inherited.sendmsg([b"x"], [], 0, address)).signal == signal.SIGSYS
        with pytest.raises(BlockingIOError):
            listening.recv(1)


@needs_wall
def test_no_descriptor_is_given_away() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        end = behind(lambda: socket.send_fds(theirs, [b"x"], [0]))
        assert end.signal == signal.SIGSYS


@needs_wall
def test_an_abort_is_an_abort() -> None:
    assert behind(os.abort).signal == signal.SIGABRT
    assert behind(lambda: in_a_thread(os.abort)).signal == signal.SIGABRT


@needs_wall
def test_newer_calls_are_not_there() -> None:
    def newer() -> int:
        libc = ctypes.CDLL(None, use_errno=True)
        return -ctypes.get_errno() if libc.syscall(ctypes.c_long(LAST + 1)) < 0 else 0

    assert behind(newer) == End(0, str(-errno.ENOSYS), "")


@needs_wall
@pytest.mark.skipif(os.uname().machine != "x86_64", reason="x32 is a part of x86_64")
def test_the_other_way_of_calling_is_closed() -> None:
    x32 = 0x40000000

    def getpid() -> object:
        return ctypes.CDLL(None).syscall(ctypes.c_long(x32 | 39))

    assert behind(getpid).signal == signal.SIGSYS


@needs_wall
@pytest.mark.skipif(os.uname().machine != "x86_64", reason="needs machine code")
def test_32_bit_calls_are_closed() -> None:
    # mov eax, 20 (getpid); int 0x80; ret
    code = b"\xb8\x14\x00\x00\x00\xcd\x80\xc3"

    def getpid() -> object:
        import mmap

        memory = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        memory.write(code)
        address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
        return ctypes.CFUNCTYPE(ctypes.c_int)(address)()

    assert behind(getpid).signal == signal.SIGSYS


@needs_wall
def test_the_wall_stays_up() -> None:
    def again() -> object:
        raise_wall(files=False)
        return Path("/etc/passwd").read_text()

    assert behind(again).signal == signal.SIGSYS


@needs_wall
def test_threads_that_are_there_already_are_behind_it_too() -> None:
    def work() -> object:
        go = threading.Event()
        thread = threading.Thread(target=lambda: go.wait() and socket.socket())
        thread.start()
        raise_wall()
        go.set()
        thread.join()
        return "alive"

    assert forked(work).signal == signal.SIGSYS


@needs_wall
def test_no_program_gains_rights() -> None:
    def work() -> str:
        status = Path("/proc/self/status")
        raise_wall(files=False)
        return status.read_text()

    said = forked(work).said
    assert re.search(r"^NoNewPrivs:\s*1$", said, re.MULTILINE)
    assert re.search(r"^Seccomp:\s*2$", said, re.MULTILINE)


@needs_wall
def test_everything_that_is_asked_of_workers_works_behind_it() -> None:
    # In an interpreter of its own: this one may have opened already what a worker would open.
    done = subprocess.run(
        [sys.executable, "-m", "tests.graph.template.behind"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["deaths"] == {}
    assert report["done"] > 100
    expected = {"answer", "QuerySyntaxError", "UnsupportedFunction", "NotAcceptable"}
    assert expected <= set(report["kinds"])
    assert [kind for kind in report["kinds"] if ":" in kind] == []


@needs_wall
def test_threads_may_give_memory_back() -> None:
    command = [sys.executable, "-m", "tests.graph.template.freeing"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=50, check=False)
    assert done.returncode == 0, done.stderr


def test_a_system_without_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not wall_available()
    raise_wall()
    assert b"still here" in subprocess.check_output(["/bin/echo", "still here"])


@pytest.mark.skipif(sys.platform != "linux", reason="about Linux")
def test_a_linux_without_it_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(wall._ARCHITECTURE, "riscv64", 0)
    machine = os.uname()
    other = os.uname_result((*machine[:4], "riscv64"))
    monkeypatch.setattr(os, "uname", lambda: other)
    assert not wall_available()
    with pytest.raises(WallUnavailable, match="no list of system calls for riscv64"):
        raise_wall()


@pytest.mark.skipif(sys.platform != "linux", reason="about Linux")
def test_a_kernel_without_filters_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def seccomp(*_: object) -> int:
        ctypes.set_errno(errno.ENOSYS)
        return -1

    monkeypatch.setattr(wall, "_seccomp", seccomp)
    assert not wall_available()
    with pytest.raises(WallUnavailable, match="offers no filters of system calls"):
        raise_wall()


@pytest.mark.parametrize(
    ("machine", "header"),
    [
        ("x86_64", "/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
        ("aarch64", "/usr/include/asm-generic/unistd.h"),
    ],
)
def test_the_numbers_are_those_of_the_kernel(machine: str, header: str) -> None:
    if not Path(header).is_file():
        pytest.skip(f"{header} is not installed")
    text = Path(header).read_text()
    defined = re.findall(r"^#define __NR(?:3264)?_(\w+)\s+(\d+)$", text, re.MULTILINE)
    numbers = {name: int(number) for name, number in defined}
    shared = NUMBERS[machine].keys() & numbers.keys()
    assert {name: NUMBERS[machine][name] for name in shared} == {n: numbers[n] for n in shared}
    newer = NUMBERS[machine].keys() - shared
    assert newer <= {"fchmodat2", "statmount", "listmount"}, "those that came after Linux 6.1"


def verdict(
    machine: str, call: str, *arguments: int, files: bool = True, architecture: int | None = None
) -> str:
    """What the filter says to a call, on any machine; the process has the number 77."""
    program = list(wall._program(machine, NUMBERS[machine], 77, files=files))
    number = NUMBERS[machine].get(call, 5000)
    words = [number, wall._ARCHITECTURE[machine] if architecture is None else architecture, 0, 0]
    for argument in (*arguments, 0, 0, 0, 0, 0, 0)[:6]:
        words += [argument & 0xFFFFFFFF, argument >> 32]
    accumulator = at = 0
    while True:
        step = program[at]
        at += 1
        match step.code:
            case wall._LOAD:
                accumulator = words[step.value // 4]
            case wall._AND:
                accumulator &= step.value
            case wall._IF_EQUAL:
                at += step.yes if accumulator == step.value else step.no
            case wall._IF_GREATER:
                at += step.yes if accumulator > step.value else step.no
            case wall._IF_AT_LEAST:
                at += step.yes if accumulator >= step.value else step.no
            case _:
                assert step.code == wall._RETURN
                names = {wall._KILL: "kill", wall._ENOSYS: "absent", wall._ALLOW: "allow"}
                return names[step.value]


THREAD = 0x3D0F00  # the flags with which the C library starts a thread


@pytest.mark.parametrize("machine", NUMBERS)
def test_the_filter_says_the_same_on_every_machine(machine: str) -> None:
    for name in ("socket", "execve", "openat", "ptrace", "io_uring_setup", "pidfd_open", "sendmsg"):
        assert verdict(machine, name) == "kill", name
    assert verdict(machine, "openat", files=False) == "allow"
    assert verdict(machine, "socket", files=False) == "kill"
    assert verdict(machine, "clone3") == "absent"
    assert verdict(machine, "a newer call") == "absent"
    assert verdict(machine, "seccomp") == "allow"
    assert verdict(machine, "seccomp", architecture=0x40000003) == "kill", "32-bit x86"
    assert verdict(machine, "clone", THREAD) == "allow"
    assert verdict(machine, "clone", 0x01200011) == "kill", "fork"
    assert verdict(machine, "clone", 0x4111) == "kill", "vfork"
    assert verdict(machine, "clone", THREAD | 0x20000) == "kill", "a namespace"
    assert verdict(machine, "tgkill", 77, 78, 6) == "allow"
    assert verdict(machine, "tgkill", 76, 76, 6) == "kill"
    assert verdict(machine, "kill", 2**64 - 1, 9) == "kill"
    assert verdict(machine, "sendto", 3, 0x7F0000000000, 5, 0, 0, 0) == "allow"
    assert verdict(machine, "sendto", 3, 0x7F0000000000, 5, 0, 0x1000, 16) == "kill"
    assert verdict(machine, "sendto", 3, 0x7F0000000000, 5, 0, 0x7F0000000000, 16) == "kill"
    assert verdict(machine, "prlimit64", 0, 7) == "allow"
    assert verdict(machine, "prlimit64", 1, 7) == "kill"


@pytest.mark.parametrize("machine", NUMBERS)
def test_every_call_that_is_named_has_a_number(machine: str) -> None:
    named = {*(wall._NETWORK + wall._PROCESSES + wall._KERNEL).split(), *OF_FILES}
    known = set().union(*NUMBERS.values())
    assert named <= known
    assert known - named == IN_PART
    assert max(NUMBERS[machine].values()) <= LAST
