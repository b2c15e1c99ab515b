"""What is made once for all tests of this folder: the invented landscape and its statements."""

import pytest
from hypothesis import settings

from tests.landscape.made import Made, make

# A busy machine is no fault: pytest-timeout holds the limit.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def made() -> Made:
    """The invented landscape with all its statements."""
    return make()
