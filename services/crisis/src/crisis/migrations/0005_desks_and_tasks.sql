-- migrate:up
SET LOCAL lock_timeout = '5s';

-- Where decisions for an area or item group are taken. A standing desk belongs to no crisis.
CREATE TABLE desks (
  desk_id     uuid        NOT NULL,
  crisis_id   uuid,
  is_drill    boolean     NOT NULL,
  level       text        NOT NULL,
  area        text[]      NOT NULL DEFAULT '{}',
  item_groups text[]      NOT NULL DEFAULT '{}', -- empty: every group
  host_org_id uuid        NOT NULL,
  is_active   boolean     NOT NULL DEFAULT true,
  version     bigint      NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (desk_id, is_drill),
  FOREIGN KEY (crisis_id, is_drill) REFERENCES crises (crisis_id, is_drill),
  CONSTRAINT known_level CHECK (level IN ('province', 'secretariat')),
  -- Where does a province desk decide?
  CONSTRAINT province_has_area CHECK ((level = 'province') = (cardinality(area) >= 1))
);
CREATE INDEX active_desks ON desks (level, desk_id) WHERE is_active;

-- Who is on duty at a desk, by opaque reference. A watch that ends early keeps the part that was kept.
CREATE TABLE watches (
  watch_id   uuid        NOT NULL PRIMARY KEY,
  desk_id    uuid        NOT NULL,
  is_drill   boolean     NOT NULL,
  seat       text        NOT NULL,
  person_ref text        NOT NULL,
  period     tstzrange   NOT NULL,
  version    bigint      NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (desk_id, is_drill) REFERENCES desks (desk_id, is_drill),
  CONSTRAINT known_seat CHECK (seat IN ('primary', 'deputy', 'officer')),
  CONSTRAINT opaque_reference CHECK (person_ref ~ '^[A-Za-z0-9_-]{8,64}$'),
  -- Does every watch end?
  CONSTRAINT period_ends CHECK (NOT lower_inf(period) AND NOT upper_inf(period)),
  -- Can one person sit on two watches at once? Halved, a hash is never the largest bigint, whose range has no end.
  CONSTRAINT nobody_twice_at_once EXCLUDE USING gist
    (int8range(hashtextextended(person_ref, 0) / 2, hashtextextended(person_ref, 0) / 2, '[]') WITH &&,
     period WITH &&),
  -- Can one seat be taken twice at once?
  CONSTRAINT seat_not_taken_twice EXCLUDE USING gist
    (int8range(hashtextextended(desk_id::text || seat, 0) / 2, hashtextextended(desk_id::text || seat, 0) / 2, '[]')
       WITH &&, period WITH &&)
);
CREATE INDEX watches_of_desk ON watches (desk_id, watch_id);

CREATE TABLE tasks (
  task_id        uuid        NOT NULL,
  crisis_id      uuid        NOT NULL,
  is_drill       boolean     NOT NULL,
  kind           text        NOT NULL,
  desk_id        uuid,       -- null: the secretariat
  seat           text        NOT NULL,
  subject_type   text        NOT NULL,
  subject_id     uuid        NOT NULL,
  place          text        NOT NULL,
  item_group     text,
  urgency        text        NOT NULL,
  state          text        NOT NULL,
  due_at         timestamptz NOT NULL, -- the first promise; escalations do not move it
  every_minutes  int         NOT NULL,
  escalations    int         NOT NULL DEFAULT 0,
  deadline_id    uuid,
  outcome        text,
  done_at        timestamptz,
  done_by_org_id uuid,       -- null: settled by the clock
  version        bigint      NOT NULL,
  created_at     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (task_id, is_drill),
  FOREIGN KEY (crisis_id, is_drill) REFERENCES crises (crisis_id, is_drill),
  FOREIGN KEY (desk_id, is_drill) REFERENCES desks (desk_id, is_drill),
  FOREIGN KEY (deadline_id) REFERENCES deadlines (deadline_id) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT known_seat CHECK (seat IN ('primary', 'deputy', 'officer')),
  CONSTRAINT known_state CHECK (state IN ('open', 'overdue', 'done')),
  CONSTRAINT known_urgency CHECK (urgency IN ('life_saving', 'urgent', 'normal')),
  -- Who is asked when there is no desk?
  CONSTRAINT secretariat_answers CHECK (desk_id IS NOT NULL OR seat = 'officer'),
  -- Could this task wait for ever?
  CONSTRAINT silence_has_a_rule CHECK ((deadline_id IS NOT NULL) = (state <> 'done')),
  -- What came of it?
  CONSTRAINT done_with_outcome CHECK ((state = 'done') = (outcome IS NOT NULL) AND (state = 'done') = (done_at IS NOT NULL)),
  CONSTRAINT repeats CHECK (every_minutes >= 1 AND escalations >= 0)
) WITH (fillfactor = 85);
-- Is somebody already asked to do this?
CREATE UNIQUE INDEX one_open_task ON tasks (subject_type, subject_id, kind, is_drill) WHERE state <> 'done';
-- What is there to do, in which order?
CREATE INDEX tasks_waiting ON tasks (due_at, task_id) WHERE state <> 'done';
CREATE INDEX tasks_by_due ON tasks (due_at, task_id);
CREATE INDEX tasks_of_desk ON tasks (desk_id, due_at, task_id);

-- Commands on standing desks belong to no crisis.
ALTER TABLE command_log ALTER COLUMN crisis_id DROP NOT NULL;
