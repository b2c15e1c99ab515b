"""The vocabulary: terms, table descriptions and shapes."""
