-- migrate:up
SET LOCAL lock_timeout = '5s';

-- Commands nobody may give alone. The first key writes down what is to be done, the second one does it; nobody's
-- silence does: at `expires_at` the request is void.
CREATE TABLE two_keys (
  two_key_id    uuid        NOT NULL,
  crisis_id     uuid        NOT NULL,
  is_drill      boolean     NOT NULL,
  action        text        NOT NULL,
  subject_type  text        NOT NULL,
  subject_id    uuid        NOT NULL,
  place         text, -- p-code the second key must be entitled for; null: the whole country
  payload       jsonb       NOT NULL,
  state         text        NOT NULL DEFAULT 'pending',
  command_id    uuid        NOT NULL,
  first_org_id  uuid        NOT NULL,
  first_key_id  uuid        NOT NULL,
  first_role    text        NOT NULL,
  opened_at     timestamptz NOT NULL,
  expires_at    timestamptz NOT NULL,
  deadline_id   uuid,
  second_org_id uuid,
  second_key_id uuid,
  second_role   text,
  settled_at    timestamptz,
  reason        text,
  version       bigint      NOT NULL DEFAULT 1,
  PRIMARY KEY (two_key_id, is_drill),
  FOREIGN KEY (crisis_id, is_drill) REFERENCES crises (crisis_id, is_drill),
  FOREIGN KEY (deadline_id) REFERENCES deadlines (deadline_id) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT known_state CHECK (state IN ('pending', 'confirmed', 'refused', 'lapsed')),
  CONSTRAINT known_place CHECK (place ~ '^TUR0(0[1-9]|[1-7]\d|8[01])(\d{3})?$'),
  -- Could it wait for ever?
  CONSTRAINT silence_has_a_rule CHECK ((deadline_id IS NOT NULL) = (state = 'pending')),
  CONSTRAINT ends_after_it_began CHECK (expires_at > opened_at),
  -- Did one key turn both locks?
  CONSTRAINT two_different_keys CHECK (second_key_id <> first_key_id),
  -- Who turned the second one, or said no?
  CONSTRAINT somebody_settled_it CHECK ((state IN ('confirmed', 'refused'))
    = (second_org_id IS NOT NULL AND second_key_id IS NOT NULL AND second_role IS NOT NULL)),
  CONSTRAINT settled_since CHECK ((state = 'pending') = (settled_at IS NULL)),
  CONSTRAINT no_without_reason CHECK (state <> 'refused' OR reason IS NOT NULL)
);
-- Is the same thing already waiting for its second key?
CREATE UNIQUE INDEX one_pending_request ON two_keys (action, subject_type, subject_id) WHERE state = 'pending';
CREATE INDEX pending_two_keys ON two_keys (two_key_id) WHERE state = 'pending';
