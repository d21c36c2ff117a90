-- migrate:up

-- A clock stands still while nobody could be reached. Until then `due_at` is when the pause is used up.
ALTER TABLE deadlines
    ADD COLUMN paused_since timestamptz,
    ADD COLUMN paused_total interval NOT NULL DEFAULT '0';
