"""The fifth schema: lines of text keep their place in the picture, and some assets are documents.

`words` is made anew with a column more, so every asset is put into `unfolded`. `shapes` holds the text once more with letters
that look alike made equal (search/shapes.py): it is asked only for what no picture holds as it was written."""

SQL = """
ALTER TABLE recognised_text ADD COLUMN lines TEXT NOT NULL DEFAULT '[]';  -- JSON of adapters.text_lines.Line, in reading order

CREATE TABLE document(
  asset_id INTEGER PRIMARY KEY REFERENCES asset(id) ON DELETE CASCADE,
  kind TEXT CHECK(kind IN ('receipt','identity','whiteboard','screenshot','handwriting','page')),  -- NULL: none of these
  decided_by TEXT NOT NULL CHECK(decided_by IN ('rules','model','person')),
  reason TEXT NOT NULL DEFAULT '',      -- what the rules went by, for people
  by_rules TEXT                         -- the kind that the rules say, kept when somebody else decided
) STRICT;
-- Not INSERT OR IGNORE: inside an upsert SQLite takes the upsert's own policy for the trigger, and a second change would fail.
CREATE TRIGGER unfolded_document AFTER INSERT ON document
  BEGIN INSERT INTO unfolded SELECT new.asset_id WHERE new.asset_id NOT IN unfolded; END;
CREATE TRIGGER unfolded_document_change AFTER UPDATE ON document
  BEGIN INSERT INTO unfolded SELECT new.asset_id WHERE new.asset_id NOT IN unfolded; END;
CREATE TRIGGER unfolded_document_gone AFTER DELETE ON document
  BEGIN INSERT INTO unfolded SELECT old.asset_id WHERE old.asset_id NOT IN unfolded; END;
DROP TRIGGER unfolded_caption_change;
CREATE TRIGGER unfolded_caption_change AFTER UPDATE OF words, verdict ON caption
  WHEN (new.words <> old.words OR (new.verdict = 'hidden') <> (old.verdict = 'hidden')) AND new.asset_id NOT IN unfolded
  BEGIN INSERT INTO unfolded VALUES(new.asset_id); END;
DROP TRIGGER unfolded_text_change;
CREATE TRIGGER unfolded_text_change AFTER UPDATE ON recognised_text
  BEGIN INSERT INTO unfolded SELECT new.asset_id WHERE new.asset_id NOT IN unfolded; END;

DROP TABLE words;
CREATE VIRTUAL TABLE words USING fts5(  -- rowid = asset id; contents live in the tables above
  description, caption, text, tags, name, place, document,
  content='', contentless_delete=1, tokenize='porter unicode61 remove_diacritics 2'
);
INSERT INTO words(words, rank) VALUES('secure-delete', 1);
CREATE VIRTUAL TABLE shapes USING fts5(text, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2');
INSERT INTO shapes(shapes, rank) VALUES('secure-delete', 1);
INSERT OR IGNORE INTO unfolded SELECT id FROM asset;
"""
