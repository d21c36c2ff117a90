-- migrate:up transaction:false

-- What was promised as one, by whom and from which offer? Written with its rows, in their transaction, and never
-- changed: what became of it, its rows say.
CREATE TABLE IF NOT EXISTS bundles (
  bundle_id uuid        NOT NULL,
  crisis_id uuid        NOT NULL,
  is_drill  boolean     NOT NULL,
  org_id    uuid        NOT NULL,
  offer_id  uuid        NOT NULL,
  row_count smallint    NOT NULL, -- as proposed; cutting a row adds pieces
  made_at   timestamptz NOT NULL,
  PRIMARY KEY (bundle_id, is_drill),
  FOREIGN KEY (crisis_id, is_drill) REFERENCES crises (crisis_id, is_drill),
  FOREIGN KEY (offer_id, is_drill) REFERENCES offers (offer_id, is_drill),
  CONSTRAINT holds_rows CHECK (row_count > 0)
);
CREATE OR REPLACE TRIGGER insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON bundles
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
-- Which rows are of this bundle? Most rows are of none and cost nothing here.
CREATE INDEX CONCURRENTLY IF NOT EXISTS rows_of_bundle ON allocations (bundle_id, allocation_id)
  WHERE bundle_id IS NOT NULL;
