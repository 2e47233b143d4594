-- Who answers for the code that a version's files may hold. It counts for these very files only.
create table trusts (
    version bigint primary key,
    manifest_digest {text} not null,
    reason {text} not null,
    actor {text} not null,
    at bigint not null,
    seq bigint not null
);
