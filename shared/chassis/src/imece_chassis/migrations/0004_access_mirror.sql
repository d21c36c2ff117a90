-- migrate:up

-- Copies of the owner's state topics; a row changes only for a higher sequence.
CREATE TABLE credentials_mirror (
    key_id          uuid        PRIMARY KEY,
    sequence        bigint      NOT NULL,
    integration_id  uuid        NOT NULL,
    organisation_id uuid        NOT NULL,
    digest          bytea       NOT NULL,
    scopes          text[]      NOT NULL,
    is_test         boolean     NOT NULL,
    expires_on      date        NOT NULL,
    revoked_at      timestamptz,
    CONSTRAINT credentials_mirror_digest_is_sha256 CHECK (octet_length(digest) = 32)
);

CREATE TABLE grants_mirror (
    grant_id        uuid        PRIMARY KEY,
    sequence        bigint      NOT NULL,
    integration_id  uuid,
    organisation_id uuid,
    role            text        NOT NULL,
    provinces       text[]      NOT NULL,
    crisis_id       uuid,
    valid_from      timestamptz NOT NULL,
    valid_to        timestamptz,
    revoked_at      timestamptz
);

-- `document` is the whole published state, for readers that show names or languages.
CREATE TABLE organisations_mirror (
    organisation_id uuid   PRIMARY KEY,
    sequence        bigint NOT NULL,
    state           text   NOT NULL,
    document        jsonb  NOT NULL
);

-- Did any mirror change since a reader loaded it? One row, moved in the transaction of the change.
CREATE TABLE mirror_head (
    is_only boolean PRIMARY KEY DEFAULT true,
    version bigint  NOT NULL,
    CONSTRAINT mirror_head_has_one_row CHECK (is_only)
);
INSERT INTO mirror_head (version) VALUES (0);
