"""Holds a source folder against the text it was read from.

What in the text does no row cover, which rows say something that the text does not show where they
say it stands, and how much was passed over. The text is only read; nothing of it is kept.
"""

from graph.coverage.report import CoverageReport, Gap, coverage

__all__ = ["CoverageReport", "Gap", "coverage"]
