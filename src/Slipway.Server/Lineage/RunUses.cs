using Slipway.Store;

namespace Slipway.Server.Lineage;

/// <summary>Every statement that touches <c>run_uses</c>: the versions of datasets that runs were told to have used.</summary>
internal static class RunUses
{
    public const string Declared = "declared";

    public static async Task<List<LineageEdge>> OfAsync(Reader reader, IReadOnlyCollection<long> runs, CancellationToken cancellationToken) =>
        await reader.ListAsync($"select version, run from run_uses where run in {runs}", row => Edge(row.GetInt64(0), row.GetInt64(1)), cancellationToken);

    /// <summary>Notes a use; what it was used for is what was said last.</summary>
    public static Task SetAsync(Writer writer, (long Run, long Version) use, (string? Context, long At) said, CancellationToken cancellationToken) =>
        writer.ExecuteAsync($"""
            insert into run_uses (run, version, context, at) values ({use.Run}, {use.Version}, {said.Context}, {said.At})
            on conflict (run, version) do update set context = excluded.context
            """, cancellationToken);

    /// <summary>What each version was used for, where that was said.</summary>
    public static async Task<Dictionary<long, string>> ContextsAsync(Reader reader, long run, CancellationToken cancellationToken) =>
        (await reader.ListAsync($"select version, context from run_uses where run = {run} and context is not null", row => (row.GetInt64(0), row.GetString(1)), cancellationToken)).ToDictionary();

    private static LineageEdge Edge(long version, long run) => new(new LineageNode(NodeKind.DatasetVersion, version), new LineageNode(NodeKind.Run, run), Declared);

    public static Task RemoveAsync(Writer writer, long run, CancellationToken cancellationToken) =>
        writer.ExecuteAsync($"delete from run_uses where run = {run}", cancellationToken);
}
