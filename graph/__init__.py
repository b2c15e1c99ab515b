"""Seed rows to records, statements, releases and answers. No Flask in here."""
