-- migrate:up
SET LOCAL lock_timeout = '5s';

-- What does the asker of a returned need want to say of it, beside its lines, before it is submitted again?
ALTER TABLE needs ADD COLUMN draft_facts jsonb;
