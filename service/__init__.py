"""Flask service and command line over the graph package."""
