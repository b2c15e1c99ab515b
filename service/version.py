"""The version of this package."""

from importlib import metadata


def version() -> str:
    """Return the version, or `unknown` where the package runs without being installed."""
    try:
        return metadata.version("therascape")
    except metadata.PackageNotFoundError:
        return "unknown"
