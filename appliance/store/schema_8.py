"""The eighth schema: inspections, in which the vision model looks at many pictures one by one for the same thing."""

SQL = """
CREATE TABLE inspection(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
  question TEXT NOT NULL,               -- the sentence that asked for it
  thing TEXT NOT NULL,                  -- what each picture is looked at for: “receipt”
  state TEXT NOT NULL CHECK(state IN ('running','stopped','done')),
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX inspection_of ON inspection(user_id, id DESC);

CREATE TABLE inspection_asset(          -- each row is a job until its state is no longer 'waiting'
  inspection_id INTEGER NOT NULL REFERENCES inspection(id) ON DELETE CASCADE,
  asset_id INTEGER NOT NULL REFERENCES asset(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,            -- the likeliest first
  state TEXT NOT NULL DEFAULT 'waiting' CHECK(state IN ('waiting','yes','no','unsure','failed')),
  facts TEXT NOT NULL DEFAULT '{}',     -- JSON: the probabilities of a yes and of a no
  attempts INTEGER NOT NULL DEFAULT 0,
  checked_at INTEGER,
  PRIMARY KEY(inspection_id, asset_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX inspection_next ON inspection_asset(inspection_id, position) WHERE state = 'waiting';
"""
