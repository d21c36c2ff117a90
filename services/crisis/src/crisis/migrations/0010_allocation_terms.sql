-- migrate:up
SET LOCAL lock_timeout = '5s';

-- Which groups of people is the line for? An earmark may ask.
ALTER TABLE need_lines ADD COLUMN populations text[] NOT NULL DEFAULT '{}';
CREATE INDEX lines_of_item ON need_lines (crisis_id, item_code);

ALTER TABLE allocations
  ADD COLUMN given_item      text,
  ADD COLUMN desk_org_id     uuid,
  ADD COLUMN round           smallint    NOT NULL DEFAULT 0,
  ADD COLUMN extensions      smallint    NOT NULL DEFAULT 0,
  ADD COLUMN plan_transport  text,
  ADD COLUMN has_conditions  boolean     NOT NULL DEFAULT false,
  ADD COLUMN preferred_since timestamptz,
  ADD CONSTRAINT at_most_three_rounds CHECK (round BETWEEN 0 AND 3),
  -- Was it countered exactly when it says so?
  ADD CONSTRAINT countered_has_a_round CHECK (state <> 'countered' OR round >= 1),
  ADD CONSTRAINT known_transport CHECK (plan_transport IN ('own', 'carrier', 'pickup')),
  -- Is a plan both a time and a way?
  ADD CONSTRAINT plan_says_how CHECK (plan_transport IS NULL OR plan_date IS NOT NULL),
  -- Is another item given only where its own name is written down?
  ADD CONSTRAINT substitute_is_named CHECK ((substitute_of IS NULL) = (given_item IS NULL));

-- What must come true before the row may be accepted. They belong to the root: a cut does not lose them.
CREATE TABLE conditions (
  condition_id  uuid        NOT NULL,
  root_id       uuid        NOT NULL,
  allocation_id uuid        NOT NULL,
  is_drill      boolean     NOT NULL,
  type          text        NOT NULL,
  min_qty       numeric(18,3),
  due_at        timestamptz NOT NULL,
  state         text        NOT NULL,
  waiver_reason text,
  deadline_id   uuid,
  stated_by     text        NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  settled_at    timestamptz,
  PRIMARY KEY (condition_id, is_drill),
  FOREIGN KEY (allocation_id, is_drill) REFERENCES allocations (allocation_id, is_drill),
  FOREIGN KEY (deadline_id) REFERENCES deadlines (deadline_id) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT known_type CHECK (type IN ('funding_arrives', 'transport_found', 'permit', 'min_qty', 'named_site',
    'publicity', 'other', 'substitute_agreed')),
  CONSTRAINT known_side CHECK (stated_by IN ('pledger', 'asker_side', 'asker')),
  CONSTRAINT known_state CHECK (state IN ('open', 'met', 'waived', 'failed')),
  -- How much is the least?
  CONSTRAINT least_is_named CHECK ((type = 'min_qty') = (min_qty IS NOT NULL)),
  -- Could it wait for ever?
  CONSTRAINT silence_has_a_rule CHECK ((state = 'open') = (deadline_id IS NOT NULL)),
  -- Why was it dropped?
  CONSTRAINT waived_with_reason CHECK ((state = 'waived') = (waiver_reason IS NOT NULL))
);
CREATE INDEX conditions_of_root ON conditions (root_id);

-- May earmarked goods be used for a line outside their earmark? Only their pledger can say; silence is no.
CREATE TABLE waivers (
  waiver_id     uuid        NOT NULL,
  crisis_id     uuid        NOT NULL,
  is_drill      boolean     NOT NULL,
  need_line_id  uuid        NOT NULL,
  offer_line_id uuid        NOT NULL,
  asked_of_org  uuid        NOT NULL,
  asked_by_org  uuid        NOT NULL,
  state         text        NOT NULL,
  deadline_id   uuid,
  answer_by     timestamptz NOT NULL,
  version       bigint      NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  settled_at    timestamptz,
  PRIMARY KEY (waiver_id, is_drill),
  FOREIGN KEY (need_line_id, is_drill) REFERENCES need_lines (need_line_id, is_drill),
  FOREIGN KEY (offer_line_id, is_drill) REFERENCES offer_lines (offer_line_id, is_drill),
  FOREIGN KEY (deadline_id) REFERENCES deadlines (deadline_id) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT known_state CHECK (state IN ('pending', 'granted', 'refused', 'lapsed')),
  -- Could the question stay open for ever?
  CONSTRAINT silence_has_a_rule CHECK ((state = 'pending') = (deadline_id IS NOT NULL))
);
-- What was an organisation asked?
CREATE INDEX waivers_of_pledger ON waivers (asked_of_org, waiver_id);
CREATE INDEX waivers_of_desk ON waivers (asked_by_org, waiver_id);
CREATE UNIQUE INDEX one_waiver ON waivers (offer_line_id, need_line_id, is_drill)
  WHERE state IN ('pending', 'granted');

-- Somebody asks a holder to let goods go.
CREATE TABLE release_requests (
  request_id      uuid          NOT NULL,
  allocation_id   uuid          NOT NULL,
  is_drill        boolean       NOT NULL,
  asked_by_org    uuid          NOT NULL,
  asked_by_desk   boolean       NOT NULL,
  holder_org      uuid          NOT NULL,
  qty             numeric(18,3) NOT NULL,
  reason          text          NOT NULL,
  state           text          NOT NULL,
  deadline_id     uuid,
  answer_by       timestamptz   NOT NULL,
  created_at      timestamptz   NOT NULL DEFAULT now(),
  settled_at      timestamptz,
  PRIMARY KEY (request_id, is_drill),
  FOREIGN KEY (allocation_id, is_drill) REFERENCES allocations (allocation_id, is_drill),
  FOREIGN KEY (deadline_id) REFERENCES deadlines (deadline_id) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT known_state CHECK (state IN ('pending', 'agreed', 'refused', 'lapsed', 'void')),
  CONSTRAINT asks_for_something CHECK (qty > 0),
  CONSTRAINT silence_has_a_rule CHECK ((state = 'pending') = (deadline_id IS NOT NULL))
);
-- What was an organisation asked?
CREATE INDEX requests_of_holder ON release_requests (holder_org, request_id);
CREATE INDEX requests_of_asker ON release_requests (asked_by_org, request_id);
CREATE UNIQUE INDEX one_open_request ON release_requests (allocation_id, is_drill) WHERE state = 'pending';

-- How much does an organisation hold, and how much of it did it close lately?
CREATE INDEX held_of_pledger ON allocations (pledger_org_id, crisis_id) WHERE state = 'held';
CREATE INDEX ended_of_pledger ON allocations (pledger_org_id, crisis_id, state_since)
  WHERE state IN ('confirmed', 'return_due', 'damaged', 'short', 'withdrawn', 'hold_expired', 'released', 'returned',
                  'written_off');
