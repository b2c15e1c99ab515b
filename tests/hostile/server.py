"""A real service in processes of its own, and a look at them."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from tests.hostile.processes import Processes

ROOT = Path(__file__).parents[2]
START_SECONDS = 40.0
STOP_SECONDS = 20.0
WRITE_TOKEN = "a-token-for-writing-in-tests"
ADMIN_TOKEN = "a-token-for-looking-in-tests"
_MARK = "HOSTILE_TEST_MARK"
_OPEN = "01"  # ESTABLISHED in /proc/net/tcp


class DidNotStart(Exception):
    """The service ended, or said nothing, before it gave its address."""


class Program:
    """A server in a process, which says `banner` and then its address, which ends with a slash.

    One that does not say it within `patience` seconds is killed, and DidNotStart raised. What it
    writes goes into files, so that it can never wait for a reader.
    """

    banner = ""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        patience: float = START_SECONDS,
    ) -> None:
        mark = uuid.uuid4().hex
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("THERASCAPE_")}
        # Closed in `kill`: they live as long as the process.
        self._output = tempfile.TemporaryFile()  # noqa: SIM115
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115
        self.process = subprocess.Popen(
            command,
            env={**inherited, **environment, _MARK: mark},
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=self._errors,
            start_new_session=True,
        )
        self.processes = Processes(self.process.pid, f"{_MARK}={mark}")
        try:
            self.address = self._wait_for_address(patience)
        except BaseException:
            self.kill()
            raise
        parts = urlsplit(self.address)
        self.host, self.port = str(parts.hostname), int(parts.port or 80)

    def _wait_for_address(self, patience: float) -> str:
        until = time.monotonic() + patience
        while time.monotonic() < until:
            ended = self.process.poll() is not None
            said = self.output + self.errors
            if found := re.search(re.escape(self.banner) + r"(http://[^\s/]+)", said):
                return f"{found[1]}/"
            if ended:
                break
            time.sleep(0.01)
        raise DidNotStart(f"{self.output}\n{self.errors[-3000:]}")

    @property
    def output(self) -> str:
        """What it has written to standard output."""
        return _content(self._output.fileno())

    @property
    def errors(self) -> str:
        """What it has written to standard error."""
        return _content(self._errors.fileno())

    def connections(self) -> int:
        """How many connections it has that its clients see as open."""
        lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
        fields = (line.split() for line in lines)
        return sum(row[1].endswith(f":{self.port:04X}") and row[3] == _OPEN for row in fields)

    def stop(self) -> tuple[int, str]:
        """Ask it to end; return its exit code and what it wrote to standard error.

        Raises AssertionError when it takes too long, or when a process of it is left.
        """
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(STOP_SECONDS)
            self.processes.gone_after(2.0)
            left = self.processes.names()
        except subprocess.TimeoutExpired:
            raise AssertionError(f"it did not stop: {self.processes.names()}") from None
        finally:
            errors = self.errors
            self.kill()
        assert left == [], "processes of the service are left after it ended"
        return code, errors

    def kill(self) -> None:
        """End every process of it at once, as when the machine fails."""
        self.processes.kill()
        self.process.wait(STOP_SECONDS)
        self._output.close()
        self._errors.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            sys.stderr.write(self.errors[-3000:])
            self.kill()
        elif self.process.poll() is None:
            self.stop()


def _content(descriptor: int) -> str:
    try:
        size = os.fstat(descriptor).st_size
        return os.pread(descriptor, size, 0).decode("utf-8", "replace")
    except OSError:
        return ""


class Service(Program):
    """`therascape serve` over a data directory, on a free port unless one is given.

    It knows two tokens, one for writing and one for administrators.
    """

    banner = "Therascape is on "

    def __init__(
        self, data: Path, *arguments: str, port: int = 0, patience: float = START_SECONDS
    ) -> None:
        command = [sys.executable, "-m", "service", "serve", "--port", str(port)]
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        environment = {
            "PYTHONPATH": path,
            "THERASCAPE_WRITE_TOKEN": WRITE_TOKEN,
            "THERASCAPE_ADMIN_TOKEN": ADMIN_TOKEN,
        }
        super().__init__([*command, "--data", str(data), *arguments], environment, patience)
