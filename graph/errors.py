"""The one exception root of the package; every module derives its own errors from it."""


class GraphError(Exception):
    """Something a user can mend went wrong; the message says what, where and how to mend it."""
