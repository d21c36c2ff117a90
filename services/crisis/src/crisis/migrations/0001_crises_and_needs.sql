-- migrate:up
SET LOCAL lock_timeout = '5s';

-- Every table carries (id, is_drill) as its key and every reference names both, so a drill row can never
-- point at a live one. Ids are UUIDv7 and minted once.

CREATE FUNCTION refuse_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is insert-only; corrections are new rows', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

-- Crisis numbers have no holes, so the next one is drawn under a row lock, not from a sequence.
CREATE TABLE crisis_counters (
  series text NOT NULL,
  year   int  NOT NULL,
  last   int  NOT NULL,
  PRIMARY KEY (series, year),
  CONSTRAINT counts_up CHECK (last >= 1)
);

CREATE TABLE crises (
  crisis_id            uuid        NOT NULL,
  is_drill             boolean     NOT NULL,
  crisis_no            text        NOT NULL UNIQUE,
  title                jsonb       NOT NULL,
  hazard               text        NOT NULL,
  state                text        NOT NULL,
  level                text,
  severity             text        NOT NULL,
  area                 text[]      NOT NULL,
  supporting_provinces text[]      NOT NULL DEFAULT '{}',
  glide                text[]      NOT NULL DEFAULT '{}',
  parent_id            uuid,
  opened_at            timestamptz,
  stood_down_at        timestamptz,
  closed_at            timestamptz,
  settings_version     int         NOT NULL,
  version              bigint      NOT NULL,
  created_at           timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (crisis_id, is_drill),
  FOREIGN KEY (parent_id, is_drill) REFERENCES crises (crisis_id, is_drill),
  -- Can everybody here read what it is called?
  CONSTRAINT has_turkish_title CHECK (title ? 'tr'),
  -- Is it one of the states a command leads to?
  CONSTRAINT known_state CHECK (state IN ('proposed', 'open', 'stood_down', 'closed', 'dismissed')),
  CONSTRAINT known_level CHECK (level IN ('S1', 'S2', 'S3', 'S4')),
  CONSTRAINT known_severity CHECK (severity IN ('yellow', 'orange', 'red')),
  -- Does it say where it is?
  CONSTRAINT has_area CHECK (cardinality(area) >= 1),
  -- Since when may organisations pledge?
  CONSTRAINT open_since CHECK (state IN ('proposed', 'dismissed') OR opened_at IS NOT NULL),
  -- Can a number be mistaken for the other series?
  CONSTRAINT series_tells_drill CHECK ((crisis_no LIKE 'TAT-%') = is_drill)
);

-- Timers, limits and views of one crisis; a change is a new version, so an old deadline can be explained.
CREATE TABLE crisis_settings (
  crisis_id  uuid        NOT NULL,
  is_drill   boolean     NOT NULL,
  version    int         NOT NULL,
  settings   jsonb       NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (crisis_id, is_drill, version),
  FOREIGN KEY (crisis_id, is_drill) REFERENCES crises (crisis_id, is_drill)
);
ALTER TABLE crises ADD CONSTRAINT has_settings
  FOREIGN KEY (crisis_id, is_drill, settings_version) REFERENCES crisis_settings (crisis_id, is_drill, version)
  DEFERRABLE INITIALLY DEFERRED;

CREATE TABLE crisis_levels (
  crisis_id   uuid        NOT NULL,
  is_drill    boolean     NOT NULL,
  version     bigint      NOT NULL,
  level       text        CHECK (level IN ('S1', 'S2', 'S3', 'S4')),
  severity    text        NOT NULL CHECK (severity IN ('yellow', 'orange', 'red')),
  declared_by text        NOT NULL, -- an office, never a person
  declared_at timestamptz NOT NULL,
  source_ref  text,
  created_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (crisis_id, is_drill, version),
  FOREIGN KEY (crisis_id, is_drill) REFERENCES crises (crisis_id, is_drill)
);

