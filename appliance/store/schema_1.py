"""The first schema.

Times of the box are milliseconds since 1970 UTC; capture times are local wall time, 'YYYY-MM-DDTHH:MM:SS'."""

SQL = """
CREATE TABLE user(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  kind TEXT NOT NULL CHECK(kind IN ('owner','member','child')),
  password_hash TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  disabled_at INTEGER
) STRICT;

CREATE TABLE session(
  id_hash BLOB PRIMARY KEY,             -- SHA-256 of the 32 random bytes that the cookie holds
  user_id INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
  csrf TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  confirmed_at INTEGER NOT NULL,        -- when the password was last typed: dangerous acts want it fresh
  agent TEXT NOT NULL,
  address TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE setup_link(
  token_hash BLOB PRIMARY KEY,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE attempt(                   -- failed logins and the like, for rate limits
  id INTEGER PRIMARY KEY,
  purpose TEXT NOT NULL,
  subject TEXT NOT NULL,                -- what is being protected: an address, or a hash of a name
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX attempt_recent ON attempt(purpose, subject, at);

CREATE TABLE audit(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  user_id INTEGER,
  action TEXT NOT NULL,
  subjects TEXT NOT NULL                -- JSON list of ids; never a name, a caption or a path
) STRICT;
CREATE TRIGGER audit_keeps BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;

CREATE TABLE choice(                    -- what the owner chose in the browser
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL                   -- JSON
) STRICT, WITHOUT ROWID;

CREATE TABLE asset(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  sha256 TEXT NOT NULL UNIQUE CHECK(length(sha256) = 64),
  original TEXT NOT NULL UNIQUE,        -- relative to originals/
  file_name TEXT NOT NULL,              -- as it was received
  bytes INTEGER NOT NULL,
  modified_at INTEGER NOT NULL,         -- of the file as received
  format TEXT NOT NULL,                 -- sniffed from the content: jpeg, png, heic, mp4, ...
  kind TEXT NOT NULL CHECK(kind IN ('photo','video')),
  screenshot INTEGER NOT NULL DEFAULT 0,
  width INTEGER, height INTEGER,        -- as shown, after orientation
  orientation INTEGER,                  -- EXIF 1 to 8 as stored in the file; NULL when it says nothing
  duration_ms INTEGER,
  capture_time TEXT NOT NULL,
  utc_offset INTEGER,                   -- minutes east of UTC; NULL when unknown
  time_source TEXT NOT NULL CHECK(time_source IN ('exif','xmp','iptc','video','gps','name','sidecar','person','upload')),
  latitude REAL, longitude REAL,
  country TEXT, region TEXT, town TEXT, -- ISO 3166 code; names from GeoNames
  camera_make TEXT, camera_model TEXT, lens TEXT,
  description TEXT,
  described_by INTEGER REFERENCES user(id) ON DELETE SET NULL,  -- NULL: the description came inside the file
  favourite INTEGER NOT NULL DEFAULT 0,
  hidden INTEGER NOT NULL DEFAULT 0,
  added_at INTEGER NOT NULL,
  added_by INTEGER REFERENCES user(id) ON DELETE SET NULL,
  deleted_at INTEGER                    -- in the trash since
) STRICT;
CREATE INDEX asset_timeline ON asset(capture_time DESC, id DESC) WHERE deleted_at IS NULL AND hidden = 0;
CREATE INDEX asset_place ON asset(country, region, town);
CREATE INDEX asset_camera ON asset(camera_model);
CREATE INDEX asset_added ON asset(added_at);

CREATE TABLE tag(
  asset_id INTEGER NOT NULL REFERENCES asset(id) ON DELETE CASCADE,
  name TEXT NOT NULL COLLATE NOCASE,
  source TEXT NOT NULL CHECK(source IN ('file','person')),
  PRIMARY KEY(asset_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX tag_name ON tag(name);

CREATE TABLE caption(                   -- by a model, never by a person
  asset_id INTEGER NOT NULL REFERENCES asset(id) ON DELETE CASCADE,
  model TEXT NOT NULL,
  words TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  PRIMARY KEY(asset_id, model)
) STRICT, WITHOUT ROWID;

CREATE TABLE recognised_text(           -- words read from the picture
  asset_id INTEGER PRIMARY KEY REFERENCES asset(id) ON DELETE CASCADE,
  model TEXT NOT NULL,
  words TEXT NOT NULL
) STRICT;

CREATE TABLE embedding(                 -- float32 vectors of unit length, little-endian; never of a face
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  asset_id INTEGER NOT NULL REFERENCES asset(id) ON DELETE CASCADE,
  source TEXT NOT NULL CHECK(source IN ('caption','text','description')),
  model TEXT NOT NULL,
  vector BLOB NOT NULL,
  UNIQUE(asset_id, source, model)
) STRICT;
CREATE TABLE embedding_change(          -- what the owner of Chroma has not folded in yet
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  embedding_id INTEGER NOT NULL
) STRICT;
CREATE TRIGGER embedding_made AFTER INSERT ON embedding BEGIN INSERT INTO embedding_change(embedding_id) VALUES(new.id); END;
CREATE TRIGGER embedding_changed AFTER UPDATE ON embedding BEGIN INSERT INTO embedding_change(embedding_id) VALUES(new.id); END;
CREATE TRIGGER embedding_gone AFTER DELETE ON embedding BEGIN INSERT INTO embedding_change(embedding_id) VALUES(old.id); END;

CREATE TABLE job(                       -- one stage of one asset; the row stays when it is done
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  stage TEXT NOT NULL,
  asset_id INTEGER NOT NULL REFERENCES asset(id) ON DELETE CASCADE,
  state TEXT NOT NULL CHECK(state IN ('blocked','waiting','running','done','failed')),
  priority INTEGER NOT NULL DEFAULT 0,  -- higher first
  version TEXT NOT NULL DEFAULT '',     -- model id and settings that made the result
  attempts INTEGER NOT NULL DEFAULT 0,
  not_before INTEGER NOT NULL DEFAULT 0,
  lease_until INTEGER,
  claimed_by TEXT,
  reason TEXT,                          -- of the last failure, for people
  finished_at INTEGER,
  UNIQUE(asset_id, stage)
) STRICT;
CREATE INDEX job_next ON job(stage, priority DESC, id) WHERE state = 'waiting';
CREATE INDEX job_counts ON job(stage, state, finished_at);
CREATE TABLE paused_stage(stage TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE upload(                    -- files that came through the browser, until a person has seen the outcome
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  token TEXT NOT NULL UNIQUE,           -- name of the file in incoming/
  user_id INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
  file_name TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  modified_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('waiting','running','added','already_here','refused')),
  asset_id INTEGER REFERENCES asset(id) ON DELETE SET NULL,
  reason TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,
  lease_until INTEGER,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX upload_next ON upload(state, id);

CREATE TABLE conversation(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
  started_at INTEGER NOT NULL
) STRICT;
CREATE TABLE turn(
  conversation_id INTEGER NOT NULL REFERENCES conversation(id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  sentence TEXT NOT NULL,
  query TEXT NOT NULL,                  -- JSON of search.query.Query
  at INTEGER NOT NULL,
  PRIMARY KEY(conversation_id, number)
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE words USING fts5(  -- rowid = asset id; contents live in the tables above
  description, caption, text, tags, name, place,
  content='', contentless_delete=1, tokenize='porter unicode61 remove_diacritics 2'
);
INSERT INTO words(words, rank) VALUES('secure-delete', 1);
CREATE TABLE unfolded(asset_id INTEGER PRIMARY KEY) STRICT;   -- assets whose words changed since they were folded in
CREATE TRIGGER unfolded_asset AFTER INSERT ON asset BEGIN INSERT OR IGNORE INTO unfolded VALUES(new.id); END;
CREATE TRIGGER unfolded_asset_change AFTER UPDATE OF file_name, country, region, town, description ON asset
  BEGIN INSERT OR IGNORE INTO unfolded VALUES(new.id); END;
CREATE TRIGGER unfolded_asset_gone AFTER DELETE ON asset BEGIN INSERT OR IGNORE INTO unfolded VALUES(old.id); END;
CREATE TRIGGER unfolded_tag AFTER INSERT ON tag BEGIN INSERT OR IGNORE INTO unfolded VALUES(new.asset_id); END;
CREATE TRIGGER unfolded_tag_gone AFTER DELETE ON tag BEGIN INSERT OR IGNORE INTO unfolded VALUES(old.asset_id); END;
CREATE TRIGGER unfolded_caption AFTER INSERT ON caption BEGIN INSERT OR IGNORE INTO unfolded VALUES(new.asset_id); END;
CREATE TRIGGER unfolded_caption_change AFTER UPDATE ON caption BEGIN INSERT OR IGNORE INTO unfolded VALUES(new.asset_id); END;
CREATE TRIGGER unfolded_caption_gone AFTER DELETE ON caption BEGIN INSERT OR IGNORE INTO unfolded VALUES(old.asset_id); END;
CREATE TRIGGER unfolded_text AFTER INSERT ON recognised_text BEGIN INSERT OR IGNORE INTO unfolded VALUES(new.asset_id); END;
CREATE TRIGGER unfolded_text_change AFTER UPDATE ON recognised_text BEGIN INSERT OR IGNORE INTO unfolded VALUES(new.asset_id); END;
CREATE TRIGGER unfolded_text_gone AFTER DELETE ON recognised_text BEGIN INSERT OR IGNORE INTO unfolded VALUES(old.asset_id); END;

CREATE TABLE month(                     -- how many assets the timeline shows in each month, kept by the triggers below
  month TEXT PRIMARY KEY,               -- 'YYYY-MM'
  assets INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER month_gains AFTER INSERT ON asset WHEN new.deleted_at IS NULL AND new.hidden = 0 BEGIN
  INSERT INTO month VALUES(substr(new.capture_time, 1, 7), 1) ON CONFLICT(month) DO UPDATE SET assets = assets + 1;
END;
CREATE TRIGGER month_loses AFTER DELETE ON asset WHEN old.deleted_at IS NULL AND old.hidden = 0 BEGIN
  UPDATE month SET assets = assets - 1 WHERE month = substr(old.capture_time, 1, 7);
END;
CREATE TRIGGER month_moves AFTER UPDATE OF capture_time, hidden, deleted_at ON asset BEGIN
  UPDATE month SET assets = assets - 1
    WHERE old.deleted_at IS NULL AND old.hidden = 0 AND month = substr(old.capture_time, 1, 7);
  INSERT INTO month SELECT substr(new.capture_time, 1, 7), 1 WHERE new.deleted_at IS NULL AND new.hidden = 0
    ON CONFLICT(month) DO UPDATE SET assets = assets + 1;
END;
"""
