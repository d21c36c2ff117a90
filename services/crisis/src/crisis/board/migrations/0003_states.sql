-- migrate:up

-- Does the crisis still take needs? Boards of a crisis that was stood down or closed say so.
ALTER TABLE board.board_crisis
    ADD COLUMN state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'stood_down', 'closed'));

-- migrate:down
ALTER TABLE board.board_crisis DROP COLUMN state;
