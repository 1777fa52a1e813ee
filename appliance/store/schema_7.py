"""Albums: what people gather under a title."""

SQL = """
CREATE TABLE album(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  title TEXT NOT NULL,
  made_by INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
  made_at INTEGER NOT NULL
) STRICT;
CREATE TABLE album_asset(
  album_id INTEGER NOT NULL REFERENCES album(id) ON DELETE CASCADE,
  asset_id INTEGER NOT NULL REFERENCES asset(id) ON DELETE CASCADE,
  added_at INTEGER NOT NULL,
  PRIMARY KEY(album_id, asset_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX album_of_asset ON album_asset(asset_id);
"""
