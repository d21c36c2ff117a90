-- migrate:up
SET LOCAL lock_timeout = '5s';

-- Files of need lines somebody uploaded, and what they say beside the ledger. The file itself is never stored.
-- What it said is kept until `keep_until`; numbers, ids and outcomes stay.
CREATE TABLE imports (
  import_id         uuid        NOT NULL,
  crisis_id         uuid        NOT NULL,
  is_drill          boolean     NOT NULL,
  org_id            uuid        NOT NULL,
  state             text        NOT NULL DEFAULT 'open',
  file_kind         text        NOT NULL,
  digest            bytea       NOT NULL, -- SHA-256 of the file
  row_count         int         NOT NULL,
  unknown_columns   int         NOT NULL,
  created_at        timestamptz NOT NULL,
  keep_until        timestamptz NOT NULL,
  sweep_deadline_id uuid,
  run_deadline_id   uuid,
  run_key_id        uuid,
  run_reason        text,
  version           bigint      NOT NULL DEFAULT 1,
  PRIMARY KEY (import_id, is_drill),
  FOREIGN KEY (crisis_id, is_drill) REFERENCES crises (crisis_id, is_drill),
  FOREIGN KEY (sweep_deadline_id) REFERENCES deadlines (deadline_id) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (run_deadline_id) REFERENCES deadlines (deadline_id) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT known_state CHECK (state IN ('open', 'applying', 'undoing', 'swept')),
  CONSTRAINT known_kind CHECK (file_kind IN ('csv', 'xlsx')),
  CONSTRAINT counts CHECK (row_count >= 1 AND unknown_columns >= 0),
  -- Could what was uploaded stay for ever?
  CONSTRAINT sweep_has_a_clock CHECK ((sweep_deadline_id IS NOT NULL) = (state <> 'swept')),
  CONSTRAINT kept_for_a_while CHECK (keep_until > created_at),
  -- Does somebody work its rows off, and by whose rights?
  CONSTRAINT run_has_a_clock CHECK ((run_deadline_id IS NOT NULL) = (state IN ('applying', 'undoing'))
    AND (run_key_id IS NOT NULL) = (run_deadline_id IS NOT NULL)
    AND (run_reason IS NOT NULL) = (run_deadline_id IS NOT NULL))
);
-- Which imports did an organisation make, newest first? Which of them was the same file?
CREATE INDEX imports_of_org ON imports (crisis_id, org_id, import_id);

CREATE TABLE import_rows (
  import_id    uuid        NOT NULL,
  is_drill     boolean     NOT NULL,
  row_no       int         NOT NULL, -- as the spreadsheet counts, the names of the columns are row 1
  status       text        NOT NULL,
  need_line_id uuid,
  need_id      uuid,
  changes      jsonb       NOT NULL DEFAULT '[]', -- [{column, was, now, file, is_conflict}]
  statement    jsonb, -- of a new row, its texts masked; gone with the sweep
  issues       jsonb       NOT NULL DEFAULT '[]', -- [{column, code, en, tr}]; they quote nothing
  outcome      text,
  problem      jsonb,
  settled_at   timestamptz,
  PRIMARY KEY (import_id, row_no, is_drill), -- rows are read in the order of the file
  FOREIGN KEY (import_id, is_drill) REFERENCES imports (import_id, is_drill),
  CONSTRAINT below_the_header CHECK (row_no >= 2),
  CONSTRAINT known_status CHECK (status IN ('new', 'changed', 'unchanged', 'conflict', 'invalid')),
  CONSTRAINT known_outcome CHECK (outcome IN ('chosen', 'applied', 'refused', 'undoing', 'undone', 'kept')),
  -- Was a row worked off that says nothing new, or nothing that can be read?
  CONSTRAINT only_differences CHECK (outcome IS NULL OR status IN ('new', 'changed', 'conflict')),
  -- Why was it not done?
  CONSTRAINT refused_with_reason CHECK ((outcome IN ('refused', 'kept')) = (problem IS NOT NULL)),
  -- Where is what was applied?
  CONSTRAINT applied_to_a_line CHECK (outcome NOT IN ('applied', 'undoing', 'undone', 'kept')
    OR (need_line_id IS NOT NULL AND (status <> 'new' OR need_id IS NOT NULL)))
);
-- What is next to be worked off?
CREATE INDEX import_rows_due ON import_rows (import_id, row_no) WHERE outcome IN ('chosen', 'undoing');
