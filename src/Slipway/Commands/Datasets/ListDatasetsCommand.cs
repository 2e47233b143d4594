using System.CommandLine;
using System.Globalization;
using Slipway.Wire.Datasets;

namespace Slipway.Commands.Datasets;

/// <summary>Lists datasets, or the versions of one.</summary>
internal static class ListDatasetsCommand
{
    public static Command Create()
    {
        var name = new Argument<string?>("NAME") { Description = "A dataset, to list its versions.", Arity = ArgumentArity.ZeroOrOne };
        return new ServerCommand("list", """
            Lists the datasets, or the versions of one, the highest precedence first.

            Example: slipway datasets list sentiment-train
            """) { name }.Runs(async (talk, cancellationToken) => talk.Get(name) is { } dataset
            ? await talk.AnswerAsync(new DatasetVersionsResponse(await talk.Client.ListDatasetVersionsAsync(dataset, cancellationToken)), Versions)
            : await talk.AnswerAsync(await AllAsync(talk, cancellationToken), Datasets));
    }

    private static async Task<DatasetsResponse> AllAsync(Conversation talk, CancellationToken cancellationToken)
    {
        var all = new List<RegisteredDataset>();
        string? next = null;
        do
        {
            var page = await talk.Client.ListDatasetsAsync(next, cancellationToken);
            all.AddRange(page.Datasets);
            next = page.Next;
        }
        while (next is not null);
        return new DatasetsResponse(all, Next: null);
    }

    private static string Datasets(DatasetsResponse found) => TextTable.Of(
        ["NAME", "VERSIONS", "LATEST", "UPDATED", "DESCRIPTION"],
        found.Datasets.Select(dataset => new[] { dataset.Name, dataset.Versions.ToString(CultureInfo.InvariantCulture), dataset.Latest ?? "-", TimeText.Of(dataset.UpdatedAt), dataset.Description ?? "" }));

    private static string Versions(DatasetVersionsResponse found) => TextTable.Of(
        ["VERSION", "HASH", "SAMPLES", "FEATURES", "BYTES", "ADDED", "BY", "ALIASES", "STATE"],
        found.Versions.Select(version => new[]
        {
            version.Version, version.ShortHash, Number(version.Samples), Number(version.Features), Number(version.Size), TimeText.Of(version.CreatedAt), version.Creator,
            string.Join(' ', version.Aliases ?? []), StateOf(version),
        }));

    private static string StateOf(DatasetVersion version) => version.PurgedAt is not null ? "purged" : version.RecalledAt is not null ? "recalled" : "";

    private static string Number(long? number) => number?.ToString("N0", CultureInfo.InvariantCulture) ?? "-";
}
