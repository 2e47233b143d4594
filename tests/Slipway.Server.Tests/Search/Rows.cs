using Slipway.Store;

namespace Slipway.Server.Tests.Search;

/// <summary>Statements that put one row where a search finds it.</summary>
internal static class Rows
{
    public static Sql Run(long id, string runId, long experiment, long start, long? end = null, string status = "RUNNING", string user = "u1", long? deletedAt = null) => Sql.Of($"""
        insert into runs (id, run_id, experiment, name, user_id, status, start_time, end_time, artifact_uri, deleted_at)
        values ({id}, {runId}, {experiment}, {"name of " + runId}, {user}, {status}, {start}, {end}, {"mlflow-artifacts:/1/" + runId + "/artifacts"}, {deletedAt})
        """);

    public static Sql Metric(long run, string key, double value) => double.IsNaN(value)
        ? Sql.Of($"insert into latest_metrics (run, key, value, is_nan, timestamp, step) values ({run}, {key}, 0, 1, 1, 0)")
        : Sql.Of($"insert into latest_metrics (run, key, value, is_nan, timestamp, step) values ({run}, {key}, {value}, 0, 1, 0)");

    public static Sql Param(long run, string key, string value) => Sql.Of($"insert into params (run, key, value) values ({run}, {key}, {value})");

    public static Sql Tag(long run, string key, string value) => Sql.Of($"insert into run_tags (run, key, value) values ({run}, {key}, {value})");

    public static IEnumerable<Sql> Dataset(long id, long run, string name, string digest, string context) =>
    [
        Sql.Of($"insert into input_datasets (id, experiment, name, digest, source_type, source) values ({id}, 1, {name}, {digest}, 'code', '{{}}')"),
        Sql.Of($"insert into run_datasets (run, dataset) values ({run}, {id})"),
        Sql.Of($"insert into run_dataset_tags (run, dataset, key, value) values ({run}, {id}, 'mlflow.data.context', {context})"),
    ];

    public static Sql Experiment(long id, string name, long created, long updated, long? deletedAt = null) =>
        Sql.Of($"insert into experiments (id, name, artifact_location, created_at, updated_at, deleted_at) values ({id}, {name}, 'x', {created}, {updated}, {deletedAt})");

    public static Sql ExperimentTag(long experiment, string key, string value) =>
        Sql.Of($"insert into experiment_tags (experiment, key, value) values ({experiment}, {key}, {value})");

    public static Sql RegisteredModel(long id, string name, long updated) =>
        Sql.Of($"insert into registered_models (id, name, created_at, updated_at, last_version) values ({id}, {name}, 0, {updated}, 0)");

    public static Sql RegisteredModelTag(long model, string key, string value) =>
        Sql.Of($"insert into registered_model_tags (model, key, value) values ({model}, {key}, {value})");

    public static Sql Version(long id, long model, long version, long created, long updated, string source = "s3://b/m", string runId = "", string? stage = "None") => Sql.Of($"""
        insert into model_versions (id, model, version, stage, source, run_id, run_link, created_at, updated_at)
        values ({id}, {model}, {version}, {stage}, {source}, {runId}, '', {created}, {updated})
        """);

    public static Sql VersionTag(long version, string key, string value) =>
        Sql.Of($"insert into model_version_tags (version, key, value) values ({version}, {key}, {value})");

    public static Sql LoggedModel(long id, string name, long experiment, long created, long status = 2, string type = "", string run = "", long? deletedAt = null) => Sql.Of($"""
        insert into logged_models (id, model_id, experiment, name, model_type, source_run_id, artifact_uri, status, created_at, updated_at, deleted_at)
        values ({id}, {"m-" + id}, {experiment}, {name}, {type}, {run}, 'x', {status}, {created}, {created + 5}, {deletedAt})
        """);

    public static Sql LoggedModelParam(long model, string key, string value) =>
        Sql.Of($"insert into logged_model_params (model, key, value) values ({model}, {key}, {value})");

    public static Sql LoggedModelTag(long model, string key, string value) =>
        Sql.Of($"insert into logged_model_tags (model, key, value) values ({model}, {key}, {value})");

    public static Sql LoggedModelMetric(long model, string key, double value, long timestamp, long step = 0, string dataset = "", string digest = "") => Sql.Of($"""
        insert into logged_model_metrics (model, key, timestamp, step, value, is_nan, run_id, dataset_name, dataset_digest)
        values ({model}, {key}, {timestamp}, {step}, {(double.IsNaN(value) ? 0 : value)}, {(double.IsNaN(value) ? 1L : 0L)}, '', {dataset}, {digest})
        """);
}
