-- Lineage: which data a run used, and how it is found from either end.

-- What the native API was told: this run used that version of a dataset.
create table run_uses (
    run bigint not null,
    version bigint not null,
    context {text},
    at bigint not null,
    primary key (run, version)
) {clustered};

create index run_uses_by_version on run_uses (version, run);

-- What the file data/dataset_manifest.json among a run's artifacts says.
create table run_manifests (
    run bigint primary key,
    name {text},
    version {text},
    hash {text}
);

create index run_manifests_by_name on run_manifests (name, version);
create index run_manifests_by_hash on run_manifests (hash);

create index input_datasets_by_digest on input_datasets (digest);
create index input_datasets_by_name on input_datasets (name);

-- Values may be longer than an index entry can be.
create index params_by_dataset_name on params (substr(value, 1, 160), run) where key = 'dataset_name';
create index params_by_dataset_hash on params (substr(value, 1, 64), run) where key = 'dataset_hash';

create index run_model_inputs_by_model on run_model_inputs (model_id, run);
create index run_model_outputs_by_model on run_model_outputs (model_id, run);
create index logged_models_by_run on logged_models (source_run_id);
create index model_versions_by_source on model_versions (substr(source, 1, 400));
create index model_versions_by_location on model_versions (substr(storage_location, 1, 400)) where storage_location is not null;
create index model_versions_by_logged_model on model_versions (logged_model_id) where logged_model_id is not null;
