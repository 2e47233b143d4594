-- Datasets: names, immutable versions, what these consist of, and what is still being sent.

insert into counters (name, value) values ('datasets', 0), ('dataset_versions', 0);

create table datasets (
    id bigint primary key,
    name {text} not null unique,
    description {text},
    revision bigint not null,
    created_at bigint not null,
    updated_at bigint not null
);

-- A version that was purged keeps its row; its files' bytes and statistics are gone.
create table dataset_versions (
    id bigint primary key,
    dataset bigint not null,
    version {text} not null,
    byte_digest {text} not null,
    table_digest {text},
    size bigint not null,
    files bigint not null,
    samples bigint,
    features bigint,
    description {text},
    source {text},
    creator {text} not null,
    created_at bigint not null,
    revision bigint not null,
    recalled_at bigint,
    recall_reason {text},
    purged_at bigint,
    purge_reason {text},
    unique (dataset, version)
);

create index dataset_versions_by_byte_digest on dataset_versions (byte_digest);
create index dataset_versions_by_table_digest on dataset_versions (table_digest) where table_digest is not null;

-- The profile is JSON: schema, statistics and sketches of a file that is a table.
create table dataset_files (
    version bigint not null,
    path {text} not null,
    size bigint not null,
    sha256 {text} not null,
    format {text},
    table_digest {text},
    samples bigint,
    features bigint,
    profile {text},
    primary key (version, path)
);

create index dataset_files_by_content on dataset_files (sha256);

create table dataset_tags (
    version bigint not null,
    key {text} not null,
    value {text} not null,
    primary key (version, key)
) {clustered};

create table dataset_aliases (
    dataset bigint not null,
    alias {text} not null,
    version bigint not null,
    primary key (dataset, alias)
) {clustered};

create index dataset_aliases_by_version on dataset_aliases (version);

-- Versions whose files are being sent. One that nobody hears of for a day is forgotten.
create table dataset_drafts (
    id {text} primary key,
    dataset {text} not null,
    version {text} not null,
    creator {text} not null,
    touched_at bigint not null
) {clustered};

create table dataset_draft_files (
    draft {text} not null,
    path {text} not null,
    size bigint not null,
    sha256 {text} not null,
    format {text},
    table_digest {text},
    samples bigint,
    features bigint,
    profile {text},
    primary key (draft, path)
);

create index dataset_draft_files_by_content on dataset_draft_files (sha256);

-- Contents that were purged: no grace keeps them, and the packs that held them are copied without them.
create table content_erasures (
    sha256 {text} primary key
) {clustered};

alter table content_packs add column erases bigint not null default 0;
