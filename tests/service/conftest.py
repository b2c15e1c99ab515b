"""A small release, its application, and a real server process."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from graph.query import EmbeddedEngine
from graph.questions import Question
from graph.release import Release
from service.app import create_app
from service.settings import Settings
from tests.commands import in_process
from tests.service.dataset import publish

ROOT = Path(__file__).parents[2]
EXAMPLES = (
    Question(
        "named",
        "Who is called <b>what</b>?",
        "lookup",
        "SELECT ?n { ?s rdfs:label ?n } ORDER BY ?n\n",
    ),
    Question("any", "Is there anything?", "negative", "ASK { ?s ?p ?o }\n"),
)

Therascape = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("THERASCAPE_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with one release."""
    folder = tmp_path_factory.mktemp("data")
    publish(folder)
    return folder


@pytest.fixture(scope="session")
def release(data: Path) -> Release:
    return publish(data)


@pytest.fixture(scope="session")
def app(release: Release) -> Flask:
    return create_app(
        EmbeddedEngine.over(release),
        release,
        settings=Settings(max_body_bytes=20_000, shown_rows=10),
        examples=EXAMPLES,
        platform_notes=("This system is a test.",),
    )


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def program(data: Path, tmp_path: Path) -> Therascape:
    """Run the command in an empty folder; the environment names the data directory."""

    def run(*arguments: str, text: str | None = None, **environment: str) -> object:
        return subprocess.run(
            [sys.executable, "-m", "service", *arguments],
            cwd=tmp_path,
            env=command_environment(data) | environment,
            input=text,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    return run  # type: ignore[return-value]


@pytest.fixture
def therascape(program: Therascape) -> Therascape:
    """The same, unless a module says that its commands run in this process."""
    return program


@pytest.fixture
def in_this_process(data: Path, tmp_path: Path) -> Therascape:
    """Run the command in an empty folder, where nothing is seen of its process."""

    def run(*arguments: str, text: str = "", **environment: str) -> object:
        environment = {"THERASCAPE_DATA": str(data), **environment}
        return in_process(*arguments, folder=tmp_path, text=text, **environment)

    return run  # type: ignore[return-value]


def command_environment(data: Path) -> dict[str, str]:
    """The environment for a command: this checkout, this data directory."""
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return dict(os.environ) | {"THERASCAPE_DATA": str(data), "PYTHONPATH": path}


class Server:
    """A running `therascape serve`; `address` ends with a slash."""

    def __init__(self, data: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "service", "serve", "--port", "0", *arguments],
            env=command_environment(data),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.output = ""
        for line in self.process.stdout:
            self.output += line
            if found := re.search(r"Therascape is on (http://\S+/)", line):
                self.address = found[1]
                return
        raise AssertionError(self.output + self.process.communicate()[1])

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.address.rstrip("/").rpartition(":")[2])

    def descendants(self) -> set[int]:
        """The process ids of everything that it has started, as far as Linux tells."""
        found: set[int] = set()
        new = {self.process.pid}
        while new:
            found |= new
            children = (
                Path(f"/proc/{process}/task/{task.name}/children")
                for process in new
                for task in _entries(Path(f"/proc/{process}/task"))
            )
            new = {int(child) for path in children for child in _text(path).split()} - found
        return found - {self.process.pid}

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Send the signal; return the exit code and what was written to standard error."""
        self.process.send_signal(number)
        _, errors = self.process.communicate(timeout=20)
        return self.process.returncode, errors


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def gone(processes: set[int], seconds: float) -> bool:
    """Wait until none of the processes is there; whether that was so in time."""
    until = time.monotonic() + seconds
    while any(Path(f"/proc/{process}").exists() for process in processes):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


@pytest.fixture(scope="session")
def server(data: Path) -> Iterator[Server]:
    server = Server(data, "--max-body-bytes", "20000")
    yield server
    assert server.stop() == (0, "")
