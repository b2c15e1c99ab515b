"""Work in a forked copy of this process, and how the copy ended."""

import faulthandler
import os
import signal
import tempfile
import threading
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, NoReturn

from graph.template.limits import Cause, cause_of_death


@dataclass(frozen=True)
class End:
    """`said` is what the work returned, as text; `errors` what came on standard error."""

    status: int
    said: str
    errors: str

    @property
    def cause(self) -> Cause:
        return cause_of_death(self.status, self.errors.encode())

    @property
    def signal(self) -> int:
        return os.WTERMSIG(self.status) if os.WIFSIGNALED(self.status) else 0


def forked(work: Callable[[], object], seconds: float = 20) -> End:
    """Do the work in a copy of this process; what it raises goes to standard error."""
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as errors:
        with warnings.catch_warnings():
            # Newer Pythons warn when there are threads; the idle ones of a library do no harm.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if pid == 0:
            _work(work, said, errors)
        guard = threading.Timer(seconds, os.kill, (pid, signal.SIGKILL))
        guard.start()
        try:
            _, status = os.waitpid(pid, 0)
        finally:
            guard.cancel()
            guard.join()
        said.seek(0)
        errors.seek(0)
        return End(status, said.read().decode(), errors.read().decode())


def _work(work: Callable[[], object], said: BinaryIO, errors: BinaryIO) -> NoReturn:
    status = 1
    try:
        faulthandler.disable()
        os.dup2(errors.fileno(), 2)
        os.write(said.fileno(), str(work()).encode())
        status = 0
    except BaseException as error:  # noqa: BLE001 - whatever it is, the copy ends here
        os.write(2, f"{type(error).__name__}: {error}".encode())
    finally:
        os._exit(status)
    raise AssertionError
