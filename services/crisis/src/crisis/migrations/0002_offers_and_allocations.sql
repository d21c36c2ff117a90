-- migrate:up
SET LOCAL lock_timeout = '5s';

CREATE TABLE offers (
  offer_id          uuid        NOT NULL,
  crisis_id         uuid        NOT NULL,
  is_drill          boolean     NOT NULL,
  offer_no          bigint      NOT NULL GENERATED ALWAYS AS IDENTITY (CACHE 64),
  org_id            uuid        NOT NULL,
  origin            text        NOT NULL,
  available         tstzrange   NOT NULL,
  has_transport     boolean     NOT NULL DEFAULT false,
  state             text        NOT NULL,
  approved_by_grant uuid,
  version           bigint      NOT NULL,
  created_at        timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (offer_id, is_drill),
  FOREIGN KEY (crisis_id, is_drill) REFERENCES crises (crisis_id, is_drill),
  CONSTRAINT known_state CHECK (state IN ('draft', 'internal_approval', 'open', 'suspended', 'closed')),
  CONSTRAINT known_place CHECK (origin ~ '^TUR0(0[1-9]|[1-7]\d|8[01])(\d{3})?$'),
  -- When does an offer nobody touches end?
  CONSTRAINT available_ends CHECK (NOT upper_inf(available) AND NOT isempty(available))
);

CREATE TABLE offer_lines (
  offer_line_id        uuid          NOT NULL,
  offer_id             uuid          NOT NULL,
  is_drill             boolean       NOT NULL,
  kind                 text          NOT NULL DEFAULT 'goods',
  item_code            text          NOT NULL,
  unit                 text          NOT NULL, -- base unit of the item
  step                 numeric(18,3) NOT NULL DEFAULT 0, -- smallest tradable quantity; 0: any
  lot                  text,
  best_before          date,
  value_amount         numeric(18,2),
  value_currency       text,
  asset_no             bigint,
  earmark              jsonb         NOT NULL DEFAULT '{}',
  ready_within_minutes int,
  PRIMARY KEY (offer_line_id, is_drill),
  FOREIGN KEY (offer_id, is_drill) REFERENCES offers (offer_id, is_drill),
  CONSTRAINT known_kind CHECK (kind IN ('goods', 'people', 'team', 'service', 'space', 'transport')),
  CONSTRAINT money_has_currency CHECK ((value_amount IS NULL) = (value_currency IS NULL)),
  CONSTRAINT nothing_negative CHECK (step >= 0 AND value_amount >= 0 AND ready_within_minutes >= 0)
);
CREATE INDEX lines_of_offer ON offer_lines (offer_id);

-- Written by the posting routine only.
CREATE TABLE offer_line_balances (
  offer_line_id uuid          NOT NULL,
  is_drill      boolean       NOT NULL,
  qty           numeric(18,3) NOT NULL,
  reserved      numeric(18,3) NOT NULL DEFAULT 0,
  committed     numeric(18,3) NOT NULL DEFAULT 0,
  consumed      numeric(18,3) NOT NULL DEFAULT 0,
  version       bigint        NOT NULL DEFAULT 0,
  PRIMARY KEY (offer_line_id, is_drill),
  FOREIGN KEY (offer_line_id, is_drill) REFERENCES offer_lines (offer_line_id, is_drill),
  -- Was the same stock promised twice?
  CONSTRAINT supply CHECK (reserved + committed + consumed <= qty),
  CONSTRAINT nothing_negative CHECK (qty >= 0 AND reserved >= 0 AND committed >= 0 AND consumed >= 0 AND version >= 0)
);

