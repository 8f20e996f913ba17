"""Sheets → rows that remember their cells, and every complaint about a cell."""
