-- migrate:up

-- What nobody should send, where and until when: saturation orders as last heard of.
CREATE TABLE board.board_stop (
    order_id       uuid        PRIMARY KEY,
    crisis_id      uuid        NOT NULL,
    sequence       bigint      NOT NULL,
    is_in_force    boolean     NOT NULL,
    is_provisional boolean     NOT NULL,
    item           text,
    item_group     text,
    area           text[]      NOT NULL,
    until          timestamptz NOT NULL,
    depot          text
);
-- What is stopped now?
CREATE INDEX board_stop_in_force ON board.board_stop (crisis_id) WHERE is_in_force;

-- migrate:down
DROP TABLE board.board_stop;
