-- migrate:up
SET LOCAL lock_timeout = '5s';

-- Which audit rows does the chain not hold yet? Written with the row itself, emptied by the sealer; a heap without
-- index, so that commands pay one short row and never wait for each other.
CREATE TABLE commands_to_seal (
  command_id uuid NOT NULL
);
INSERT INTO commands_to_seal (command_id) SELECT command_id FROM command_log;

-- The chain: hash = SHA-256(hash before ‖ canonical JSON of the audit row). Was a row changed, removed or put in
-- between since it was sealed?
CREATE TABLE command_seals (
  position   bigint NOT NULL PRIMARY KEY,
  command_id uuid   NOT NULL UNIQUE,
  hash       bytea  NOT NULL,
  CONSTRAINT counts_from_one CHECK (position >= 1),
  CONSTRAINT hash_is_sha256 CHECK (octet_length(hash) = 32)
);
CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON command_seals
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();

-- When was the ledger last proved, and when is it due again? One row per scope; whoever moves it runs the check.
CREATE TABLE ledger_checks (
  scope      text        NOT NULL PRIMARY KEY,
  next_at    timestamptz NOT NULL,
  checked_at timestamptz,
  mismatches int,
  CONSTRAINT known_scope CHECK (scope IN ('conservation', 'everything')),
  CONSTRAINT counted_when_checked CHECK ((checked_at IS NULL) = (mismatches IS NULL))
);
INSERT INTO ledger_checks (scope, next_at) VALUES ('conservation', now()), ('everything', now());
