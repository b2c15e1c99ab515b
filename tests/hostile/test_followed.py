"""Kill publisher and replicas at any instant: no wrong answer, and all end with the newest release.

`python -m bench replicas` does it for two minutes.
"""

from pathlib import Path

import pytest

from tests.hostile.followed import Campaign

FLAGS = ("--workers", "1", "--worker-memory", "128")

pytestmark = [pytest.mark.slow, pytest.mark.timeout(150)]


def test_replicas_converge_whatever_is_killed(tmp_path: Path) -> None:
    report = Campaign(tmp_path, 3, 1, *FLAGS).run(seconds=4)
    assert report.wrong == []
    assert report.kills >= 1
    assert report.releases >= 3
    assert report.answers >= 10


@pytest.mark.exhaustive
def test_three_services_for_a_minute(tmp_path: Path) -> None:
    report = Campaign(tmp_path, 4, 2, *FLAGS).run(seconds=60)
    assert report.wrong == []
    assert report.kills >= 10
