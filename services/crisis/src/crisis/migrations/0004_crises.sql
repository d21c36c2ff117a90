-- migrate:up
SET LOCAL lock_timeout = '5s';

-- A proposal has no number: numbers have no holes, and most proposals are dismissed.
ALTER TABLE crises ALTER COLUMN crisis_no DROP NOT NULL;
ALTER TABLE crises
  ADD COLUMN proposed_at  timestamptz,
  ADD COLUMN end_reason   text,        -- why it was dismissed, stood down, or set going again
  ADD COLUMN deadline_id  uuid,
  ADD FOREIGN KEY (deadline_id) REFERENCES deadlines (deadline_id) DEFERRABLE INITIALLY DEFERRED,
  -- Can a crisis that was opened be spoken of?
  ADD CONSTRAINT opened_has_number CHECK (state IN ('proposed', 'dismissed') OR crisis_no IS NOT NULL),
  ADD CONSTRAINT wound_down_since CHECK (state <> 'stood_down' OR stood_down_at IS NOT NULL),
  ADD CONSTRAINT closed_since CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
  ADD CONSTRAINT dismissed_with_reason CHECK (state <> 'dismissed' OR end_reason IS NOT NULL);

-- Crises that are open already get their review clock.
UPDATE crises SET deadline_id = gen_random_uuid() WHERE state IN ('proposed', 'open', 'stood_down');
INSERT INTO deadlines (deadline_id, subject_type, subject_id, kind, due_at)
  SELECT deadline_id, 'crisis', crisis_id,
         CASE state WHEN 'proposed' THEN 'crisis.no_decision' WHEN 'open' THEN 'crisis.review' ELSE 'crisis.wind_down' END,
         now() + interval '7 days'
    FROM crises WHERE deadline_id IS NOT NULL;
ALTER TABLE crises
  -- Could this crisis wait for ever?
  ADD CONSTRAINT silence_has_a_rule CHECK ((deadline_id IS NOT NULL) = (state IN ('proposed', 'open', 'stood_down')));

-- What was heard of a hazard, from whom; the same message twice is one report. Coordinates are of the hazard, never of a person.
CREATE TABLE hazard_reports (
  report_id    uuid         NOT NULL PRIMARY KEY,
  crisis_id    uuid         NOT NULL,
  is_drill     boolean      NOT NULL,
  source       text         NOT NULL,
  external_id  text         NOT NULL,
  external_ids text[]       NOT NULL DEFAULT '{}',
  episode      text,
  hazard       text         NOT NULL,
  magnitude    numeric(3,1),
  alert        text         NOT NULL,
  area         text[]       NOT NULL,
  lat          numeric(9,6),
  lon          numeric(9,6),
  observed_at  timestamptz  NOT NULL,
  by_org_id    uuid         NOT NULL,
  created_at   timestamptz  NOT NULL DEFAULT now(),
  FOREIGN KEY (crisis_id, is_drill) REFERENCES crises (crisis_id, is_drill),
  -- Was this very message heard before?
  CONSTRAINT heard_once UNIQUE (source, external_id, is_drill),
  CONSTRAINT known_alert CHECK (alert IN ('yellow', 'orange', 'red')),
  CONSTRAINT whole_position CHECK ((lat IS NULL) = (lon IS NULL))
);
CREATE INDEX reports_of_crisis ON hazard_reports (crisis_id);
-- What else was heard of this kind of hazard around that time?
CREATE INDEX reports_by_time ON hazard_reports (hazard, observed_at);

CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON hazard_reports
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
