"""The fourth schema: what people think of a caption, and what captions take."""

SQL = """
ALTER TABLE caption ADD COLUMN verdict TEXT NOT NULL DEFAULT 'new' CHECK(verdict IN ('new','accepted','hidden'));
ALTER TABLE caption ADD COLUMN judged_by INTEGER REFERENCES user(id) ON DELETE SET NULL;
ALTER TABLE caption ADD COLUMN judged_at INTEGER;
-- Which of the model's caption prompts was asked first, counted on from look to look, and whether somebody wants the next one.
ALTER TABLE caption ADD COLUMN prompt INTEGER NOT NULL DEFAULT 0;
ALTER TABLE caption ADD COLUMN look_again INTEGER NOT NULL DEFAULT 0;
CREATE INDEX caption_verdict ON caption(verdict, look_again, made_at DESC, asset_id DESC);
CREATE INDEX caption_judged ON caption(judged_by, judged_at) WHERE judged_by IS NOT NULL;

DROP TRIGGER unfolded_caption_change;
CREATE TRIGGER unfolded_caption_change AFTER UPDATE OF words, verdict ON caption
  WHEN new.words <> old.words OR (new.verdict = 'hidden') <> (old.verdict = 'hidden')
  BEGIN INSERT OR IGNORE INTO unfolded VALUES(new.asset_id); END;

CREATE TABLE caption_work(              -- what the latest captions took on this machine, wall time
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  model TEXT NOT NULL,
  rest INTEGER NOT NULL,                -- 1: nobody waited for it, so it counts against the night's budget
  milliseconds INTEGER NOT NULL,
  ended_at INTEGER NOT NULL
) STRICT;
CREATE INDEX caption_work_ended ON caption_work(ended_at, rest, milliseconds);
"""
