"""A release as flat tables: CSV with CSVW metadata, Parquet, Excel, a Frictionless package."""
