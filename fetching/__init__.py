"""Fetching: sources described as data (`sources/*.toml`), what is new in them kept in `raw/`.

Knows nothing of what a bulletin says and nothing of Prefect; the library does not import it.
"""
