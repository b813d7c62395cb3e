"""Tables for people without tools: one Excel file, CSV files, one SQLite file. Equal data gives equal bytes."""
