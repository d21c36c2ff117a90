-- migrate:up
SET LOCAL lock_timeout = '5s';

-- When was it, by the clock of the device it was said on? A claim: nothing is ordered, due or refused by it.
CREATE TABLE device_times (
  command_id uuid        NOT NULL PRIMARY KEY,
  device_at  timestamptz NOT NULL
);
CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON device_times
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
