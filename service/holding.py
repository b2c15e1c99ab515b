"""An engine over a release, in a process of its own, and what the service may use with it."""

from dataclasses import dataclass, replace
from pathlib import Path

from graph.release import DataDirectory, Release
from graph.release.use import Use
from graph.remote import RemoteClient
from graph.template.budget import Budget
from graph.template.client import EngineClient, Template, start_template
from service.budgeting import budget_of, options_of
from service.engines import Wanted, client_of
from service.settings import Settings
from service.storing import as_stored, on_disk


@dataclass(frozen=True, slots=True)
class Held:
    """One release, and the engine over it, in a process that this one started."""

    wanted: Wanted
    release: Release
    template: Template
    client: EngineClient | RemoteClient
    budget: Budget
    use: Use

    def stop(self) -> None:
        """End the engine, and what it works on."""
        self.client.close()
        self.template.stop()
        self.use.end()

    def drain(self) -> None:
        """Let the engine end once it has answered what it has; return at once."""
        self.client.close()
        self.template.drain()
        self.use.end()


def start_engine(settings: Settings, data: Path, wanted: Wanted) -> Held:
    """Start an engine over a release.

    Raises TemplateFailed, DoesNotFit, InvalidSetting, the errors of graph.release and those of a
    database elsewhere.
    """
    release = DataDirectory(data).release(wanted.release)
    settings = as_stored(settings, disk=on_disk(settings, data, release))
    use = Use(release.path)
    options = options_of(settings, data, release.id)
    if wanted.pointer is not None:
        options = replace(options, elsewhere=True, as_published=True)
    try:
        template = start_template(options)
    except BaseException:
        use.end()
        raise
    client: EngineClient | RemoteClient = template.client
    try:
        if wanted.pointer is not None:
            client = client_of(settings, data, wanted.pointer, template.client)
        budget = budget_of(settings, template.memory, options)
        budget.check()
    except BaseException:
        client.close()
        template.stop()
        use.end()
        raise
    return Held(wanted, release, template, client, budget, use)
