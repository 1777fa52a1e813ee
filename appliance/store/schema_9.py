"""The ninth schema: selections, places on a map, times that a person corrected and the sidecars written for them; albums that
were deleted come back."""

SQL = """
CREATE TABLE selection(                 -- photos that somebody chose to do something with; a day later it is gone
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
  assets TEXT NOT NULL,                 -- JSON ids in the order chosen
  made_at INTEGER NOT NULL
) STRICT;
CREATE INDEX selection_made ON selection(made_at);

CREATE TABLE action_9(                  -- as before, with the kinds that lead to a page or change times
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
  conversation_id INTEGER REFERENCES conversation(id) ON DELETE SET NULL,
  turn INTEGER,
  kind TEXT NOT NULL CHECK(kind IN ('album','tag','favourite','unfavourite','hide','unhide','share','map','time')),
  name TEXT NOT NULL,                   -- of the album or the tag; of a time what is changed about it
  assets TEXT NOT NULL,                 -- JSON ids of exactly what the button names
  before TEXT,                          -- JSON of what undoing needs
  proposed_at INTEGER NOT NULL,
  at INTEGER,                           -- when it was done; NULL: it was not
  undone_at INTEGER
) STRICT;
INSERT INTO action_9 SELECT id, user_id, conversation_id, turn, kind, name, assets, before, proposed_at, at, undone_at FROM action;
DROP TABLE action;
ALTER TABLE action_9 RENAME TO action;
CREATE INDEX action_of_turn ON action(conversation_id, turn);

CREATE TABLE sidecar(                   -- of each sidecar that Mantel wrote: what it began with
  asset_id INTEGER PRIMARY KEY REFERENCES asset(id) ON DELETE CASCADE,
  before BLOB,                          -- what stood there before Mantel wrote; NULL: nothing
  written TEXT NOT NULL                 -- SHA-256 of what Mantel wrote last, so that another program's work is recognised
) STRICT;

ALTER TABLE album ADD COLUMN deleted_at INTEGER;    -- comes back for 30 days when that is undone
ALTER TABLE album ADD COLUMN former_title TEXT;     -- before it was renamed last

-- The last columns are there so that a map of everything is read from the index alone.
CREATE INDEX asset_position ON asset(latitude, longitude, hidden, deleted_at) WHERE deleted_at IS NULL AND latitude IS NOT NULL;
"""
