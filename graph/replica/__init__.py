"""Releases of another service: asked for over HTTP, verified, and published here.

Whatever arrives is hostile until it is checked: sizes before a byte is read, the manifest by its
checksum, the data by the id, which is their hash, and everything once more by loading it.
"""
