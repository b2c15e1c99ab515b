"""The notebooks run against a service of the shipped seeds, and show what comes out of it."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from tests.docs.conftest import Shipped
from tests.docs.markdown import NOTEBOOKS
from tests.docs.notebooks import executed
from tests.docs.serving import serving

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, shipped: Shipped) -> Iterator[str]:
    """A running service over the shipped seeds."""
    data = tmp_path_factory.mktemp("notebooks") / "data"
    with serving(copytree(shipped.data, data, symlinks=True)) as address:
        yield address


def _outputs(notebook: Any) -> Iterator[dict[str, Any]]:
    for cell in notebook["cells"]:
        yield from cell.get("outputs", ())


def _without_images(text: str) -> Any:
    """A notebook to compare: of an image, that it is a PNG. Its bytes differ between libraries."""
    notebook = json.loads(text)
    for output in _outputs(notebook):
        if image := output.get("data", {}).get("image/png"):
            assert base64.b64decode(image).startswith(b"\x89PNG\r\n")
            output["data"]["image/png"] = "an image"
    return notebook


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.name)
def test_a_notebook_shows_what_comes_out(notebook: Path, service: str) -> None:
    """No cell fails or warns, and all that is stored, images apart, is what it is now."""
    stored = _without_images(notebook.read_text("utf-8"))
    now = _without_images(executed(notebook, service))
    assert now == stored, "run `python -m tests.docs.refresh`"
    kinds = [(output["output_type"], output.get("name")) for output in _outputs(stored)]
    assert {kind for kind, _ in kinds} <= {"stream", "display_data", "execute_result"}
    assert ("stream", "stderr") not in kinds


def test_there_is_a_notebook() -> None:
    assert [notebook.name for notebook in NOTEBOOKS] == ["landscape.ipynb"]
