"""The sixth schema: what a picture shows, as one vector of the picture model, and what of it changed."""

SQL = """
CREATE TABLE picture_embedding(         -- float16 vectors of unit length, little-endian; never of a face
  asset_id INTEGER PRIMARY KEY REFERENCES asset(id) ON DELETE CASCADE,
  model TEXT NOT NULL,
  vector BLOB NOT NULL
) STRICT;
CREATE TABLE picture_embedding_change(  -- what the web has not folded in yet
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  asset_id INTEGER NOT NULL
) STRICT;
CREATE TRIGGER picture_embedding_made AFTER INSERT ON picture_embedding
  BEGIN INSERT INTO picture_embedding_change(asset_id) VALUES(new.asset_id); END;
CREATE TRIGGER picture_embedding_changed AFTER UPDATE ON picture_embedding
  BEGIN INSERT INTO picture_embedding_change(asset_id) VALUES(new.asset_id); END;
CREATE TRIGGER picture_embedding_gone AFTER DELETE ON picture_embedding
  BEGIN INSERT INTO picture_embedding_change(asset_id) VALUES(old.asset_id); END;

INSERT OR IGNORE INTO job(stage, asset_id, state)
  SELECT 'picture', asset_id, iif(state = 'done', 'waiting', 'blocked') FROM job WHERE stage = 'derivatives';
"""
