"""What starts the process that has the engine, and another one when it ends."""

import contextlib
import json
import logging
import os
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

from graph.errors import GraphError
from graph.template.folders import HeldFolder
from service.processes.place import Place
from service.settings import Settings

_LOG = logging.getLogger("therascape.service")
_RETRY_SECONDS = 1.0
_END_SECONDS = 5.0


class OwnerFailed(GraphError):
    """The process that has the engine could not start; the message is its own."""


class Keeper:
    """Keeps that process running until it is told to stop."""

    def __init__(self, settings: Settings, data: Path, release: str) -> None:
        self._settings = settings
        self._told = {
            "settings": asdict(settings),
            "data": str(data),
            "release": release,
        }
        self._folder = HeldFolder("service")
        self.place = Place.made(self._folder.path)
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = threading.Event()
        self._starting = threading.Lock()  # so that none begins that `stop` does not know

    def start(self) -> str:
        """Start it; return the memory that the service may use, in words. Raises OwnerFailed."""
        try:
            memory = self._start()
        except BaseException:
            self._folder.remove()
            raise
        os.register_at_fork(after_in_child=self._let_go)
        threading.Thread(target=self._keep, name="owner", daemon=True).start()
        return memory

    def stop(self) -> None:
        """End it, and the engine with it."""
        with self._starting:
            self._stopped.set()
            process = self._process
        assert process is not None
        self._let_go()
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._folder.remove()

    def _start(self) -> str:
        # A session of its own: it does not hear what a terminal says to the group of this one.
        with self._starting:
            if self._stopped.is_set():
                raise OwnerFailed("the service is being stopped")
            self._process = process = subprocess.Popen(
                [sys.executable, "-m", "service.processes.owner"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,
            )
        assert process.stdin is not None
        assert process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            told = {**self._told, "place": str(self.place.path)}
            process.stdin.write(json.dumps(told).encode() + b"\n")
            process.stdin.flush()
        with process.stdout as said:
            ready = _json(said.readline())
        if not ready.get("ready"):
            process.kill()
            process.wait()
            raise OwnerFailed(str(ready.get("error") or "the engine's owner ended without a word"))
        return str(ready["memory"])

    def _keep(self) -> None:
        while True:
            assert self._process is not None
            self._process.wait()
            if self._stopped.is_set():
                return
            event = {"event": "owner-ended"}
            _LOG.error("the process that has the engine ended; starting another one", extra=event)
            self._let_go()
            while True:
                try:
                    self._start()
                    break
                except (GraphError, OSError) as error:
                    if self._stopped.wait(_RETRY_SECONDS):
                        return
                    _LOG.error("the engine cannot be started: %s", error)

    def _let_go(self) -> None:
        """Close what keeps it running; a forked process must not hold it."""
        process = self._process
        if process is not None and process.stdin is not None:
            with contextlib.suppress(OSError):
                process.stdin.close()


def _json(line: bytes) -> dict[str, Any]:
    with contextlib.suppress(ValueError):
        found = json.loads(line)
        if isinstance(found, dict):
            return found
    return {}
