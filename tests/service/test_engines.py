"""What is to be served, as it is looked up once a second."""

import shutil
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from graph.release import DataDirectory, ReleaseDamaged
from graph.remote import DatabaseUnavailable, Held, Layout, Pointer, PublishFailed
from graph.remote import publish as publish_to
from service.budgeting import budget_of, options_of
from service.engines import addresses, client_of, opened, wanted
from service.settings import Settings
from tests.service.dataset import publish
from tests.service.test_running import publish_more


def test_what_is_served_is_not_opened_again(data: Path, tmp_path: Path) -> None:
    own = shutil.copytree(data, tmp_path / "own", symlinks=True)
    served = wanted(Settings(), own)
    current = DataDirectory(own).current()
    assert current is not None
    (current.path / "manifest.json").write_text("{}")
    assert wanted(Settings(), own, served) is served
    with pytest.raises(ReleaseDamaged):
        wanted(Settings(), own)
    later = publish_more(own, 1)
    found = wanted(Settings(), own, served)
    assert found is not None
    assert found.release == later.id


def test_a_large_graph_from_a_database_is_in_the_sum() -> None:
    settings = Settings(workers=2, worker_memory=128, max_result=10, total_memory=2000)
    options = options_of(settings, Path(), "")
    here = budget_of(settings, 0, options)
    elsewhere = budget_of(settings, 0, replace(options, elsewhere=True))
    assert elsewhere.needed == here.needed + 8 * 10
    assert "2 x 2 x 10 (answers) + 80 (a large graph)" in str(elsewhere)


def test_a_database_that_takes_connections_and_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.remote.database._DEFAULT_SECONDS", 0.2)
    release = publish(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        query = f"http://127.0.0.1:{silent.getsockname()[1]}/query"
        settings = Settings(engine=query)
        pointer = Pointer(query, Held(release.id, "7"))
        with pytest.raises(DatabaseUnavailable, match=f"{query} takes connections"):
            client_of(settings, tmp_path, pointer, None)  # type: ignore[arg-type]
        with (
            opened(settings, addresses(settings)[0]) as database,
            pytest.raises(PublishFailed, match=f"{query} does not answer"),
        ):
            publish_to(database, Layout(), release)
