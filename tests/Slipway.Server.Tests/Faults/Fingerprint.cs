using Slipway.Store;

namespace Slipway.Server.Tests.Faults;

/// <summary>Tells whether anything in a database was changed, as far as a test has to know.</summary>
internal static class Fingerprint
{
    private static readonly string[] Tables =
    [
        "audit", "outbox", "experiments", "experiment_tags", "runs", "metrics", "latest_metrics", "params", "run_tags", "input_datasets", "run_datasets",
        "run_model_inputs", "run_model_outputs", "logged_models", "logged_model_params", "logged_model_tags", "logged_model_metrics", "registered_models",
        "registered_model_tags", "model_versions", "model_version_tags", "model_aliases", "transitions",
    ];

    public static Task<string> OfAsync(Database database) => database.ReadAsync(async reader =>
    {
        var counts = new List<string>();
        foreach (var table in Tables)
        {
            var sql = new Sql(64, 0);
            sql.AppendLiteral($"select count(*) from {table}");
            counts.Add($"{table} {await reader.FindAsync(sql, row => row.GetInt64(0), CancellationToken.None)}");
        }

        counts.AddRange(await reader.ListAsync($"select name || status from runs order by run_id", row => row.GetString(0), CancellationToken.None));
        counts.AddRange(await reader.ListAsync($"select name from experiments order by id", row => row.GetString(0), CancellationToken.None));
        return string.Join(", ", counts);
    }, CancellationToken.None);
}
