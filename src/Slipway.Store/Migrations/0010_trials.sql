-- Trials: rollouts that serve a version of an earlier stage beside the stable one for a time. Of other rollouts these are null.

alter table rollouts add column percent double precision;

-- In milliseconds, from when traffic comes to the version; ends_at is known from then on.
alter table rollouts add column duration bigint;
alter table rollouts add column ends_at bigint;
alter table rollouts add column samples bigint;

-- What is compared, separated by commas; empty for all.
alter table rollouts add column metrics {text};

-- The stage of the version, in which it has to stay.
alter table rollouts add column tried_in {text};