CREATE TABLE allocations (
  allocation_id   uuid          NOT NULL,
  root_id         uuid          NOT NULL,
  parent_id       uuid,
  crisis_id       uuid          NOT NULL,
  is_drill        boolean       NOT NULL,
  need_line_id    uuid          NOT NULL,
  offer_line_id   uuid          NOT NULL,
  pledger_org_id  uuid          NOT NULL,
  bundle_id       uuid,
  kind            text          NOT NULL DEFAULT 'goods',
  initiated_by    text          NOT NULL,
  awaiting        text,
  root_supply_qty numeric(18,3) NOT NULL,
  supply_qty      numeric(18,3) NOT NULL,
  ratio_num       int           NOT NULL,
  ratio_den       int           NOT NULL,
  qty             numeric(18,3) NOT NULL,
  pack_snapshot   jsonb         NOT NULL, -- {pack, factor, count, edition} of the root as entered
  earmark         jsonb         NOT NULL DEFAULT '{}',
  substitute_of   text,
  plan_date       timestamptz,
  loan_until      timestamptz,
  state           text          NOT NULL,
  state_since     timestamptz   NOT NULL,
  deadline_id     uuid,
  reason          text,
  waitlisted_at   timestamptz,
  last_actor      text          NOT NULL, -- role, never a person
  version         bigint        NOT NULL,
  created_at      timestamptz   NOT NULL DEFAULT now(),
  PRIMARY KEY (allocation_id, is_drill),
  FOREIGN KEY (parent_id, is_drill) REFERENCES allocations (allocation_id, is_drill),
  FOREIGN KEY (deadline_id) REFERENCES deadlines (deadline_id) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (need_line_id, is_drill) REFERENCES need_lines (need_line_id, is_drill),
  FOREIGN KEY (offer_line_id, is_drill) REFERENCES offer_lines (offer_line_id, is_drill),
  CONSTRAINT known_kind CHECK (kind IN ('goods', 'people', 'team', 'service', 'space', 'transport')),
  CONSTRAINT known_initiator CHECK (initiated_by IN ('pledger', 'desk')),
  CONSTRAINT known_state CHECK (state IN ('proposed', 'countered', 'waitlisted', 'held', 'dispatched', 'arrived',
    'confirmed', 'return_due', 'returning', 'damaged', 'short', 'declined', 'expired', 'withdrawn', 'released',
    'hold_expired', 'returned', 'written_off', 'split')),
  -- Does a row carry goods exactly when it was not cut up?
  CONSTRAINT split_carries_nothing CHECK ((state = 'split') = (qty = 0) AND (qty = 0) = (supply_qty = 0)),
  CONSTRAINT nothing_negative CHECK (qty >= 0 AND supply_qty >= 0 AND root_supply_qty > 0),
  CONSTRAINT never_more_than_root CHECK (supply_qty <= root_supply_qty),
  -- Is what the need gets exactly what the offer gives?
  CONSTRAINT ratio_exact CHECK (ratio_num > 0 AND ratio_den > 0 AND qty * ratio_den = supply_qty * ratio_num),
  -- Do the packs written down still make the quantity proposed?
  CONSTRAINT pack_exact CHECK
    ((pack_snapshot ->> 'factor')::numeric * (pack_snapshot ->> 'count')::numeric = root_supply_qty),
  -- Could this row wait for ever?
  CONSTRAINT silence_has_a_rule CHECK ((deadline_id IS NOT NULL) =
    (state IN ('proposed', 'countered', 'waitlisted', 'held', 'dispatched', 'arrived', 'return_due', 'returning')
     OR (state = 'confirmed' AND loan_until IS NOT NULL))),
  -- Whose answer is due?
  CONSTRAINT proposal_awaits_a_side CHECK ((state IN ('proposed', 'countered')) = (awaiting IS NOT NULL)),
  CONSTRAINT known_side CHECK (awaiting IN ('pledger', 'asker_side')),
  -- Since when does it queue?
  CONSTRAINT queue_has_a_start CHECK (state <> 'waitlisted' OR waitlisted_at IS NOT NULL),
  CONSTRAINT no_without_reason CHECK (state NOT IN ('declined', 'withdrawn', 'released') OR reason IS NOT NULL),
  CONSTRAINT root_is_its_own CHECK ((parent_id IS NULL) = (root_id = allocation_id))
) WITH (fillfactor = 85); -- most rows are answered once: leave room to do it in place
CREATE INDEX pieces_of_root ON allocations (root_id) WHERE parent_id IS NOT NULL;
CREATE INDEX allocations_of_need_line ON allocations (need_line_id, allocation_id);
CREATE INDEX allocations_of_pledger ON allocations (pledger_org_id, crisis_id, allocation_id);

-- The ledger. The key is the order: line_version is the event of the line, one entry per row and event.
CREATE TABLE allocation_entries (
  need_line_id  uuid          NOT NULL,
  line_version  bigint        NOT NULL,
  allocation_id uuid          NOT NULL,
  is_drill      boolean       NOT NULL,
  command_id    uuid          NOT NULL,
  root_id       uuid          NOT NULL,
  offer_line_id uuid          NOT NULL,
  crisis_id     uuid          NOT NULL,
  from_state    text,
  to_state      text          NOT NULL,
  supply_qty    numeric(18,3) NOT NULL,
  qty           numeric(18,3) NOT NULL,
  at            timestamptz   NOT NULL,
  PRIMARY KEY (need_line_id, line_version, allocation_id, is_drill),
  FOREIGN KEY (allocation_id, is_drill) REFERENCES allocations (allocation_id, is_drill),
  -- Does every entry move something forward?
  CONSTRAINT moves_something CHECK (qty > 0 AND supply_qty > 0 AND line_version > 0),
  CONSTRAINT goes_somewhere CHECK (from_state IS DISTINCT FROM to_state)
);
CREATE INDEX entries_of_root ON allocation_entries (root_id);

CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON allocation_entries
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
