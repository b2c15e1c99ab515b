"""Older releases beside the one that a service answers from: engines for them, within the memory.

What such an engine may use is checked against what the service has left, before it is started (by
the size of the data) and when it is loaded.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from graph.questions import questions
from graph.release import DataDirectory, Release
from graph.stores.files import stored
from graph.template.budget import Budget, expected_memory
from graph.template.client import Template, start_template
from graph.template.options import MIB, Options
from service.app import create_app
from service.archive import Archive, NoRoomForRelease
from service.budgeting import options_of
from service.elsewhere import Elsewhere
from service.names import searching_on_disk
from service.settings import Settings
from service.storing import as_stored, on_disk
from service.switchboard import Switchboard

if TYPE_CHECKING:
    from flask import Flask

_WORKERS, _QUEUE = 2, 16


@dataclass(frozen=True, slots=True)
class _Older:
    """An older release that is asked: its engine and its application."""

    app: "Flask"
    template: Template
    switchboard: Switchboard

    def stop(self) -> None:
        """End the engine, and what it works on."""
        self.switchboard.leave(self.template.client)
        self.template.stop()


class OlderReleases:
    """Answers requests that name a stored release. `beside` is called for each one that is served.

    What runs over older releases is seen and ended through the switchboard, as all else is.
    """

    def __init__(self, settings: Settings, data: Path, switchboard: Switchboard) -> None:
        self._settings = settings
        self._data = data
        self._switchboard = switchboard
        self._served: tuple[Release, Budget] | None = None
        self._archive = Archive(data, self._start)

    def beside(self, app: "Flask", release: Release, budget: Budget) -> None:
        """Have `app`, which answers from a release, pass on requests that name another one."""
        self._served = (release, budget)

        def own(id_: str) -> bool:
            # What was written since is no part of a release, so that one is asked by itself.
            return id_ == release.id and self._switchboard.number <= release.written.journal

        most = self._settings.max_body_bytes
        app.wsgi_app = Elsewhere(app.wsgi_app, self._archive, own, most)  # type: ignore[assignment,method-assign]

    def stop(self) -> None:
        """End the engine over an older release, if there is one."""
        self._archive.stop()

    def _start(self, release: Release) -> _Older:
        if self._settings.engine:
            raise NoRoomForRelease(
                f"release {release.id[:12]} is not in the database behind this service, which "
                "holds one release"
            )
        options = self._options(release)
        self._check(release, options, None)
        template = start_template(options)
        try:
            self._check(release, options, template)
            app = create_app(
                template.client,
                release,
                settings=replace(self._settings, read_only=True),
                examples=() if self._settings.empty else questions(),
                network=template.client,
                searching=searching_on_disk(template.client, self._data, release)
                if options.on_disk
                else None,
                control=self._switchboard,
            )
        except BaseException:
            template.stop()
            raise
        self._switchboard.join(template.client)
        return _Older(app, template, self._switchboard)

    def _options(self, release: Release) -> Options:
        disk = on_disk(self._settings, self._data, release)
        if disk and stored(DataDirectory(self._data), release) is None:
            raise NoRoomForRelease(
                f"release {release.id[:12]} is too large for the memory, and has no store on the "
                "disk; a service that has it as the current one makes it"
            )
        settings = as_stored(self._settings, disk=disk)
        options = options_of(settings, self._data, release.id)
        return replace(
            options,
            as_published=True,
            read_only=True,
            workers=_WORKERS,
            queue=min(_QUEUE, options.queue),
        )

    def _check(self, release: Release, options: Options, template: Template | None) -> None:
        """Raise NoRoomForRelease where the sum of both releases is more than there is."""
        assert self._served is not None
        served, budget = self._served
        if template is None:
            share = release.manifest["bytes"] / max(1, served.manifest["bytes"])
            memory = int(budget.template * max(share, 0.1)) + 1
            if budget.options.on_disk and not options.on_disk:
                memory = max(memory, expected_memory(release.manifest["bytes"]) // MIB)
        else:
            memory = template.memory // MIB + 1
        needed = Budget(memory, options, 0, budget.total).needed
        # Each process has an engine of its own for it.
        left = (budget.total - budget.needed) // self._settings.processes
        if needed > left:
            raise NoRoomForRelease(
                f"release {release.id[:12]} may need {needed} MiB, and {left} of "
                f"{budget.total} MiB are left for it beside the release that is served"
            )
