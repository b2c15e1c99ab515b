"""Releases made of files of N-Quads, whatever their size."""
