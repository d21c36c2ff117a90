-- migrate:up
SET LOCAL lock_timeout = '5s';

-- What a need gets from elsewhere: own stock, others' deliveries. The sum of what is not revoked stands in the
-- balance as `elsewhere`. Rows are added and revoked, never edited; a merge re-homes them with their line.
CREATE TABLE elsewhere_statements (
  statement_id   uuid          NOT NULL,
  need_line_id   uuid          NOT NULL,
  crisis_id      uuid          NOT NULL,
  is_drill       boolean       NOT NULL,
  qty            numeric(18,3) NOT NULL,
  stated_by_org  uuid          NOT NULL,
  evidence_ref   text          NOT NULL, -- opaque reference, never a person
  stated_at      timestamptz   NOT NULL,
  command_id     uuid          NOT NULL,
  line_version   bigint        NOT NULL,
  revoked_at     timestamptz,
  revoked_by_org uuid,
  revoke_reason  text,
  PRIMARY KEY (statement_id, is_drill),
  FOREIGN KEY (need_line_id, is_drill) REFERENCES need_lines (need_line_id, is_drill),
  CONSTRAINT says_something CHECK (qty > 0 AND line_version > 0),
  -- How can it be looked up?
  CONSTRAINT has_evidence CHECK (evidence_ref <> '' AND length(evidence_ref) <= 64),
  -- Who took it back, and why?
  CONSTRAINT revoked_by_somebody CHECK ((revoked_at IS NULL) = (revoked_by_org IS NULL)
    AND (revoked_at IS NULL) = (revoke_reason IS NULL))
);
CREATE INDEX statements_of_line ON elsewhere_statements (need_line_id);

-- Which need was found to be the same as which, and until when that can be undone.
CREATE TABLE need_merges (
  merge_id        uuid        NOT NULL,
  crisis_id       uuid        NOT NULL,
  is_drill        boolean     NOT NULL,
  need_id         uuid        NOT NULL,
  into_need_id    uuid        NOT NULL,
  mode            text        NOT NULL,
  by_org_id       uuid        NOT NULL,
  command_id      uuid        NOT NULL UNIQUE,
  merged_at       timestamptz NOT NULL,
  undo_until      timestamptz NOT NULL,
  undone_at       timestamptz,
  undo_command_id uuid UNIQUE,
  PRIMARY KEY (merge_id, is_drill),
  FOREIGN KEY (need_id, is_drill) REFERENCES needs (need_id, is_drill),
  FOREIGN KEY (into_need_id, is_drill) REFERENCES needs (need_id, is_drill),
  CONSTRAINT known_mode CHECK (mode IN ('max', 'sum', 'manual')),
  CONSTRAINT two_needs CHECK (need_id <> into_need_id),
  CONSTRAINT undone_in_time CHECK (undone_at <= undo_until),
  CONSTRAINT undone_by_a_command CHECK ((undone_at IS NULL) = (undo_command_id IS NULL))
);
-- Could one need be merged into two at once?
CREATE UNIQUE INDEX one_merge_of_a_need ON need_merges (need_id) WHERE undone_at IS NULL;
CREATE INDEX merges_into_need ON need_merges (into_need_id);

-- What was asked on the surviving line before, and the revision that says what is asked since.
CREATE TABLE need_line_merges (
  merge_id         uuid          NOT NULL,
  is_drill         boolean       NOT NULL,
  need_line_id     uuid          NOT NULL,
  into_line_id     uuid          NOT NULL,
  requested_before numeric(18,3) NOT NULL,
  revision         int           NOT NULL,
  PRIMARY KEY (merge_id, is_drill, need_line_id),
  UNIQUE (merge_id, is_drill, into_line_id),
  FOREIGN KEY (merge_id, is_drill) REFERENCES need_merges (merge_id, is_drill),
  FOREIGN KEY (need_line_id, is_drill) REFERENCES need_lines (need_line_id, is_drill),
  FOREIGN KEY (into_line_id, is_drill) REFERENCES need_lines (need_line_id, is_drill),
  CONSTRAINT two_lines CHECK (need_line_id <> into_line_id)
);

-- Every row that changed its line, as it was when it arrived: who moved on since is told apart by its version.
CREATE TABLE merged_allocations (
  merge_id      uuid    NOT NULL,
  is_drill      boolean NOT NULL,
  allocation_id uuid    NOT NULL,
  need_line_id  uuid    NOT NULL,
  version       bigint  NOT NULL,
  due_at        timestamptz, -- of its clock before: a line needed earlier shortens it
  PRIMARY KEY (merge_id, is_drill, allocation_id),
  FOREIGN KEY (merge_id, is_drill, need_line_id) REFERENCES need_line_merges (merge_id, is_drill, need_line_id),
  FOREIGN KEY (allocation_id, is_drill) REFERENCES allocations (allocation_id, is_drill)
);

