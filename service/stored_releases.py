"""What is told of stored releases: which there are, and what each consists of."""

import hashlib
from pathlib import Path
from typing import Any

from graph.pruning import newest_first, pinned_ids
from graph.release import DataDirectory, Release
from graph.release.release import DATA, MANIFEST


def listed(data: DataDirectory) -> list[dict[str, Any]]:
    """Return what a list of releases says, the one that was written last first.

    Raises ReleaseDamaged rather than leaving one out: a short list would look complete.
    """
    current, pinned = data.current(), set(pinned_ids(data))
    return [
        {
            "id": release.id,
            "statements": release.manifest["counts"]["statements"],
            "sources": [source.get("slug") for source in release.manifest.get("sources", ())],
            "current": current is not None and release.id == current.id,
            "pinned": release.id in pinned,
        }
        for release in map(data.release, newest_first(data))
    ]


def offered(release: Release) -> list[dict[str, Any]]:
    """Return the files that a release consists of, with sizes in bytes and digests."""
    return [
        {
            "name": DATA,
            "media_type": "application/n-quads",
            "bytes": release.manifest["bytes"],
            "sha256": release.id,
        },
        _manifest_file(release.path / MANIFEST),
    ]


def described(release: Release) -> dict[str, Any]:
    """Return what there is to know of a release: its manifest, and its files with digests."""
    return {
        "id": release.id,
        "manifest": dict(release.manifest),
        "files": offered(release),
        "sources": [
            {
                "slug": source.get("slug"),
                "title": source.get("title"),
                "publisher": source.get("publisher"),
                "published": source.get("published"),
                "rows_sha256": source.get("rows_sha256"),
                "text_sha256": source.get("text_sha256"),
            }
            for source in release.manifest.get("sources", ())
        ],
    }


def _manifest_file(path: Path) -> dict[str, Any]:
    data = path.read_bytes()
    return {
        "name": MANIFEST,
        "media_type": "application/json",
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
