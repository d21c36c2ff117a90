-- migrate:up
set local lock_timeout = '2s';

-- Who exists. Text is ordered and searched by keys we compute (Turkish alphabet, accents folded), never by a locale.
create table organisations (
    organisation_id uuid primary key,
    version integer not null check (version >= 1),
    kind text not null,
    legal_name text not null check (legal_name <> ''),
    short_name text check (short_name <> ''),
    state text not null check (state in ('candidate', 'active', 'suspended', 'dissolved', 'merged')),
    state_since timestamptz not null,
    state_basis text,
    seat_plate text not null check (seat_plate ~ '^(0[1-9]|[1-7][0-9]|8[01])$'),
    province_plates text[] not null check (cardinality(province_plates) between 1 and 81),
    languages text[] not null check (cardinality(languages) >= 1),
    parent_id uuid references organisations,
    depth integer not null default 1 check (depth between 1 and 3),
    sort_key text collate "C" not null,
    search_key text collate "C" not null,
    registered_at timestamptz not null,
    changed_at timestamptz not null,
    -- Why did it leave the candidate state? There is always an answer.
    check (state = 'candidate' or state_basis is not null),
    -- Is it somebody's branch? Then it is not its own parent and lies below the first level.
    check ((parent_id is null) = (depth = 1) and parent_id is distinct from organisation_id)
);

-- Which organisations come next in alphabetical order? (keyset pages)
create index organisations_in_order on organisations (sort_key, organisation_id);

-- Which organisation is the secretariat of this installation? At most one, made by bootstrap.
create table secretariat (
    is_only boolean primary key default true check (is_only),
    organisation_id uuid not null references organisations
);
