"""Permissions that hold the superuser too, so that tests of them run as root as well."""

import os
import shutil

import pytest


def without_override() -> tuple[str, ...]:
    """What a command is prefixed with so that the superuser, too, is held by permissions."""
    if os.geteuid() != 0:
        return ()
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("the superuser may do anything, and setpriv is not there to prevent it")
    return (setpriv, "--bounding-set=-dac_override,-dac_read_search")
