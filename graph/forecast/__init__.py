"""Computed forecasts: where another publisher of comparable scope would put its figure."""
