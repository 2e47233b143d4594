-- Pipelines, evidence, promotions and what came of them.

insert into counters (name, value) values ('pipelines', 0), ('test_results', 0), ('promotions', 0), ('freezes', 0);

-- The version in force; no version means that the pipeline was taken away.
create table pipelines (
    id bigint primary key,
    name {text} not null unique,
    version bigint
);

create table pipeline_versions (
    pipeline bigint not null,
    version bigint not null,
    at bigint not null,
    seq bigint not null,
    actor {text} not null,
    digest {text} not null,
    text {text} not null,
    primary key (pipeline, version)
);

create table test_results (
    id bigint primary key,
    version bigint not null,
    name {text} not null,
    outcome {text} not null,
    measured {text},
    link {text},
    inputs_digest {text},
    manifest_digest {text},
    actor {text} not null,
    at bigint not null,
    seq bigint not null
);

create index test_results_by_version on test_results (version, name, id desc);

create table promotions (
    id bigint primary key,
    model bigint not null,
    version bigint not null,
    stage {text} not null,
    state {text} not null,
    requester bigint,
    requester_name {text} not null,
    justification {text} not null,
    is_automatic bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    expires_at bigint not null,
    reason {text}
);

create index promotions_by_version on promotions (version, stage, id desc);
create index promotions_by_state on promotions (state, id);
create index promotions_by_model on promotions (model, id desc);

create table approvals (
    promotion bigint not null,
    seq bigint not null,
    approver bigint not null,
    approver_name {text} not null,
    verdict {text} not null,
    comment {text} not null,
    digest {text} not null,
    at bigint not null,
    primary key (promotion, seq)
);

-- Why a version was let into a stage: what each gate measured, under which pipeline.
create table decisions (
    version bigint not null,
    seq bigint not null,
    stage {text} not null,
    at bigint not null,
    kind {text} not null,
    actor {text} not null,
    promotion bigint,
    pipeline {text},
    pipeline_version bigint,
    digest {text},
    gates {text} not null,
    reason {text},
    primary key (version, seq)
);

create table rollbacks (
    model bigint not null,
    seq bigint not null,
    stage {text} not null,
    at bigint not null,
    from_version bigint,
    to_version bigint not null,
    actor {text} not null,
    reason {text} not null,
    primary key (model, seq)
);

-- Transitions up to this entry are no reason to return to a stage: the model came under another pipeline by a rename.
create table stage_floors (
    model bigint primary key,
    seq bigint not null
);

create table freezes (
    id bigint primary key,
    pattern {text} not null,
    stage {text},
    reason {text} not null,
    actor {text} not null,
    at bigint not null,
    ends_at bigint,
    lifted_at bigint
);

-- Versions that must not enter any governed stage again.
create table revocations (
    version bigint primary key,
    reason {text} not null,
    actor {text} not null,
    at bigint not null,
    seq bigint not null
);
