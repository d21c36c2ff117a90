-- migrate:up

-- A clock stands still while nobody could be reached. `due_at` then is when the time granted for it is used up.
ALTER TABLE deadlines
    ADD COLUMN paused_since timestamptz,
    ADD COLUMN paused_total interval NOT NULL DEFAULT '0',
    ADD COLUMN pause_granted interval,
    ADD CONSTRAINT pause_is_granted CHECK ((paused_since IS NULL) = (pause_granted IS NULL));
