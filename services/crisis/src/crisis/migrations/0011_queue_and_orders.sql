-- migrate:up
SET LOCAL lock_timeout = '5s';

-- When was a waiting row called? Set on promoted calls only; what they ask for is taken off the room to be given out.
ALTER TABLE allocations ADD COLUMN promoted_at timestamptz;
-- Who waits for this line, and what is promised to those called?
CREATE INDEX waiting_for_line ON allocations (need_line_id) WHERE state = 'waitlisted';
CREATE INDEX called_for_line ON allocations (need_line_id) WHERE promoted_at IS NOT NULL;
-- Which share of its lease was left when a hold was withdrawn? A late withdrawal breaks a promise.
ALTER TABLE allocations
  ADD COLUMN lease_left numeric(4,3),
  ADD CONSTRAINT only_holds_are_given_up CHECK (lease_left IS NULL OR state = 'withdrawn' AND lease_left BETWEEN 0 AND 1);
-- How did an organisation keep its promises in the last year?
CREATE INDEX concluded_of_pledger ON allocations (pledger_org_id, state_since)
  WHERE lease_left IS NOT NULL OR state IN ('confirmed', 'return_due', 'returning', 'returned', 'damaged', 'short',
    'written_off', 'hold_expired');

-- Does anything still wait on this deadline? Asked for each settled one before it is forgotten.
CREATE INDEX clock_of_allocation ON allocations (deadline_id) WHERE deadline_id IS NOT NULL;
CREATE INDEX clock_of_offer ON offers (deadline_id) WHERE deadline_id IS NOT NULL;
CREATE INDEX clock_of_need ON needs (deadline_id) WHERE deadline_id IS NOT NULL;
CREATE INDEX clock_of_task ON tasks (deadline_id) WHERE deadline_id IS NOT NULL;
CREATE INDEX clock_of_condition ON conditions (deadline_id) WHERE deadline_id IS NOT NULL;
CREATE INDEX clock_of_release_request ON release_requests (deadline_id) WHERE deadline_id IS NOT NULL;

-- Why was a waiting row not called when there was room? The last time only.
CREATE TABLE passed_over (
  allocation_id uuid          NOT NULL,
  is_drill      boolean       NOT NULL,
  reason        text          NOT NULL,
  available     numeric(18,3) NOT NULL,
  free          numeric(18,3) NOT NULL,
  at            timestamptz   NOT NULL,
  PRIMARY KEY (allocation_id, is_drill),
  FOREIGN KEY (allocation_id, is_drill) REFERENCES allocations (allocation_id, is_drill),
  CONSTRAINT known_reason CHECK (reason IN ('below_min_useful', 'nothing_free', 'offer_not_open'))
);

-- "Göndermeyin": goods nobody should send to these places for now.
CREATE TABLE saturation_orders (
  order_id          uuid        NOT NULL,
  crisis_id         uuid        NOT NULL,
  is_drill          boolean     NOT NULL,
  item_code         text,
  item_group        text,
  area              text[]      NOT NULL,
  issued_at         timestamptz NOT NULL,
  until             timestamptz NOT NULL,
  reason            text        NOT NULL,
  depot             text,
  names_life_saving boolean     NOT NULL DEFAULT false,
  state             text        NOT NULL,
  state_since       timestamptz NOT NULL,
  first_org_id      uuid        NOT NULL,
  first_key_id      uuid        NOT NULL,
  first_role        text        NOT NULL,
  second_org_id     uuid,
  second_key_id     uuid,
  lapse_reason      text,
  deadline_id       uuid,
  version           bigint      NOT NULL,
  PRIMARY KEY (order_id, is_drill),
  FOREIGN KEY (crisis_id, is_drill) REFERENCES crises (crisis_id, is_drill),
  FOREIGN KEY (deadline_id) REFERENCES deadlines (deadline_id) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT known_state CHECK (state IN ('provisional', 'active', 'lapsed')),
  CONSTRAINT stops_one_thing CHECK ((item_code IS NULL) <> (item_group IS NULL)),
  CONSTRAINT stops_somewhere CHECK (cardinality(area) >= 1),
  CONSTRAINT known_depot CHECK (depot ~ '^TUR0(0[1-9]|[1-7]\d|8[01])(\d{3})?$'),
  -- Does it end?
  CONSTRAINT ends_in_time CHECK (until > issued_at AND until <= issued_at + interval '14 days'),
  -- Could it stop goods for ever because nobody looked again?
  CONSTRAINT silence_has_a_rule CHECK ((deadline_id IS NOT NULL) = (state <> 'lapsed')),
  -- Did two keys turn before it was more than provisional?
  CONSTRAINT active_has_two_keys CHECK (state <> 'active' OR second_key_id IS NOT NULL),
  CONSTRAINT two_different_keys CHECK (second_key_id <> first_key_id),
  CONSTRAINT lapsed_with_reason CHECK ((state = 'lapsed') = (lapse_reason IS NOT NULL)),
  CONSTRAINT known_lapse CHECK (lapse_reason IN ('no_second_key', 'ended', 'lifted'))
);
-- What is stopped now? Asked by every pledge.
CREATE INDEX orders_in_force ON saturation_orders (crisis_id) WHERE state <> 'lapsed';
CREATE INDEX orders_of_crisis ON saturation_orders (crisis_id, order_id);
