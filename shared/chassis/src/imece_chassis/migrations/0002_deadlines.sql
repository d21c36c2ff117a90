-- migrate:up

-- Every waiting state has one row here. A worker leases due rows; firing is a conditional update inside the effect.
CREATE TABLE deadlines (
    deadline_id uuid PRIMARY KEY,
    subject_type text NOT NULL,
    subject_id uuid NOT NULL,
    kind text NOT NULL,
    due_at timestamptz NOT NULL,
    lease_until timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'fired', 'cancelled')),
    settled_at timestamptz,
    CHECK ((state = 'pending') = (settled_at IS NULL))
) WITH (
    fillfactor = 70,
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_cost_delay = 0
);
-- Which deadlines are due, oldest first?
CREATE INDEX deadlines_due ON deadlines (due_at) WHERE state = 'pending';
-- What is the current deadline of this subject? One pending deadline of a kind at a time.
CREATE UNIQUE INDEX deadlines_current ON deadlines (subject_type, subject_id, kind) WHERE state = 'pending';
-- Which settled deadlines may be removed?
CREATE INDEX deadlines_settled ON deadlines (settled_at) WHERE state <> 'pending';
