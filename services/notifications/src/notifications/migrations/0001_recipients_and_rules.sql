-- migrate:up
SET LOCAL lock_timeout = '3s';

-- Personal data stands apart: the webhook sender, the rules and the metrics need no right on this schema.
CREATE SCHEMA pii;
CREATE SCHEMA notify;

CREATE TABLE pii.recipients (
    recipient_id    uuid PRIMARY KEY,
    kind            text NOT NULL CHECK (kind IN ('function', 'endpoint', 'organisation')),
    organisation_id uuid NOT NULL,
    language        text NOT NULL CHECK (language IN ('tr', 'en', 'ar')),
    created_at      timestamptz NOT NULL DEFAULT now(),
    erased_at       timestamptz
);
-- One shared inbox per organisation.
CREATE UNIQUE INDEX recipients_one_inbox ON pii.recipients (organisation_id) WHERE kind = 'organisation';

-- One AES-GCM key per recipient, wrapped by the master key. Deleting the row makes its addresses unreadable.
CREATE TABLE pii.recipient_keys (
    recipient_id uuid PRIMARY KEY REFERENCES pii.recipients,
    wrapped_key  bytea NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE pii.contact_points (
    contact_ref     uuid PRIMARY KEY,
    recipient_id    uuid NOT NULL REFERENCES pii.recipients,
    organisation_id uuid NOT NULL,
    channel         text NOT NULL CHECK (channel IN ('mail')),
    address         bytea,
    address_mac     bytea NOT NULL,
    state           text NOT NULL CHECK (state IN ('active', 'suppressed', 'expired')),
    created_at      timestamptz NOT NULL DEFAULT now(),
    state_since     timestamptz NOT NULL DEFAULT now(),
    -- Is an address kept longer than it may be used? Only an active contact has one.
    CONSTRAINT contact_points_address_only_while_active CHECK ((address IS NOT NULL) = (state = 'active'))
);
-- Has this mailbox of this organisation a contact already, or has its holder unsubscribed?
CREATE UNIQUE INDEX contact_points_mailbox ON pii.contact_points (organisation_id, channel, address_mac)
    WHERE state IN ('active', 'suppressed');
CREATE INDEX contact_points_recipient ON pii.contact_points (recipient_id);

CREATE TABLE notify.endpoints (
    endpoint_id     uuid PRIMARY KEY,
    recipient_id    uuid NOT NULL REFERENCES pii.recipients,
    organisation_id uuid NOT NULL,
    url             text NOT NULL CHECK (length(url) <= 2048),
    failing_since   timestamptz,
    failures_in_row integer NOT NULL DEFAULT 0 CHECK (failures_in_row >= 0),
    paused_until    timestamptz,
    disabled_at     timestamptz,
    disabled_reason text CHECK (disabled_reason IN ('gone', 'failing')),
    created_at      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT endpoints_once_per_organisation UNIQUE (organisation_id, url),
    CONSTRAINT endpoints_disabled_with_reason CHECK ((disabled_at IS NULL) = (disabled_reason IS NULL)),
    CONSTRAINT endpoints_failing_counts CHECK ((failing_since IS NULL) = (failures_in_row = 0))
);

CREATE TABLE notify.rules (
    subscription_id   uuid PRIMARY KEY,
    organisation_id   uuid NOT NULL,
    integration_id    uuid NOT NULL,
    recipient_id      uuid NOT NULL REFERENCES pii.recipients,
    channel           text NOT NULL CHECK (channel IN ('inbox', 'mail', 'webhook')),
    contact_ref       uuid NOT NULL,
    crisis_id         uuid,
    event_kinds       text[] NOT NULL CHECK (cardinality(event_kinds) > 0),
    only_own          boolean NOT NULL DEFAULT false,
    -- whsec_ secret of a webhook rule, AES-GCM under a key derived from the master key
    sealed_secret     bytea,
    created_at        timestamptz NOT NULL DEFAULT now(),
    ended_at          timestamptz,
    ended_by          text CHECK (ended_by IN ('owner', 'unsubscribed', 'erased')),
    CONSTRAINT rules_secret_for_webhooks CHECK ((sealed_secret IS NOT NULL) = (channel = 'webhook')),
    CONSTRAINT rules_ended_with_reason CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
-- Which rules could want an event of this crisis?
CREATE INDEX rules_by_crisis ON notify.rules (crisis_id) WHERE ended_at IS NULL;
CREATE INDEX rules_by_organisation ON notify.rules (organisation_id, subscription_id);
CREATE INDEX rules_by_contact ON notify.rules (contact_ref) WHERE ended_at IS NULL;

-- What texts need to say about a crisis; a copy of its own event, never edited here.
CREATE TABLE notify.crises (
    crisis_id  uuid PRIMARY KEY,
    crisis_no  text NOT NULL,
    title      jsonb NOT NULL,
    is_drill   boolean NOT NULL,
    sequence   bigint NOT NULL
);

-- migrate:down
