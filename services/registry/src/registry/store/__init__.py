"""Rows to records and back: explicit columns, no decisions."""