CREATE TABLE merged_statements (
  merge_id     uuid    NOT NULL,
  is_drill     boolean NOT NULL,
  statement_id uuid    NOT NULL,
  need_line_id uuid    NOT NULL,
  PRIMARY KEY (merge_id, is_drill, statement_id),
  FOREIGN KEY (merge_id, is_drill, need_line_id) REFERENCES need_line_merges (merge_id, is_drill, need_line_id),
  FOREIGN KEY (statement_id, is_drill) REFERENCES elsewhere_statements (statement_id, is_drill)
);

CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON need_line_merges
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON merged_allocations
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON merged_statements
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();

-- When a need was last submitted: duplicates are looked for around it.
ALTER TABLE needs ADD COLUMN submitted_at timestamptz NOT NULL DEFAULT now();
UPDATE needs SET submitted_at = created_at;
CREATE INDEX needs_submitted ON needs (crisis_id, submitted_at);

-- What the submitter was shown as perhaps the same, and what it chose. A hint never blocks.
CREATE TABLE duplicate_hints (
  need_id       uuid          NOT NULL,
  is_drill      boolean       NOT NULL,
  other_need_id uuid          NOT NULL,
  similarity    numeric(4,3)  NOT NULL, -- of the folded texts, 0 to 1
  choice        text,
  chosen_at     timestamptz,
  PRIMARY KEY (need_id, is_drill, other_need_id),
  FOREIGN KEY (need_id, is_drill) REFERENCES needs (need_id, is_drill),
  FOREIGN KEY (other_need_id, is_drill) REFERENCES needs (need_id, is_drill),
  CONSTRAINT known_choice CHECK (choice IN ('join', 'add_to_it', 'another_one')),
  CONSTRAINT chosen_since CHECK ((choice IS NULL) = (chosen_at IS NULL)),
  CONSTRAINT between_none_and_same CHECK (similarity BETWEEN 0 AND 1)
);

-- A need as it may be stated again; it belongs to an organisation, not to a crisis. Times are spans, not dates.
CREATE TABLE need_templates (
  template_id         uuid        NOT NULL PRIMARY KEY,
  org_id              uuid        NOT NULL,
  title               text        NOT NULL,
  district            text        NOT NULL,
  urgency             text        NOT NULL,
  contact_ref         text,
  needed_within_hours int         NOT NULL,
  lines               jsonb       NOT NULL, -- lines as written, without the time they are needed by
  from_need_id        uuid        NOT NULL,
  created_at          timestamptz NOT NULL,
  retired_at          timestamptz,
  CONSTRAINT known_place CHECK (district ~ '^TUR0(0[1-9]|[1-7]\d|8[01])(\d{3})?$'),
  CONSTRAINT known_urgency CHECK (urgency IN ('life_saving', 'urgent', 'normal')),
  CONSTRAINT contact_is_opaque CHECK (contact_ref ~ '^[A-Za-z0-9_:.-]{1,64}$'),
  CONSTRAINT text_is_short CHECK (char_length(title) <= 200),
  CONSTRAINT needed_soon CHECK (needed_within_hours BETWEEN 1 AND 2160),
  CONSTRAINT asks_for_something CHECK (jsonb_array_length(lines) >= 1)
);
CREATE INDEX templates_of_org ON need_templates (org_id, template_id) WHERE retired_at IS NULL;

-- A need that is stated again every few days, each time a need of its own, until a day or until it is stopped.
CREATE TABLE recurring_needs (
  recurring_id uuid        NOT NULL,
  crisis_id    uuid        NOT NULL,
  is_drill     boolean     NOT NULL,
  template_id  uuid        NOT NULL REFERENCES need_templates (template_id),
  org_id       uuid        NOT NULL,
  district     text        NOT NULL,
  every_days   smallint    NOT NULL,
  is_draft     boolean     NOT NULL,
  next_at      timestamptz NOT NULL,
  until        timestamptz NOT NULL,
  state        text        NOT NULL DEFAULT 'running',
  deadline_id  uuid,
  made         int         NOT NULL DEFAULT 0,
  last_need_id uuid,
  end_reason   text,
  version      bigint      NOT NULL DEFAULT 1,
  PRIMARY KEY (recurring_id, is_drill),
  FOREIGN KEY (crisis_id, is_drill) REFERENCES crises (crisis_id, is_drill),
  FOREIGN KEY (last_need_id, is_drill) REFERENCES needs (need_id, is_drill),
  FOREIGN KEY (deadline_id) REFERENCES deadlines (deadline_id) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT known_state CHECK (state IN ('running', 'ended', 'stopped')),
  CONSTRAINT days_apart CHECK (every_days BETWEEN 1 AND 30),
  -- What makes the next one, or why is there none?
  CONSTRAINT silence_has_a_rule CHECK ((deadline_id IS NOT NULL) = (state = 'running')
    AND (end_reason IS NULL) = (state = 'running'))
);
CREATE INDEX recurring_of_org ON recurring_needs (crisis_id, org_id, recurring_id);
