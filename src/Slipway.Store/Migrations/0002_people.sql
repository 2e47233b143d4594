-- People and what they may do.

-- Users and groups share a counter, so that a grant names either by its id.
insert into counters (name, value) values ('principals', 0), ('tokens', 0);

create table users (
    id bigint primary key,
    name {text} not null unique,
    kind {text} not null,
    password {text},
    issuer {text},
    subject {text},
    is_admin bigint not null,
    is_auditor bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    unique (issuer, subject)
);

create table user_groups (
    id bigint primary key,
    name {text} not null unique,
    created_at bigint not null
);

-- Membership by hand and by what an identity provider says are kept apart: only the latter follows the provider.
create table group_members (
    user_group bigint not null,
    member bigint not null,
    source {text} not null,
    primary key (user_group, member, source)
) {clustered};

create index group_members_by_member on group_members (member, user_group);

-- A token is shown once; only its SHA-256 is kept.
create table tokens (
    id bigint primary key,
    owner bigint not null,
    name {text} not null,
    hash {text} not null unique,
    scope {text} not null,
    created_at bigint not null,
    expires_at bigint,
    revoked_at bigint
);

create index tokens_by_owner on tokens (owner, id);

-- What a user or a group may do with an experiment, a model or a dataset. No level means: nothing said about it.
create table grants (
    kind {text} not null,
    object bigint not null,
    subject bigint not null,
    level bigint,
    promote bigint not null,
    approve bigint not null,
    break_glass bigint not null,
    primary key (kind, object, subject)
) {clustered};

create index grants_by_subject on grants (subject, kind, object);

-- Raised by every change of people, so that every process lets go of what it remembers of them.
create table identity_epoch (
    id bigint primary key check (id = 1),
    epoch bigint not null
);

insert into identity_epoch (id, epoch) values (1, 1);

-- Where in the store the files of experiments and versions are. Places may lie in each other.
create table artifact_roots (
    path {text} not null,
    experiment bigint not null,
    primary key (path, experiment)
) {clustered};

create table version_roots (
    path {text} not null,
    version bigint not null,
    primary key (path, version)
) {clustered};

-- Answers to requests that carried an idempotency key.
create table idempotency_keys (
    caller {text} not null,
    key {text} not null,
    fingerprint {text} not null,
    answer {text} not null,
    at bigint not null,
    primary key (caller, key)
) {clustered};

create index idempotency_keys_by_time on idempotency_keys (at);

-- Other resources that an audit entry is about; the entry names them too.
create table audit_about (
    resource {text} not null,
    seq bigint not null,
    primary key (resource, seq)
) {clustered};

create index audit_by_action on audit (action, seq);
create index audit_by_time on audit (at, seq);
