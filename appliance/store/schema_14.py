"""The fourteenth schema: what the backup process sees of a repository between two runs, and what the verdict is quick by."""

SQL = """
ALTER TABLE repository ADD COLUMN same_disk INTEGER NOT NULL DEFAULT 0;  -- 1: on a disk that the library lies on too
UPDATE repository SET same_disk = 1 WHERE kind = 'local';  -- until the backup process has looked
ALTER TABLE repository ADD COLUMN looked_at INTEGER NOT NULL DEFAULT 0;  -- when its snapshots were last counted
ALTER TABLE repository ADD COLUMN gone_at INTEGER;  -- since when a folder that should always be there holds no repository

-- Of whom everything is safe up to which day: a count, a maximum, and the walk from the oldest on.
CREATE INDEX asset_giver ON asset(added_by, capture_time);
"""
