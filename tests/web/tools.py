"""The development tools of web/, as `.ci/check_web.py` installs them: for tests that need one."""

import importlib.util
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

import hatch_build
from tests.house.checkout import ROOT
from tests.sharing import made_once

MODULES = ROOT / "web" / "node_modules"


def tools(factory: pytest.TempPathFactory) -> Path:
    """Where the packages are; skips where npm cannot get them, which with CI set is a failure."""
    try:
        made_once(factory, "web-tools", lambda _: _check_web().install())
    except hatch_build.Unreachable as error:
        said = f"the tools of web/package-lock.json are not here: {error}"
        if os.environ.get("CI"):
            pytest.fail(said)
        pytest.skip(said)
    return MODULES


def run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script of a package."""
    node, _ = hatch_build.tools()
    return subprocess.run(
        [node, MODULES / script, *arguments],
        env=hatch_build.node_environment(node, os.environ),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _check_web() -> Any:
    spec = importlib.util.spec_from_file_location("check_web", ROOT / ".ci" / "check_web.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
