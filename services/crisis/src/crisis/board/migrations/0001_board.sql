-- migrate:up
SET LOCAL lock_timeout = '2s';

CREATE SCHEMA board;

-- Which crises are there, and what are they called? Written from crisis.crises.v1.
CREATE TABLE board.board_crisis (
    crisis_id   uuid PRIMARY KEY,
    crisis_no   text NOT NULL,
    sequence    bigint NOT NULL CHECK (sequence >= 1),
    title       jsonb NOT NULL,
    hazard      text NOT NULL,
    severity    text NOT NULL CHECK (severity IN ('yellow', 'orange', 'red')),
    level       text,
    area        text[] NOT NULL,
    is_drill    boolean NOT NULL,
    opened_at   timestamptz NOT NULL
);

CREATE INDEX board_crisis_by_number ON board.board_crisis (crisis_no);

-- Where does a crisis stand? Its row lock makes seq gapless and commit-ordered; epoch changes on rebuild.
CREATE TABLE board.board_head (
    crisis_id   uuid PRIMARY KEY,
    epoch       uuid NOT NULL DEFAULT gen_random_uuid(),
    seq         bigint NOT NULL DEFAULT 0 CHECK (seq >= 0),
    floor       bigint NOT NULL DEFAULT 0 CHECK (floor >= 0),
    CHECK (floor <= seq)
);

-- What is the state of each need line? `body` is the canonical JSON, kept byte for byte.
CREATE TABLE board.board_card (
    line_id     uuid PRIMARY KEY,
    crisis_id   uuid NOT NULL REFERENCES board.board_head (crisis_id),
    sequence    bigint NOT NULL CHECK (sequence >= 0),
    is_parked   boolean NOT NULL,
    body        json NOT NULL
) WITH (fillfactor = 70);

CREATE INDEX board_card_by_crisis ON board.board_card (crisis_id);

-- Which events came before the one that should precede them?
CREATE TABLE board.board_waiting (
    line_id     uuid NOT NULL,
    sequence    bigint NOT NULL,
    body        json NOT NULL,
    PRIMARY KEY (line_id, sequence)
);

-- What changed since seq n? Whole cards, oldest rows removed once floor has passed them.
CREATE TABLE board.board_change (
    crisis_id   uuid NOT NULL REFERENCES board.board_head (crisis_id),
    seq         bigint NOT NULL,
    line_id     uuid NOT NULL,
    at          timestamptz NOT NULL,
    card        json NOT NULL,
    what        json NOT NULL,
    PRIMARY KEY (crisis_id, seq)
);

-- How many lines are open, critical, uncovered …? One row per crisis, moved by differences.
CREATE TABLE board.board_total (
    crisis_id   uuid PRIMARY KEY REFERENCES board.board_head (crisis_id),
    counts      jsonb NOT NULL
) WITH (fillfactor = 50);

-- migrate:down
DROP SCHEMA board CASCADE;
