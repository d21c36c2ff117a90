-- migrate:up
set local lock_timeout = '2s';

-- Who did what to whom, when? One hash chain per organisation concerned; rows are only ever added.
create table audit (
    chain uuid not null,
    position bigint not null check (position >= 1),
    at timestamptz not null,
    action text not null,
    -- The canonical JSON the hash was computed over.
    record text not null,
    hash bytea not null check (length(hash) = 32),
    primary key (chain, position)
);

create function audit_is_final() returns trigger language plpgsql as $$
begin
    raise exception 'audit rows are never changed or removed';
end
$$;

create trigger audit_is_final before update or delete or truncate on audit
    for each statement execute function audit_is_final();
