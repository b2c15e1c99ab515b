"""The query page: views of a result, how to have it from a program, and what can be asked of."""
