-- The words in braces differ between the databases: see Dialect.ColumnTypes.
-- Every internal id is taken from counters and never used again.

create table counters (
    name {text} primary key,
    value bigint not null
);

insert into counters (name, value) values
    ('experiments', 0), ('runs', 0), ('input_datasets', 0), ('logged_models', 0),
    ('registered_models', 0), ('model_versions', 0);

-- The audit log. An entry is the exact bytes that were hashed; the other columns only find it.
create table audit (
    seq bigint primary key,
    change_id {text} not null unique,
    at bigint not null,
    actor {text} not null,
    action {text} not null,
    resource {text} not null,
    outcome {text} not null,
    entry {bytes} not null,
    hash {text} not null
);

create index audit_by_resource on audit (resource, seq);
create index audit_by_actor on audit (actor, seq);

-- One row holds the chain's end; locking it first makes governed changes queue here and nowhere else.
create table audit_end (
    id bigint primary key check (id = 1),
    seq bigint not null,
    at bigint not null,
    hash {text} not null
);

insert into audit_end (id, seq, at, hash) values (1, 0, 0, '');

create table outbox (
    seq bigint not null,
    ordinal bigint not null,
    at bigint not null,
    topic {text} not null,
    payload {text} not null,
    primary key (seq, ordinal)
) {clustered};

-- Tracking.

create table experiments (
    id bigint primary key,
    name {text} not null unique,
    artifact_location {text} not null,
    created_at bigint not null,
    updated_at bigint not null,
    deleted_at bigint
);

create table experiment_tags (
    experiment bigint not null,
    key {text} not null,
    value {text} not null,
    primary key (experiment, key)
) {clustered};

create table runs (
    id {id},
    run_id {text} not null unique,
    experiment bigint not null,
    name {text} not null,
    user_id {text} not null,
    status {text} not null,
    start_time bigint not null,
    end_time bigint,
    artifact_uri {text} not null,
    deleted_at bigint
);

-- The columns at their ends let a search skip runs without reading them.
create index runs_by_start on runs (experiment, start_time desc, run_id, deleted_at);
create index runs_by_start_everywhere on runs (start_time desc, run_id, experiment, deleted_at);

-- Every point of every metric. NaN is kept as zero with a flag: a NaN in a column sorts differently in each database.
create table metrics (
    run bigint not null,
    key {text} not null,
    timestamp bigint not null,
    step bigint not null,
    value double precision not null,
    is_nan bigint not null,
    primary key (run, key, timestamp, step, value, is_nan)
) {clustered};

create table latest_metrics (
    run bigint not null,
    key {text} not null,
    value double precision not null,
    is_nan bigint not null,
    timestamp bigint not null,
    step bigint not null,
    primary key (run, key)
) {clustered};

create index latest_metrics_by_value on latest_metrics (key, is_nan, value, run);

create table params (
    run bigint not null,
    key {text} not null,
    value {text} not null,
    primary key (run, key)
) {clustered};

create table run_tags (
    run bigint not null,
    key {text} not null,
    value {text} not null,
    primary key (run, key)
) {clustered};

-- Values may be longer than an index entry can be.
create index run_tags_by_value on run_tags (key, substr(value, 1, 64), run);

-- Datasets as MLflow's log_input sends them.
create table input_datasets (
    id {id},
    experiment bigint not null,
    name {text} not null,
    digest {text} not null,
    source_type {text} not null,
    source {text} not null,
    schema {text},
    profile {text},
    unique (experiment, name, digest)
);

create table run_datasets (
    run bigint not null,
    dataset bigint not null,
    primary key (run, dataset)
) {clustered};

create index run_datasets_by_dataset on run_datasets (dataset, run);

create table run_dataset_tags (
    run bigint not null,
    dataset bigint not null,
    key {text} not null,
    value {text} not null,
    primary key (run, dataset, key)
) {clustered};

create table run_model_inputs (
    run bigint not null,
    model_id {text} not null,
    primary key (run, model_id)
) {clustered};

create table run_model_outputs (
    run bigint not null,
    model_id {text} not null,
    step bigint not null,
    primary key (run, model_id)
) {clustered};

create table logged_models (
    id {id},
    model_id {text} not null unique,
    experiment bigint not null,
    name {text} not null,
    model_type {text} not null,
    source_run_id {text} not null,
    artifact_uri {text} not null,
    status bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    deleted_at bigint
);

create index logged_models_by_experiment on logged_models (experiment, created_at desc);

create table logged_model_params (
    model bigint not null,
    key {text} not null,
    value {text} not null,
    primary key (model, key)
) {clustered};

create table logged_model_tags (
    model bigint not null,
    key {text} not null,
    value {text} not null,
    primary key (model, key)
) {clustered};

create table logged_model_metrics (
    model bigint not null,
    key {text} not null,
    timestamp bigint not null,
    step bigint not null,
    value double precision not null,
    is_nan bigint not null,
    run_id {text} not null,
    dataset_name {text} not null,
    dataset_digest {text} not null,
    primary key (model, key, timestamp, step, value, is_nan, run_id, dataset_name, dataset_digest)
) {clustered};

-- Registry.

create table registered_models (
    id bigint primary key,
    name {text} not null unique,
    description {text},
    created_at bigint not null,
    updated_at bigint not null,
    last_version bigint not null
);

create table registered_model_tags (
    model bigint not null,
    key {text} not null,
    value {text} not null,
    primary key (model, key)
) {clustered};

-- A deleted version keeps its number and has no stage.
create table model_versions (
    id bigint primary key,
    model bigint not null,
    version bigint not null,
    stage {text},
    description {text},
    source {text} not null,
    storage_location {text},
    run_id {text} not null,
    run_link {text} not null,
    logged_model_id {text},
    manifest_digest {text},
    created_at bigint not null,
    updated_at bigint not null,
    unique (model, version)
);

create index model_versions_by_stage on model_versions (model, stage, version);
create index model_versions_by_update on model_versions (updated_at desc, version desc);
create index model_versions_by_run on model_versions (run_id);

create table model_version_tags (
    version bigint not null,
    key {text} not null,
    value {text} not null,
    primary key (version, key)
) {clustered};

create index model_version_tags_by_key on model_version_tags (key, version);

create table model_aliases (
    model bigint not null,
    alias {text} not null,
    version bigint not null,
    primary key (model, alias)
) {clustered};

create index model_aliases_by_version on model_aliases (version);

-- The fact that a version moved from one stage to another, with the audit entry that says who and why.
create table transitions (
    version bigint not null,
    seq bigint not null,
    at bigint not null,
    from_stage {text} not null,
    to_stage {text} not null,
    primary key (version, seq)
) {clustered};

-- What a version consisted of when it was registered, where the server holds the bytes.
create table version_files (
    version bigint not null,
    path {text} not null,
    size bigint not null,
    sha256 {text} not null,
    primary key (version, path)
) {clustered};

-- SHA-256 of a stored artifact, believed while its size and its time of change (in ticks of 100 ns) are the same.
create table artifact_digests (
    path {text} primary key,
    size bigint not null,
    modified_at bigint not null,
    sha256 {text} not null
) {clustered};
