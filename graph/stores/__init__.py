"""Stores on the disk, for releases that memory is too small for."""
