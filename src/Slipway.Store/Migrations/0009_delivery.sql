-- Delivery: environments that serve stages, what is served in them, rollouts, and every look of the judge.

insert into counters (name, value) values ('rollouts', 0), ('deployments', 0);

-- What was taken away keeps its row, so that versions go on where they were.
create table environments (
    name {text} primary key,
    version bigint not null,
    stage {text},
    models {text} not null,
    text {text} not null,
    at bigint not null,
    actor {text} not null
);

-- Who brings tables to the environment's gateway. The epoch grows whenever somebody else does.
create table environment_leases (
    environment {text} primary key,
    owner {text} not null,
    epoch bigint not null,
    until bigint not null
);

-- What is or was served: a version of a model in an environment.
create table deployments (
    id bigint primary key,
    environment {text} not null,
    model bigint not null,
    version bigint not null,
    rollout bigint not null,
    role {text} not null,
    since bigint not null,
    ended_at bigint
);

create unique index deployments_by_role on deployments (environment, model, role) where ended_at is null;
create index deployments_living on deployments (environment) where ended_at is null;
create index deployments_by_version on deployments (version, id desc);

create table rollouts (
    id bigint primary key,
    environment {text} not null,
    model bigint not null,
    version bigint not null,
    from_version bigint,
    promotion bigint,
    kind {text} not null,
    state {text} not null,
    phase {text} not null,
    step bigint not null,
    signal {text},
    reason {text},
    requester {text} not null,
    created_at bigint not null,
    updated_at bigint not null,
    ended_at bigint
);

create unique index rollouts_under_way on rollouts (environment, model) where ended_at is null;
create index rollouts_by_model on rollouts (model, id desc);

create table rollout_looks (
    rollout bigint not null,
    number bigint not null,
    at bigint not null,
    step bigint not null,
    percent double precision not null,
    verdict {text} not null,
    look {text} not null,
    primary key (rollout, number)
) {clustered};

-- Which models have a version in a stage; most versions are in none.
create index model_versions_in_stage on model_versions (stage, model) where stage not in ('None', 'Archived');
