-- For those who check that the rows are what the entries name.
create index audit_about_by_entry on audit_about (seq);
