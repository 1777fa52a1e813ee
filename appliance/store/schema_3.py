"""The third schema: a job remembers how many processes died while they worked on it."""

SQL = """
ALTER TABLE job ADD COLUMN deaths INTEGER NOT NULL DEFAULT 0;
"""
