-- Content: every byte once. Whoever refers to content names its SHA-256; see docs/content-store.md.

insert into counters (name, value) values
    ('content_packs', 0), ('content_chunks', 0), ('content_objects', 0), ('content_epoch', 0);

-- A pack is a file, or an object of S3, that is written once and never changed: chunks, one behind the other.
create table content_packs (
    id bigint primary key,
    name {text} not null unique,
    size bigint not null,
    created_at bigint not null
);

-- Where each chunk lies. A condemned one is about to be swept and is not built upon: who needs it stores it again.
create table content_chunks (
    id {id},
    sha256 {text} not null unique,
    pack bigint not null,
    start bigint not null,
    stored bigint not null,
    codec bigint not null,
    checksum bigint not null,
    length bigint not null,
    condemned bigint
);

create index content_chunks_by_pack on content_chunks (pack, start);
create index content_chunks_condemned on content_chunks (condemned) where condemned is not null;

-- Known whole contents. The seal is a hash of the other columns that never change.
create table content_objects (
    id bigint primary key,
    sha256 {text} not null unique,
    size bigint not null,
    seal {text} not null,
    touched_at bigint not null
);

-- Which chunks an object consists of, about a thousand in a row; the seal is a hash of all of the row.
create table content_segments (
    object bigint not null,
    start bigint not null,
    parts {bytes} not null,
    seal {text} not null,
    primary key (object, start)
);

-- Uploads under way, of every process: nothing that they may build upon is swept.
create table content_leases (
    id {text} primary key,
    epoch bigint not null,
    object bigint,
    expires_at bigint not null
) {clustered};

-- Uploads that send only what is missing, and go on after a break: whose, for what, upon which base, and how much is here.
-- Each has a lease of the same id until it is done.
create table content_uploads (
    id {text} primary key,
    owner {text} not null,
    kind {text} not null,
    name {text} not null,
    base_kind {text},
    base_name {text},
    base {text},
    sha256 {text} not null,
    size bigint not null,
    object bigint not null,
    position bigint not null,
    is_done bigint not null,
    touched_at bigint not null
) {clustered};

create index content_uploads_by_owner on content_uploads (owner, is_done);

-- What artifacts are called. A folder has no content.
create table artifact_names (
    path {text} primary key,
    folder {text} not null,
    sha256 {text},
    size bigint not null,
    modified_at bigint not null
) {clustered};

create index artifact_names_by_folder on artifact_names (folder, path);
create index artifact_names_by_content on artifact_names (sha256) where sha256 is not null;
create index version_files_by_content on version_files (sha256);
