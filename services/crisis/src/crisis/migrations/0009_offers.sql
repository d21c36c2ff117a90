-- migrate:up
SET LOCAL lock_timeout = '5s';

ALTER TABLE offers
  ADD COLUMN is_unsolicited   boolean NOT NULL DEFAULT false,
  ADD COLUMN package_id       uuid,
  ADD COLUMN ends_with_call   boolean NOT NULL DEFAULT false, -- made for a call: nobody else was told of it
  ADD COLUMN suspension_cause text,
  ADD COLUMN reason           text, -- why it is suspended or closed
  ADD COLUMN asked_by_key     uuid, -- the key that wants it opened; another one must approve
  ADD COLUMN deadline_id      uuid REFERENCES deadlines (deadline_id) DEFERRABLE INITIALLY DEFERRED,
  ADD COLUMN told             bigint  NOT NULL DEFAULT 1, -- events so far; none before it opens
  -- Why did it end?
  ADD CONSTRAINT closed_with_reason CHECK (state <> 'closed' OR reason IS NOT NULL),
  -- Who may let it go on: the registry by itself, or only a desk?
  ADD CONSTRAINT suspended_by_somebody CHECK ((state = 'suspended') = (suspension_cause IS NOT NULL)),
  ADD CONSTRAINT known_cause CHECK (suspension_cause IN ('organisation', 'desk')),
  -- Who may not approve it?
  ADD CONSTRAINT approval_was_asked CHECK (state <> 'internal_approval' OR asked_by_key IS NOT NULL),
  -- Does a closed offer still wait?
  ADD CONSTRAINT closed_waits_for_nothing CHECK (state <> 'closed' OR deadline_id IS NULL);
-- Whose offers are they, newest first?
CREATE INDEX offers_of_organisation ON offers (org_id, crisis_id, offer_id);
-- Which offers does a crisis have, newest first?
CREATE INDEX offers_of_crisis ON offers (crisis_id, offer_id);
-- Which offers wait to be matched?
CREATE INDEX offers_to_match ON offers (crisis_id, offer_id) WHERE is_unsolicited AND state = 'open';

ALTER TABLE offer_lines
  ADD COLUMN position      smallint      NOT NULL DEFAULT 0,
  ADD COLUMN stated_qty    numeric(18,3), -- as first stated; what it is now stands in the balance
  ADD COLUMN pack_snapshot jsonb,
  ADD CONSTRAINT states_something CHECK (stated_qty > 0);

-- What a line was lowered or raised to, every time: its balance is the last of these, or what was first stated.
CREATE TABLE offer_line_revisions (
  offer_line_id uuid          NOT NULL,
  is_drill      boolean       NOT NULL,
  version       int           NOT NULL,
  qty           numeric(18,3) NOT NULL,
  reason        text,
  by_org_id     uuid,
  command_id    uuid          NOT NULL,
  created_at    timestamptz   NOT NULL DEFAULT now(),
  PRIMARY KEY (offer_line_id, is_drill, version),
  FOREIGN KEY (offer_line_id, is_drill) REFERENCES offer_lines (offer_line_id, is_drill),
  CONSTRAINT nothing_negative CHECK (qty >= 0 AND version >= 1)
);
CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON offer_line_revisions
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();

-- Which leaves does an offer line have?
CREATE INDEX allocations_of_offer_line ON allocations (offer_line_id, allocation_id);

-- Above which size must a second key of the organisation agree? It sets that itself; the highest version counts.
CREATE TABLE organisation_thresholds (
  org_id     uuid        NOT NULL,
  version    int         NOT NULL,
  quantities jsonb       NOT NULL, -- by item, in base units
  amounts    jsonb       NOT NULL, -- by currency
  command_id uuid        NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, version)
);
CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON organisation_thresholds
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();

-- What the registry last said of an organisation, as far as this service has acted on it.
CREATE TABLE organisation_standings (
  org_id   uuid   NOT NULL PRIMARY KEY,
  sequence bigint NOT NULL,
  state    text   NOT NULL
);

-- Offers written before they had a clock get the one they should have had.
WITH clock AS (
  UPDATE offers SET deadline_id = gen_random_uuid() WHERE state = 'open'
  RETURNING deadline_id, offer_id, upper(available) AS due_at
)
INSERT INTO deadlines (deadline_id, subject_type, subject_id, kind, due_at)
SELECT deadline_id, 'offer', offer_id, 'offer.available', due_at FROM clock;

-- Goods an organisation keeps ready without a crisis; it says once a month that they are still there.
CREATE TABLE packages (
  package_id           uuid        NOT NULL,
  is_drill             boolean     NOT NULL,
  org_id               uuid        NOT NULL,
  origin               text        NOT NULL,
  has_transport        boolean     NOT NULL DEFAULT false,
  ready_within_minutes int,
  state                text        NOT NULL,
  verified_at          timestamptz NOT NULL,
  verify_due_at        timestamptz NOT NULL,
  deadline_id          uuid        REFERENCES deadlines (deadline_id) DEFERRABLE INITIALLY DEFERRED,
  told                 bigint      NOT NULL,
  version              bigint      NOT NULL,
  created_at           timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (package_id, is_drill),
  CONSTRAINT known_state CHECK (state IN ('verified', 'stale', 'retired')),
  CONSTRAINT known_place CHECK (origin ~ '^TUR0(0[1-9]|[1-7]\d|8[01])(\d{3})?$'),
  CONSTRAINT nothing_negative CHECK (ready_within_minutes >= 0),
  CONSTRAINT checked_before_due CHECK (verify_due_at > verified_at),
  -- Could it wait for ever?
  CONSTRAINT silence_has_a_rule CHECK ((deadline_id IS NOT NULL) = (state <> 'retired'))
);
CREATE INDEX packages_of_organisation ON packages (org_id, package_id);

CREATE TABLE package_lines (
  package_line_id      uuid          NOT NULL,
  package_id           uuid          NOT NULL,
  is_drill             boolean       NOT NULL,
  position             smallint      NOT NULL,
  item_code            text          NOT NULL,
  unit                 text          NOT NULL, -- base unit of the item
  qty                  numeric(18,3) NOT NULL,
  pack_snapshot        jsonb         NOT NULL,
  step                 numeric(18,3) NOT NULL DEFAULT 0,
  lot                  text,
  best_before          date,
  value_amount         numeric(18,2),
  value_currency       text,
  earmark              jsonb         NOT NULL DEFAULT '{}',
  ready_within_minutes int,
  PRIMARY KEY (package_line_id, is_drill),
  UNIQUE (package_id, is_drill, position),
  FOREIGN KEY (package_id, is_drill) REFERENCES packages (package_id, is_drill),
  CONSTRAINT holds_something CHECK (qty > 0 AND step >= 0),
  CONSTRAINT money_has_currency CHECK ((value_amount IS NULL) = (value_currency IS NULL))
);
-- Which packages hold an item?
CREATE INDEX package_lines_of_item ON package_lines (item_code, package_id);