CREATE TABLE needs (
  need_id           uuid        NOT NULL,
  crisis_id         uuid        NOT NULL,
  is_drill          boolean     NOT NULL,
  need_no           bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
  asker_org_id      uuid        NOT NULL,
  site_id           uuid,
  district          text        NOT NULL,
  contact_ref       text,
  state             text        NOT NULL,
  verification      smallint    NOT NULL DEFAULT 0,
  urgency           text        NOT NULL,
  visibility        text        NOT NULL DEFAULT 'member',
  sensitivity       smallint    NOT NULL DEFAULT 0,
  is_stale          boolean     NOT NULL DEFAULT false,
  last_heartbeat_at timestamptz,
  intake            text        NOT NULL DEFAULT 'form',
  close_reason      text,
  merged_into       uuid,
  opened_at         timestamptz,
  version           bigint      NOT NULL,
  created_at        timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (need_id, is_drill),
  FOREIGN KEY (crisis_id, is_drill) REFERENCES crises (crisis_id, is_drill),
  FOREIGN KEY (merged_into, is_drill) REFERENCES needs (need_id, is_drill),
  -- Is it a place of the country?
  CONSTRAINT known_place CHECK (district ~ '^TUR0(0[1-9]|[1-7]\d|8[01])(\d{3})?$'),
  CONSTRAINT known_state CHECK (state IN ('draft', 'submitted', 'returned', 'open', 'on_hold', 'closed')),
  CONSTRAINT known_urgency CHECK (urgency IN ('life_saving', 'urgent', 'normal')),
  CONSTRAINT known_visibility CHECK (visibility IN ('member', 'public', 'restricted')),
  CONSTRAINT known_intake CHECK (intake IN ('form', 'chat', 'phone', 'import', 'paper')),
  CONSTRAINT levels CHECK (verification BETWEEN 0 AND 3 AND sensitivity BETWEEN 0 AND 3),
  -- Did anybody look at it before others were asked to give? Only life-saving needs may go first.
  CONSTRAINT open_is_verified CHECK (state <> 'open' OR verification >= 1 OR urgency = 'life_saving'),
  CONSTRAINT open_since CHECK (state NOT IN ('open', 'on_hold') OR opened_at IS NOT NULL),
  -- Why did it end?
  CONSTRAINT closed_with_reason CHECK ((state = 'closed') = (close_reason IS NOT NULL)),
  CONSTRAINT known_close_reason CHECK (close_reason IN ('met', 'met_by_others', 'cancelled_by_asker', 'duplicate',
    'out_of_scope', 'not_actionable', 'unreachable', 'expired', 'rejected', 'crisis_ended'))
);
CREATE INDEX needs_of_crisis ON needs (crisis_id, need_id);

CREATE TABLE need_lines (
  need_line_id       uuid          NOT NULL,
  need_id            uuid          NOT NULL,
  crisis_id          uuid          NOT NULL,
  is_drill           boolean       NOT NULL,
  position           smallint      NOT NULL,
  kind               text          NOT NULL DEFAULT 'goods',
  item_code          text          NOT NULL,
  unit               text          NOT NULL, -- base unit of the item
  pack_snapshot      jsonb         NOT NULL, -- {pack, factor, count, edition} as first entered
  min_useful_qty     numeric(18,3) NOT NULL DEFAULT 0,
  substitution       text          NOT NULL DEFAULT 'none',
  needed_from        timestamptz,
  needed_by          timestamptz   NOT NULL,
  series_id          uuid,
  day                date,
  is_loan_ok         boolean       NOT NULL DEFAULT false,
  is_earmark_welcome boolean       NOT NULL DEFAULT true,
  tamp_edition       text          NOT NULL,
  tamp_group         text          NOT NULL,
  sector             text          NOT NULL,
  created_at         timestamptz   NOT NULL DEFAULT now(),
  PRIMARY KEY (need_line_id, is_drill),
  UNIQUE (need_id, is_drill, position),
  FOREIGN KEY (need_id, is_drill) REFERENCES needs (need_id, is_drill),
  CONSTRAINT known_kind CHECK (kind IN ('goods', 'people', 'team', 'service', 'space', 'transport')),
  CONSTRAINT known_substitution CHECK (substitution IN ('none', 'equivalent_list', 'ask_asker')),
  CONSTRAINT nothing_negative CHECK (min_useful_qty >= 0),
  -- Is a rate kind counted per day, and goods not?
  CONSTRAINT day_of_series CHECK ((series_id IS NULL) = (day IS NULL)),
  -- Was the unit frozen when it was written?
  CONSTRAINT pack_is_frozen CHECK (pack_snapshot ?& ARRAY['pack', 'factor', 'count'])
);

