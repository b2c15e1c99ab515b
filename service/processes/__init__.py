"""Several processes that answer at one port, and the one that has the engine for all of them."""
