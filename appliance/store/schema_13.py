"""The thirteenth schema: whether People is on, and what was erased when it went off. Nothing of any face or person is here."""

SQL = """
CREATE TABLE people_consent(            -- at most one row: People is on
  one INTEGER PRIMARY KEY CHECK(one = 1),
  since INTEGER NOT NULL,               -- milliseconds since 1970 UTC
  by_user INTEGER REFERENCES user(id) ON DELETE SET NULL,
  viewers TEXT NOT NULL CHECK(viewers IN ('owner', 'adults')),
  revision INTEGER NOT NULL             -- one more at each change of the row
) STRICT;

CREATE TABLE people_receipt(            -- what was erased each time People went off: counts alone
  at INTEGER PRIMARY KEY,
  by_user INTEGER REFERENCES user(id) ON DELETE SET NULL,
  files INTEGER NOT NULL,               -- of keys and of the vault, overwritten and unlinked
  rows INTEGER NOT NULL,                -- sealed rows and messages that were in it
  bytes INTEGER NOT NULL,
  jobs INTEGER NOT NULL                 -- rows of mantel.db
) STRICT;
"""
