-- migrate:up

-- Is a rebuild running, or was one broken off? While the row is there no board may claim to be fresh.
CREATE TABLE board.board_rebuild (
    is_only    boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    began_at   timestamptz NOT NULL DEFAULT now()
);

-- migrate:down
DROP TABLE board.board_rebuild;
