"""What a disk does to a store."""

from pathlib import Path


def flip(file: Path) -> None:
    """Change one bit of a file: of a table in its first block of statements."""
    data = bytearray(file.read_bytes())
    data[20] ^= 1
    file.write_bytes(data)
