"""The notebooks of the documentation, executed against a service."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from traitlets.config import Config

from tests.docs.serving import ADDRESS

#: The variable from which a notebook takes the address of the service.
VARIABLE = "THERASCAPE_SERVICE"
#: All that a notebook says of the program that runs it.
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def executed(notebook: Path, service: str) -> str:
    """The text of a notebook with the outputs that a service at this address gives now.

    Nothing of the machine is in it: neither times nor versions, and the one address that differs
    from run to run is written as that of `make serve`. Settings of the user who runs it (startup
    files of IPython, styles of matplotlib) have no part in it.

    Raises CellExecutionError where a cell fails.
    """
    found: Any = nbformat.read(notebook, as_version=4)
    with tempfile.TemporaryDirectory() as folder:
        environment = _environment(Path(folder)) | {VARIABLE: service}
        _fill_font_cache(environment)
        # Through sockets in a folder of ours, which nobody else on the machine can connect to.
        sockets = {"transport": "ipc", "connection_file": f"{folder}/kernel.json"}
        client = NotebookClient(
            found,
            config=Config(KernelManager=sockets),
            kernel_name="python3",
            timeout=120,
            record_timing=False,
            resources={"metadata": {"path": folder}},
        )
        client.execute(env=environment)
    for cell in found.cells:
        cell.metadata.clear()
    found.metadata = nbformat.from_dict(METADATA)
    written: str = nbformat.writes(found)
    return written.replace(service, ADDRESS).rstrip("\n") + "\n"


def _environment(folder: Path) -> dict[str, str]:
    """That of this process; what programs keep of their user is in a folder of its own."""
    kept = {
        name: str(folder / name.lower())
        for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "MPLCONFIGDIR")
    }
    return {**os.environ, **kept, "MPLBACKEND": "module://matplotlib_inline.backend_inline"}


def _fill_font_cache(environment: dict[str, str]) -> None:
    """Have matplotlib look for fonts once: where that takes long, it tells so into the output."""
    command = [sys.executable, "-c", "import matplotlib.font_manager"]
    subprocess.run(command, env=environment, check=True, stderr=subprocess.DEVNULL)
