"""The eleventh schema: backups. Repositories, what each of their snapshots holds, runs, checks, drills, re-hashing, and what a
person asked the backup process to do.

A file counts as protected only by what was read back from a snapshot's listing: a row of `ledger`, never restic's exit code.
Times are milliseconds since 1970 UTC; paths are relative to the home ('originals/2024/2024-07-14/a.jpg', 'mantel.db').
"""

SQL = """
CREATE TABLE repository(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  kind TEXT NOT NULL CHECK(kind IN ('local','sftp','s3','rest','rclone')),
  address TEXT NOT NULL UNIQUE,         -- as restic takes it, never with a user name's password in it
  restic_id TEXT NOT NULL,              -- restic's own id: another repository at the same address is not this one
  offsite INTEGER NOT NULL,             -- 1: elsewhere than the box, as its owner says
  removable INTEGER NOT NULL,           -- 1: on a disk that may be absent: then a run waits and is no failure
  append_only INTEGER NOT NULL,         -- 1: what is in it can't be taken out from here: no forget, no prune
  upload_kib INTEGER NOT NULL DEFAULT 0,  -- most KiB a second that go out; 0: no limit
  paused_at INTEGER,
  failures INTEGER NOT NULL DEFAULT 0,  -- runs that failed one after the other
  retry_at INTEGER NOT NULL DEFAULT 0,  -- after a failure: not before
  shrunk_from INTEGER,                  -- files of the library before it shrank by more than 5 %: forget waits for the owner's word
  shrunk_allowed_at INTEGER,            -- when the owner last said that the library shrank on purpose
  pruned_at INTEGER,                    -- when snapshots were last thinned out
  key_confirmed_at INTEGER,             -- when the owner last typed the passphrase back from the emergency sheet
  keys_folder TEXT NOT NULL UNIQUE,     -- its name in keys/backup/, where the passphrase lies
  added_at INTEGER NOT NULL
) STRICT;

CREATE TABLE snapshot(                  -- snapshots that were listed and compared; their ids rise in the order they were made
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  repository_id INTEGER NOT NULL REFERENCES repository(id) ON DELETE CASCADE,
  restic_id TEXT NOT NULL,
  holds TEXT NOT NULL CHECK(holds IN ('originals','database')),
  taken_at INTEGER NOT NULL,
  files INTEGER NOT NULL,               -- how many files its listing has
  bytes INTEGER NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('present','forgotten','lost')),  -- forgotten: by our own rule; lost: by nobody's
  state_at INTEGER NOT NULL,
  UNIQUE(repository_id, restic_id)
) STRICT;
CREATE INDEX snapshot_present ON snapshot(repository_id, holds, id) WHERE state = 'present';

CREATE TABLE ledger(                    -- this file lies in every snapshot of the repository from the first to the last
  repository_id INTEGER NOT NULL REFERENCES repository(id) ON DELETE CASCADE,
  sha256 TEXT NOT NULL CHECK(length(sha256) = 64),
  path TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  first_snapshot INTEGER NOT NULL REFERENCES snapshot(id) ON DELETE CASCADE,
  last_snapshot INTEGER,                -- NULL: up to the newest, so that a quiet night writes nothing here
  PRIMARY KEY(repository_id, sha256, path, first_snapshot)
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_open ON ledger(repository_id, path) WHERE last_snapshot IS NULL;

CREATE TABLE unprotected(               -- originals that no present snapshot of the repository holds: derived from `ledger`
  repository_id INTEGER NOT NULL REFERENCES repository(id) ON DELETE CASCADE,
  asset_id INTEGER NOT NULL REFERENCES asset(id) ON DELETE CASCADE,
  PRIMARY KEY(repository_id, asset_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX unprotected_asset ON unprotected(asset_id);
CREATE TRIGGER unprotected_asset_new AFTER INSERT ON asset
  BEGIN INSERT INTO unprotected SELECT id, new.id FROM repository; END;
CREATE TRIGGER unprotected_repository_new AFTER INSERT ON repository
  BEGIN INSERT INTO unprotected SELECT new.id, id FROM asset; END;

CREATE TABLE backup_run(                -- one night, or one wish, for one repository
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  repository_id INTEGER NOT NULL REFERENCES repository(id) ON DELETE CASCADE,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  outcome TEXT NOT NULL CHECK(outcome IN ('running','complete','in part','failed','waiting','stopped')),
  fault TEXT NOT NULL DEFAULT '',       -- what hindered it, as a word for programs: 'no room', 'wrong passphrase', 'away', ...
  reason TEXT NOT NULL DEFAULT '',      -- the same for people, a whole sentence
  files_expected INTEGER NOT NULL DEFAULT 0,   -- originals, sidecars and settings that should be in it
  files_held INTEGER NOT NULL DEFAULT 0,       -- of these, found in the snapshot with the right size and time
  files_withheld INTEGER NOT NULL DEFAULT 0,   -- rotten, missing or unreadable: not offered to restic
  bytes_expected INTEGER NOT NULL DEFAULT 0,
  bytes_added INTEGER NOT NULL DEFAULT 0,      -- that the repository grew by, as restic tells
  originals_snapshot INTEGER REFERENCES snapshot(id) ON DELETE SET NULL,
  database_snapshot INTEGER REFERENCES snapshot(id) ON DELETE SET NULL,
  retention TEXT NOT NULL DEFAULT '',   -- what came of thinning out, for people; empty: it was not due
  doing TEXT NOT NULL DEFAULT '',       -- while it runs: what it does now
  done_bytes INTEGER NOT NULL DEFAULT 0,
  total_bytes INTEGER NOT NULL DEFAULT 0,
  seconds_left INTEGER,
  beat_at INTEGER NOT NULL              -- while it runs: when it last wrote here
) STRICT;
CREATE INDEX backup_run_of ON backup_run(repository_id, id DESC);
CREATE INDEX backup_run_complete ON backup_run(repository_id, ended_at) WHERE outcome = 'complete';

CREATE TABLE backup_check(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  repository_id INTEGER NOT NULL REFERENCES repository(id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK(kind IN ('structure','data')),   -- data: part n of t of everything was read and compared
  part INTEGER,
  parts INTEGER,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  outcome TEXT NOT NULL CHECK(outcome IN ('running','passed','damaged','failed','waiting','stopped')),  -- failed: not carried out
  fault TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX backup_check_of ON backup_check(repository_id, kind, part, id DESC);

CREATE TABLE drill(                     -- files and a database copy restored to scratch and compared
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  repository_id INTEGER NOT NULL REFERENCES repository(id) ON DELETE CASCADE,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  files INTEGER NOT NULL DEFAULT 0,
  outcome TEXT NOT NULL CHECK(outcome IN ('running','passed','failed','waiting','stopped')),
  reason TEXT NOT NULL DEFAULT '',
  details TEXT NOT NULL DEFAULT '{}'    -- JSON
) STRICT;
CREATE INDEX drill_of ON drill(repository_id, id DESC);

CREATE TABLE rot(                       -- when a file was last read whole, and what was found
  path TEXT PRIMARY KEY,
  asset_id INTEGER NOT NULL REFERENCES asset(id) ON DELETE CASCADE,  -- a sidecar has its original's
  kind TEXT NOT NULL CHECK(kind IN ('original','sidecar')),
  sha256 TEXT NOT NULL,                 -- what it should be: the asset's; of a sidecar, what it was when it was last changed
  found TEXT,                           -- what it was at the last look
  bytes INTEGER NOT NULL,
  modified_ns INTEGER NOT NULL,         -- these three tell whether somebody wrote to the file since
  changed_ns INTEGER NOT NULL,
  inode INTEGER NOT NULL,
  hashed_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('ok','rotten','missing','unreadable')),
  since INTEGER NOT NULL,               -- in this state
  reason TEXT NOT NULL DEFAULT ''       -- for people; a clause
) STRICT, WITHOUT ROWID;
CREATE INDEX rot_asset ON rot(asset_id);
CREATE INDEX rot_next ON rot(hashed_at);
CREATE INDEX rot_alarm ON rot(state, path) WHERE state <> 'ok';

CREATE TABLE backup_request(            -- what a person asked the backup process to do; claimed by compare-and-set
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  verb TEXT NOT NULL,                   -- run, check, drill, restore, ...
  repository_id INTEGER REFERENCES repository(id) ON DELETE CASCADE,  -- NULL: every repository, or none in particular
  details TEXT NOT NULL DEFAULT '{}',   -- JSON; never a secret
  asked_by INTEGER REFERENCES user(id) ON DELETE SET NULL,
  asked_at INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK(state IN ('waiting','running','done','failed')),
  claimed_by TEXT,
  said TEXT NOT NULL DEFAULT '',        -- what came of it, a sentence for people
  result TEXT NOT NULL DEFAULT '{}',    -- JSON
  ended_at INTEGER
) STRICT;
CREATE INDEX backup_request_next ON backup_request(id) WHERE state = 'waiting';
"""
