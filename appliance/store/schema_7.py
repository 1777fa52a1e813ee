"""The seventh schema: conversations that are kept, named and deleted; albums; what was proposed and done; what a person chose."""

SQL = """
ALTER TABLE conversation ADD COLUMN title TEXT;          -- a person's; NULL: its first question stands for it
ALTER TABLE conversation ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversation ADD COLUMN deleted_at INTEGER;  -- comes back when that is undone; after an hour it is gone
ALTER TABLE conversation ADD COLUMN pinned TEXT;         -- JSON of a Query with the filters of the pinned chips
UPDATE conversation SET changed_at = coalesce((SELECT max(at) FROM turn WHERE conversation_id = conversation.id), started_at);
CREATE INDEX conversation_changed ON conversation(user_id, changed_at DESC, id DESC);

ALTER TABLE turn ADD COLUMN before INTEGER;              -- number of the turn that it follows up on
ALTER TABLE turn ADD COLUMN plan TEXT;                   -- JSON of what was asked besides the search; NULL: nothing
ALTER TABLE turn ADD COLUMN shown TEXT NOT NULL DEFAULT '[]';  -- JSON ids in the order shown: what “the third” means

CREATE TABLE album(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  title TEXT NOT NULL,
  made_by INTEGER REFERENCES user(id) ON DELETE SET NULL,
  made_at INTEGER NOT NULL
) STRICT;
CREATE TABLE album_asset(
  album_id INTEGER NOT NULL REFERENCES album(id) ON DELETE CASCADE,
  asset_id INTEGER NOT NULL REFERENCES asset(id) ON DELETE CASCADE,
  added_at INTEGER NOT NULL,
  PRIMARY KEY(album_id, asset_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX album_of_asset ON album_asset(asset_id);

CREATE TABLE action(                    -- what was proposed to a person, and what became of it
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
  conversation_id INTEGER REFERENCES conversation(id) ON DELETE SET NULL,
  turn INTEGER,
  kind TEXT NOT NULL CHECK(kind IN ('album','tag','favourite','unfavourite','hide','unhide')),
  name TEXT NOT NULL,                   -- of the album or the tag
  assets TEXT NOT NULL,                 -- JSON ids of exactly what the button names
  before TEXT,                          -- JSON of what undoing needs
  proposed_at INTEGER NOT NULL,
  at INTEGER,                           -- when it was done; NULL: it was not
  undone_at INTEGER
) STRICT;
CREATE INDEX action_of_turn ON action(conversation_id, turn);

CREATE TABLE preference(                -- what one person chose for all of their browsers
  user_id INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY(user_id, name)
) STRICT, WITHOUT ROWID;
"""
