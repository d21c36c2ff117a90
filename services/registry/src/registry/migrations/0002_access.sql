-- migrate:up
set local lock_timeout = '2s';

-- Which programs act for an organisation?
create table integrations (
    integration_id uuid primary key,
    organisation_id uuid not null references organisations,
    name text not null check (name <> ''),
    created_at timestamptz not null,
    unique (integration_id, organisation_id)
);

create index integrations_of_organisation on integrations (organisation_id, integration_id);

-- Which integration is the secretariat's own, so that bootstrap finds it again?
alter table secretariat add column integration_id uuid references integrations;

-- What may an integration do? An empty dimension (organisation, provinces, crisis) means all.
create table grants (
    grant_id uuid primary key,
    version integer not null check (version >= 1),
    integration_id uuid not null,
    holder_id uuid not null,
    role text not null,
    organisation_id uuid references organisations,
    province_plates text[] not null,
    crisis_id uuid,
    valid_from timestamptz not null,
    valid_to timestamptz check (valid_to > valid_from),
    granted_at timestamptz not null,
    granted_by uuid not null,
    revoked_at timestamptz,
    -- The holder is the organisation the integration belongs to.
    foreign key (integration_id, holder_id) references integrations (integration_id, organisation_id)
);

create index grants_of_integration on grants (integration_id) where revoked_at is null;

-- Which keys exist? Never the key: its keyed digest, the pepper's number, and what helps people recognise it.
create table api_keys (
    key_id uuid primary key,
    version integer not null check (version >= 1),
    integration_id uuid not null,
    organisation_id uuid not null,
    mode text not null check (mode in ('live', 'test')),
    prefix text not null check (length(prefix) = 8),
    last4 text not null check (length(last4) = 4),
    digest bytea not null check (length(digest) = 32),
    pepper smallint not null check (pepper >= 1),
    scopes text[] not null,
    expires_on date not null,
    created_at timestamptz not null,
    slot smallint check (slot in (1, 2)),
    revoked_at timestamptz,
    foreign key (integration_id, organisation_id) references integrations (integration_id, organisation_id),
    -- A revoked key holds no slot.
    check (revoked_at is null or slot is null),
    -- A key lives a year at most.
    check (expires_on <= (created_at at time zone 'UTC')::date + 366)
);

-- Whose key is this digest?
create unique index api_keys_by_digest on api_keys (digest);

-- Is there a free slot? Two per integration, so no third live key can exist.
create unique index api_keys_two_slots on api_keys (integration_id, slot) where slot is not null;

create index api_keys_of_integration on api_keys (integration_id, key_id);
