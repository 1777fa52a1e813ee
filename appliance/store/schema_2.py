"""The second schema: what pages ask of a whole library is counted as it changes, or stands in an index.

`month.dated` leaves out the assets whose only time is that of their upload. `job_count` holds how many jobs each state of each
stage has; both are kept by triggers, so that no writer can forget them."""

SQL = """
-- The last columns are there so that who may see what, and what most filters ask, is read from the index alone.
CREATE INDEX asset_taken ON asset(capture_time DESC, id DESC, hidden, deleted_at, time_source, kind, screenshot, favourite)
  WHERE deleted_at IS NULL;
CREATE INDEX asset_town ON asset(town, country, hidden, deleted_at, capture_time) WHERE deleted_at IS NULL AND town IS NOT NULL;
DROP INDEX asset_place;
CREATE INDEX asset_place ON asset(country, region, town, hidden, deleted_at, capture_time);

DROP TRIGGER month_gains;
DROP TRIGGER month_loses;
DROP TRIGGER month_moves;
ALTER TABLE month ADD COLUMN dated INTEGER NOT NULL DEFAULT 0;
UPDATE month SET dated = known.assets FROM (
  SELECT substr(capture_time, 1, 7) AS month, count(*) AS assets FROM asset
  WHERE deleted_at IS NULL AND hidden = 0 AND time_source <> 'upload' GROUP BY 1
) AS known WHERE known.month = month.month;
CREATE TRIGGER month_gains AFTER INSERT ON asset WHEN new.deleted_at IS NULL AND new.hidden = 0 BEGIN
  INSERT INTO month(month, assets, dated) VALUES(substr(new.capture_time, 1, 7), 1, new.time_source <> 'upload')
    ON CONFLICT(month) DO UPDATE SET assets = assets + 1, dated = dated + excluded.dated;
END;
CREATE TRIGGER month_loses AFTER DELETE ON asset WHEN old.deleted_at IS NULL AND old.hidden = 0 BEGIN
  UPDATE month SET assets = assets - 1, dated = dated - (old.time_source <> 'upload') WHERE month = substr(old.capture_time, 1, 7);
END;
CREATE TRIGGER month_moves AFTER UPDATE OF capture_time, time_source, hidden, deleted_at ON asset BEGIN
  UPDATE month SET assets = assets - 1, dated = dated - (old.time_source <> 'upload')
    WHERE old.deleted_at IS NULL AND old.hidden = 0 AND month = substr(old.capture_time, 1, 7);
  INSERT INTO month(month, assets, dated) SELECT substr(new.capture_time, 1, 7), 1, new.time_source <> 'upload'
    WHERE new.deleted_at IS NULL AND new.hidden = 0
    ON CONFLICT(month) DO UPDATE SET assets = assets + 1, dated = dated + excluded.dated;
END;

CREATE INDEX job_failed ON job(finished_at DESC, id) WHERE state = 'failed';
CREATE INDEX job_running ON job(lease_until) WHERE state = 'running';
CREATE TABLE job_count(
  stage TEXT NOT NULL,
  state TEXT NOT NULL,
  jobs INTEGER NOT NULL,
  PRIMARY KEY(stage, state)
) STRICT, WITHOUT ROWID;
INSERT INTO job_count SELECT stage, state, count(*) FROM job GROUP BY stage, state;
CREATE TRIGGER job_count_gains AFTER INSERT ON job BEGIN
  INSERT INTO job_count VALUES(new.stage, new.state, 1) ON CONFLICT DO UPDATE SET jobs = jobs + 1;
END;
CREATE TRIGGER job_count_loses AFTER DELETE ON job BEGIN
  UPDATE job_count SET jobs = jobs - 1 WHERE stage = old.stage AND state = old.state;
END;
CREATE TRIGGER job_count_moves AFTER UPDATE OF stage, state ON job WHEN (old.stage, old.state) <> (new.stage, new.state) BEGIN
  UPDATE job_count SET jobs = jobs - 1 WHERE stage = old.stage AND state = old.state;
  INSERT INTO job_count VALUES(new.stage, new.state, 1) ON CONFLICT DO UPDATE SET jobs = jobs + 1;
END;
"""
