"""What several test folders share."""

import gc
import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache
from pyoxigraph import Store
from xdist.scheduler import LoadFileScheduling

from graph.query import EmbeddedEngine
from graph.release import DataDirectory, Release
from tests.browser.history import History, history_in, with_history
from tests.docs.commands import typed
from tests.remote.differences import difference_of
from tests.remote.loaded import Loaded, instead_of_embedded
from tests.remote.servers import ENGINES
from tests.sharing import PRINTED, made_once

# Tests start hundreds of processes: without bytecode, each would compile all that it imports.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

#: Files of which every test may run in another worker: each is long, and they share nothing dear.
SPREAD = ("tests/docs/test_commands.py", "tests/graph/test_exclusion.py")
#: Tried of each property by a run of all tests; `--hypothesis-profile=default` tries a hundred.
EXAMPLES = 20


def pytest_configure(config: pytest.Config) -> None:
    """Try fewer examples than Hypothesis does; the rest is as its profile has it, CI's included."""
    chosen = config.getoption("--hypothesis-profile", None)
    if not chosen and "exhaustive" not in config.getoption("markexpr"):
        settings.register_profile("sample", settings(), max_examples=EXAMPLES)
        settings.load_profile("sample")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage among thousands of tests, while they are made and afterwards, and less
    often for that of the tests themselves.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()
        gc.set_threshold(10_000, 20, 50)


def _scope(nodeid: str) -> str:
    """What one worker does as a whole: a file, or a test of a file that is spread."""
    file = nodeid.partition("::")[0]
    return nodeid if file in SPREAD else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two more than processors: many tests wait for servers, browsers and deadlines."""
    return (os.cpu_count() or 1) + 2


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """The scheduler of `--dist loadfile`, with files that are spread; any other one is as it is."""
    if config.getoption("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False  # the order of the collection is the better one
    scheduler = LoadFileScheduling(config, log)
    scheduler._split_scope = _scope
    return scheduler


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--engine oxigraph`: the tests of the service, over a database elsewhere."""
    parser.addoption(
        "--engine",
        choices=("embedded", *ENGINES),
        default="embedded",
        help="What answers queries in the tests of the service: the embedded engine, or a real "
        "database that the tests start and load.",
    )


@pytest.fixture(scope="session", autouse=True)
def _engine(pytestconfig: pytest.Config) -> Iterator[None]:
    """Have engines over releases be elsewhere, where that is asked for."""
    engine = pytestconfig.getoption("engine")
    if engine == "embedded":
        yield
        return
    loaded = Loaded(engine)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(EmbeddedEngine, "over", staticmethod(instead_of_embedded(loaded)))
        yield
    loaded.close()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is exhaustive unless it is asked for by its mark; begin with what is slow."""
    for item in items:
        if known := difference_of(config.getoption("engine"), item.nodeid):
            item.add_marker(pytest.mark.xfail(reason=str(known), strict=not known.sometimes))
    if "exhaustive" not in config.getoption("markexpr"):
        left_out = [item for item in items if item.get_closest_marker("exhaustive")]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)
    # Otherwise one worker would have a long file at the end, and the others nothing.
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session", autouse=True)
def _templates_compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Hundreds of applications are made, each of which would compile the templates it shows."""
    folder = made_once(tmp_path_factory, "templates", lambda _: None)
    options = {"bytecode_cache": FileSystemBytecodeCache(str(folder))}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Flask, "jinja_options", options)
        yield


@pytest.fixture(scope="session")
def landscape_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the shipped seeds, built once for all workers: to be read only."""

    def make(folder: Path) -> None:
        printed = typed("build", "--data", str(folder / "data"))
        (folder / PRINTED).write_text(printed, "utf-8")

    return made_once(tmp_path_factory, "landscape", make) / "data"


@pytest.fixture(scope="session")
def landscape_release(landscape_data: Path) -> Release:
    """The shipped seeds."""
    release = DataDirectory(landscape_data).current()
    assert release is not None
    return release


@pytest.fixture(scope="session")
def landscape_store(landscape_release: Release) -> Store:
    """The statements of the shipped seeds: to be read only."""
    return landscape_release.store()


@pytest.fixture(scope="session")
def landscape_engine(landscape_release: Release) -> EmbeddedEngine:
    """What answers from the shipped seeds; not over `landscape_store`, for `--engine`."""
    return EmbeddedEngine.over(landscape_release)


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory, landscape_data: Path) -> History:
    """The shipped seeds, a release after them, and something on every page: to be read only."""
    folder = made_once(tmp_path_factory, "history", lambda new: with_history(landscape_data, new))
    return history_in(folder)
