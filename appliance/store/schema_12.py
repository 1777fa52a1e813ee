"""The twelfth schema: how the family gets its accounts, and birthdays, for questions such as “when Kit was five”."""

SQL = """
ALTER TABLE user ADD COLUMN birthday TEXT;  -- YYYY-MM-DD; typed by that person or the owner, and never taken from a face

CREATE TABLE invitation(                -- a link by which one person chooses a password; it works once
  user_id INTEGER PRIMARY KEY REFERENCES user(id) ON DELETE CASCADE,
  token_hash BLOB NOT NULL UNIQUE,      -- SHA-256 of the token in the link
  expires_at INTEGER NOT NULL
) STRICT;
"""
