"""The vocabulary at /ns."""
