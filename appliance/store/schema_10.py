"""The tenth schema: share links, the clean copies that they serve, who opened them, and what guests sent."""

SQL = """
CREATE TABLE share_link(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  token_hash BLOB NOT NULL UNIQUE CHECK(length(token_hash) = 32),  -- SHA-256 of the token's 32 bytes; the token is kept nowhere
  made_by INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
  title TEXT NOT NULL DEFAULT '',       -- what guests read; empty: none
  size TEXT NOT NULL CHECK(size IN ('screen','full')),
  keep_location INTEGER NOT NULL DEFAULT 0,
  downloads INTEGER NOT NULL DEFAULT 1,
  password_hash TEXT,                   -- argon2id; NULL: no password
  most_views INTEGER CHECK(most_views > 0),
  views INTEGER NOT NULL DEFAULT 0,
  uploads_into INTEGER REFERENCES album(id) ON DELETE SET NULL,   -- guests may send pictures, which wait for approval
  made_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('making','live','stopped','revoked')),
  revoked_at INTEGER,
  last_opened_at INTEGER
) STRICT;
CREATE INDEX share_link_of ON share_link(made_by, id DESC);

CREATE TABLE clean_copy(                -- each row is a job until its state is 'done' or 'failed'
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  asset_id INTEGER NOT NULL REFERENCES asset(id) ON DELETE CASCADE,
  size TEXT NOT NULL CHECK(size IN ('screen','full')),
  keep_location INTEGER NOT NULL,
  recipe TEXT NOT NULL,                 -- version of how copies are made
  folder TEXT NOT NULL UNIQUE CHECK(length(folder) = 32),         -- random hex digits; the files lie in clean-copies/<folder>/
  state TEXT NOT NULL DEFAULT 'waiting' CHECK(state IN ('waiting','running','done','failed')),
  attempts INTEGER NOT NULL DEFAULT 0,
  claimed_by TEXT,
  lease_until INTEGER,
  reason TEXT,                          -- of the last failure, for people
  media_type TEXT, extension TEXT, bytes INTEGER, width INTEGER, height INTEGER, seconds REAL,
  receipt TEXT NOT NULL DEFAULT '[]',   -- JSON of what was removed
  UNIQUE(asset_id, size, keep_location, recipe)
) STRICT;
CREATE INDEX clean_copy_next ON clean_copy(id) WHERE state = 'waiting';

CREATE TABLE share_item(
  link_id INTEGER NOT NULL REFERENCES share_link(id) ON DELETE CASCADE,
  position INTEGER NOT NULL CHECK(position > 0),                  -- 1 is the first; all that a guest's address says of it
  asset_id INTEGER NOT NULL REFERENCES asset(id) ON DELETE CASCADE,
  copy_id INTEGER REFERENCES clean_copy(id) ON DELETE SET NULL,   -- NULL: no live link needs it, and it was deleted
  PRIMARY KEY(link_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX share_item_copy ON share_item(copy_id);
CREATE INDEX share_item_asset ON share_item(asset_id);

CREATE TABLE share_open(                -- kept 30 days
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  link_id INTEGER NOT NULL REFERENCES share_link(id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  address TEXT NOT NULL,
  what TEXT NOT NULL CHECK(what IN ('page','zip','file','wrong password'))
) STRICT;
CREATE INDEX share_open_of ON share_open(link_id, at);

CREATE TABLE share_sent(                -- what a guest sent; it waits until the owner or who made the link has seen it
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  link_id INTEGER NOT NULL REFERENCES share_link(id) ON DELETE CASCADE,
  token TEXT NOT NULL UNIQUE,           -- name of the file in incoming/
  file_name TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  sent_at INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK(state IN ('waiting','accepted','refused'))
) STRICT;
CREATE INDEX share_sent_of ON share_sent(link_id, state);
"""