-- What was asked, every time it was asked. `line_version` is the line's event from which it counts (0: from the start).
CREATE TABLE need_line_revisions (
  need_line_id uuid          NOT NULL,
  is_drill     boolean       NOT NULL,
  version      int           NOT NULL,
  requested    numeric(18,3) NOT NULL,
  over_cap     numeric(18,3) NOT NULL DEFAULT 0,
  needed_by    timestamptz   NOT NULL,
  reason       text,
  by_org_id    uuid          NOT NULL,
  command_id   uuid          NOT NULL,
  line_version bigint        NOT NULL,
  created_at   timestamptz   NOT NULL DEFAULT now(),
  PRIMARY KEY (need_line_id, is_drill, version),
  FOREIGN KEY (need_line_id, is_drill) REFERENCES need_lines (need_line_id, is_drill),
  CONSTRAINT asks_for_something CHECK (requested > 0 OR version > 1),
  CONSTRAINT nothing_negative CHECK (requested >= 0 AND over_cap >= 0)
);

-- Written by the posting routine only; every column is the fold of entries, revisions and statements.
CREATE TABLE need_line_balances (
  need_line_id   uuid          NOT NULL,
  is_drill       boolean       NOT NULL,
  requested      numeric(18,3) NOT NULL,
  over_cap       numeric(18,3) NOT NULL DEFAULT 0,
  elsewhere      numeric(18,3) NOT NULL DEFAULT 0,
  carried_excess numeric(18,3) NOT NULL DEFAULT 0,
  proposed       numeric(18,3) NOT NULL DEFAULT 0,
  waitlisted     numeric(18,3) NOT NULL DEFAULT 0,
  held           numeric(18,3) NOT NULL DEFAULT 0,
  in_transit     numeric(18,3) NOT NULL DEFAULT 0,
  arrived        numeric(18,3) NOT NULL DEFAULT 0,
  good           numeric(18,3) NOT NULL DEFAULT 0,
  lost           numeric(18,3) NOT NULL DEFAULT 0,
  version        bigint        NOT NULL DEFAULT 0,
  PRIMARY KEY (need_line_id, is_drill),
  FOREIGN KEY (need_line_id, is_drill) REFERENCES need_lines (need_line_id, is_drill),
  -- Was more accepted than asked for and agreed? Others' deliveries (elsewhere) may honestly create a surplus.
  CONSTRAINT cap CHECK (held + in_transit + arrived + good <= requested + over_cap + carried_excess),
  -- Did a step take from a bucket what was not in it?
  CONSTRAINT nothing_negative CHECK (requested >= 0 AND over_cap >= 0 AND elsewhere >= 0 AND carried_excess >= 0
    AND proposed >= 0 AND waitlisted >= 0 AND held >= 0 AND in_transit >= 0 AND arrived >= 0 AND good >= 0
    AND lost >= 0 AND version >= 0)
) WITH (fillfactor = 40); -- one hot line is updated thousands of times in place

CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON crisis_settings
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON crisis_levels
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON need_line_revisions
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
