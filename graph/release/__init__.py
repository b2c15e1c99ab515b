"""Immutable releases: the id that follows from the content, publishing, opening, verifying."""

from graph.release.canonical import content_id
from graph.release.directory import DataDirectory, Draft
from graph.release.errors import (
    DataDirectoryError,
    DetailsRefused,
    PublisherBusy,
    ReleaseDamaged,
    ReleaseError,
    ReleaseTooNew,
    StatementRefused,
)
from graph.release.locations import data_directory
from graph.release.manifest import JSON, LITERAL_CLASSES, Counts, Written
from graph.release.release import Editions, Release

__all__ = [
    "JSON",
    "LITERAL_CLASSES",
    "Counts",
    "DataDirectory",
    "DataDirectoryError",
    "DetailsRefused",
    "Draft",
    "Editions",
    "PublisherBusy",
    "Release",
    "ReleaseDamaged",
    "ReleaseError",
    "ReleaseTooNew",
    "StatementRefused",
    "Written",
    "content_id",
    "data_directory",
]
