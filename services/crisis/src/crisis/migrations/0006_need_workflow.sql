-- migrate:up
SET LOCAL lock_timeout = '5s';

-- `told` counts the events published of a need, `version` every change: a draft's changes stay its own.
ALTER TABLE needs
  ADD COLUMN told           bigint      NOT NULL DEFAULT 0,
  ADD COLUMN title          text,
  ADD COLUMN description    text,
  ADD COLUMN draft_lines    jsonb,       -- lines as written, while the asker may still change them
  ADD COLUMN state_since    timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN state_reason   text,        -- code given with the last step: returned, rejected, held, re-opened, moved
  ADD COLUMN missing_fields text[]      NOT NULL DEFAULT '{}',
  ADD COLUMN appealed_at    timestamptz,
  ADD COLUMN deadline_id    uuid;
UPDATE needs SET told = version, state_since = coalesce(opened_at, created_at), last_heartbeat_at = opened_at;

-- Needs that waited before each had a clock get one that is due at once: somebody is asked to look at them.
WITH waiting AS (
  UPDATE needs SET deadline_id = gen_random_uuid() WHERE state IN ('submitted', 'open')
  RETURNING need_id, state, deadline_id
)
INSERT INTO deadlines (deadline_id, subject_type, subject_id, kind, due_at)
SELECT deadline_id, 'need', need_id,
       CASE state WHEN 'submitted' THEN 'need.verify' ELSE 'need.heartbeat' END, now()
  FROM waiting;

ALTER TABLE needs
  ADD FOREIGN KEY (deadline_id) REFERENCES deadlines (deadline_id) DEFERRABLE INITIALLY DEFERRED,
  -- Could this need wait for ever? A closed one waits only while its appeal is undecided.
  ADD CONSTRAINT need_silence_has_a_rule CHECK
    (CASE state WHEN 'closed' THEN deadline_id IS NULL OR appealed_at IS NOT NULL ELSE deadline_id IS NOT NULL END),
  -- Are lines still only as written exactly where the asker may change them?
  ADD CONSTRAINT draft_is_changeable CHECK (draft_lines IS NULL OR state IN ('draft', 'returned', 'closed')),
  ADD CONSTRAINT draft_has_lines CHECK (state <> 'draft' OR draft_lines IS NOT NULL),
  -- Is a contact a reference, not a person?
  ADD CONSTRAINT contact_is_opaque CHECK (contact_ref ~ '^[A-Za-z0-9_:.-]{1,64}$'),
  ADD CONSTRAINT text_is_short CHECK (char_length(title) <= 200 AND char_length(description) <= 4000),
  -- Can everybody see it exactly when it was ever told?
  ADD CONSTRAINT submitted_is_told CHECK (state IN ('draft', 'closed') OR told >= 1);
-- Which drafts does an organisation have?
CREATE INDEX private_needs ON needs (asker_org_id, need_id) WHERE told = 0;

-- A line that was replaced before its need ever opened keeps its row and its history and asks for nothing.
ALTER TABLE need_lines
  ADD COLUMN note       text,
  ADD COLUMN dropped_at timestamptz,
  ADD CONSTRAINT note_is_short CHECK (char_length(note) <= 280);

-- How often somebody tried to reach the asker: what closing a need as unreachable rests on.
CREATE TABLE need_contact_attempts (
  attempt_id uuid        NOT NULL,
  need_id    uuid        NOT NULL,
  is_drill   boolean     NOT NULL,
  channel    text        NOT NULL,
  by_org_id  uuid        NOT NULL,
  at         timestamptz NOT NULL,
  command_id uuid        NOT NULL,
  PRIMARY KEY (attempt_id, is_drill),
  FOREIGN KEY (need_id, is_drill) REFERENCES needs (need_id, is_drill),
  CONSTRAINT known_channel CHECK (channel IN ('phone', 'message', 'visit', 'radio'))
);
CREATE INDEX attempts_of_need ON need_contact_attempts (need_id, at);
CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON need_contact_attempts
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();

ALTER TABLE command_log DROP CONSTRAINT two_parties;
ALTER TABLE command_log
  -- Did one organisation sit on both sides of the table?
  ADD CONSTRAINT two_parties CHECK (command NOT IN ('accept_allocation', 'verify_need', 'return_need', 'reject_need',
      'decide_appeal')
    OR (actor_org_id IS NOT NULL AND counterparty_org_id IS NOT NULL AND actor_org_id <> counterparty_org_id));
