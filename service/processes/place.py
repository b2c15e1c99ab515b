"""The folder that the processes of one service share, and which engines there are.

numbers               what all of them know (service.processes.numbers)
current               link to the engine that requests go to from now on
engines/<name>/       one for each engine that was not ended yet; who uses it holds a lock on it
engines/<name>/engine.json
older/<process>.json  the engine that a process has over an older release
metrics/              what each process counts
reports.json          when problems were reported of late
log.lock              held while lines are written to a log
"""

import contextlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from graph.errors import GraphError
from graph.release.use import Use, unused
from graph.template.client import EngineClient

_ABOUT = "engine.json"


class NoEngineYet(GraphError):
    """No engine is announced, or the one that was is being ended."""


@dataclass(frozen=True, slots=True)
class Announced:
    """An engine: the id of its release, its socket, and the bytes of memory that it has."""

    release: str
    socket: str
    memory: int


@dataclass(frozen=True, slots=True)
class Place:
    """The shared folder. Nobody else may look into it."""

    path: Path

    @classmethod
    def made(cls, folder: Path) -> "Place":
        """A new one in a folder that is empty."""
        for name in ("engines", "older", "metrics"):
            (folder / name).mkdir(0o700)
        return cls(folder)

    def remove(self) -> None:
        """Remove it, with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)

    @property
    def numbers(self) -> Path:
        """The file of the numbers that all know."""
        return self.path / "numbers"

    @property
    def metrics(self) -> Path:
        """The folder of what each process counts."""
        return self.path / "metrics"

    @property
    def log(self) -> Path:
        """What is locked while a process writes to a log."""
        return self.path / "log.lock"

    @property
    def reports(self) -> Path:
        """The file of when problems were reported of late."""
        return self.path / "reports.json"

    def announce(self, engine: Announced) -> str:
        """Let requests go to an engine from now on; return its name."""
        name = secrets.token_hex(8)
        folder = self._engine(name)
        folder.mkdir(0o700)
        (folder / _ABOUT).write_text(json.dumps(asdict(engine)))
        link = self.path / f".{name}"
        link.symlink_to(folder)
        link.replace(self.path / "current")
        return name

    def current(self) -> str | None:
        """The name of the engine that requests are to go to."""
        try:
            return (self.path / "current").readlink().name
        except FileNotFoundError:
            return None

    def names(self) -> set[str]:
        """The names of all engines that were announced and not forgotten."""
        return {entry.name for entry in (self.path / "engines").iterdir()}

    def using(self, name: str) -> tuple[Announced, Use]:
        """The engine of this name, which is kept as long as the use lasts. Raises NoEngineYet."""
        folder = self._engine(name)
        try:
            use = Use(folder)
        except GraphError:
            raise NoEngineYet(f"the engine {name} is being ended") from None
        try:
            return _read(folder / _ABOUT), use
        except (OSError, ValueError, TypeError):
            use.end()
            raise NoEngineYet(f"the engine {name} is being ended") from None

    def forget(self, name: str) -> bool:
        """Whether nobody uses an engine; if so, nobody begins to."""
        folder = self._engine(name)
        if not folder.exists():
            return True
        with unused(folder) as free:
            if free:
                shutil.rmtree(folder)
        return free

    def note_older(self, socket: str | None) -> None:
        """Tell which engine this process has over an older release; None where it has none."""
        path = self.path / "older" / f"{os.getpid()}.json"
        if socket is None:
            path.unlink(missing_ok=True)
            return
        beside = path.with_suffix(".part")
        beside.write_text(json.dumps(asdict(Announced("", socket, 0))))
        beside.replace(path)

    def clients(self) -> Iterator[EngineClient]:
        """A client for each engine that any of the processes has; some may be gone."""
        paths = [self._engine(name) / _ABOUT for name in self.names()]
        for path in (*paths, *(self.path / "older").glob("*.json")):
            with contextlib.suppress(OSError, ValueError, TypeError):
                client = EngineClient(_read(path).socket)
                try:
                    yield client
                finally:
                    client.close()

    def _engine(self, name: str) -> Path:
        return self.path / "engines" / name


def _read(path: Path) -> Announced:
    return Announced(**json.loads(path.read_text()))
