-- migrate:up
SET LOCAL lock_timeout = '5s';

-- One row per command that had an effect: which key and organisation, in which role, on what, why, from which
-- version to which. People appear nowhere.
CREATE TABLE command_log (
  command_id          uuid        NOT NULL PRIMARY KEY,
  command             text        NOT NULL,
  crisis_id           uuid        NOT NULL,
  is_drill            boolean     NOT NULL,
  subject_type        text        NOT NULL,
  subject_id          uuid        NOT NULL,
  actor_org_id        uuid,
  actor_key_id        uuid,
  actor_role          text        NOT NULL,
  counterparty_org_id uuid,
  reason              text,
  before_version      bigint      NOT NULL,
  after_version       bigint      NOT NULL,
  at                  timestamptz NOT NULL,
  -- Did one organisation sit on both sides of the table?
  CONSTRAINT two_parties CHECK (command NOT IN ('accept_allocation', 'verify_need')
    OR (actor_org_id IS NOT NULL AND counterparty_org_id IS NOT NULL AND actor_org_id <> counterparty_org_id)),
  -- Who was it, if not the clock?
  CONSTRAINT somebody_did_it CHECK ((actor_role = 'system') = (actor_org_id IS NULL)),
  CONSTRAINT moves_forward CHECK (after_version > before_version AND before_version >= 0)
);
CREATE INDEX commands_on_subject ON command_log (subject_id);

CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON command_log
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
