-- migrate:up
SET LOCAL lock_timeout = '5s';

-- What was written wrongly of an allocation, and since which event of its line other rows say what is true. The row
-- itself stays, cut up; its pieces are the entries of the same event. Rows are added, never edited.
CREATE TABLE corrections (
  command_id           uuid          NOT NULL,
  two_key_id           uuid          NOT NULL,
  crisis_id            uuid          NOT NULL,
  is_drill             boolean       NOT NULL,
  allocation_id        uuid          NOT NULL,
  root_id              uuid          NOT NULL,
  need_line_id         uuid          NOT NULL,
  line_version         bigint        NOT NULL,
  from_state           text          NOT NULL,
  qty                  numeric(18,3) NOT NULL,
  excess               numeric(18,3) NOT NULL DEFAULT 0,
  excess_allocation_id uuid,
  reason               text          NOT NULL,
  first_org_id         uuid          NOT NULL,
  second_org_id        uuid          NOT NULL,
  corrected_at         timestamptz   NOT NULL,
  PRIMARY KEY (command_id, is_drill),
  FOREIGN KEY (two_key_id, is_drill) REFERENCES two_keys (two_key_id, is_drill),
  FOREIGN KEY (allocation_id, is_drill) REFERENCES allocations (allocation_id, is_drill),
  FOREIGN KEY (excess_allocation_id, is_drill) REFERENCES allocations (allocation_id, is_drill),
  FOREIGN KEY (need_line_id, is_drill) REFERENCES need_lines (need_line_id, is_drill),
  -- Did one agreement of two keys do one thing?
  CONSTRAINT one_correction_per_agreement UNIQUE (two_key_id, is_drill),
  -- Was a row that carries nothing corrected once more?
  CONSTRAINT one_correction_of_a_row UNIQUE (allocation_id, is_drill),
  CONSTRAINT carried_something CHECK (qty > 0 AND excess >= 0 AND line_version > 0 AND from_state <> 'split'),
  -- Which row counts what came beyond what was sent?
  CONSTRAINT excess_has_a_row CHECK ((excess > 0) = (excess_allocation_id IS NOT NULL))
);
-- What was corrected on a line, in the order of its events?
CREATE INDEX corrections_of_line ON corrections (need_line_id, line_version);
CREATE INDEX corrections_of_root ON corrections (root_id);
-- Which correction counts what came beyond what was sent in this row?
CREATE INDEX corrections_by_excess ON corrections (excess_allocation_id) WHERE excess_allocation_id IS NOT NULL;

CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON corrections
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();

-- Did an organisation correct the record of its own promise? No row of this command is older than the constraint.
ALTER TABLE command_log ADD CONSTRAINT corrected_by_another CHECK (command <> 'correct_record'
  OR (actor_org_id IS NOT NULL AND counterparty_org_id IS NOT NULL AND actor_org_id <> counterparty_org_id)) NOT VALID;
