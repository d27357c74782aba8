"""Questions about a lake: SQL by DuckDB, and the report with the units that stand out."""
