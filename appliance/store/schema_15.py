"""The fifteenth schema: photos that their owner took out of the backups."""

SQL = """
CREATE TABLE kept_out(                  -- no later snapshot holds these originals
  asset_id INTEGER PRIMARY KEY REFERENCES asset(id) ON DELETE CASCADE,
  since INTEGER NOT NULL                -- milliseconds since 1970 UTC
) STRICT;
"""
