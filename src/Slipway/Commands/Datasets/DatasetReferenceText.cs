using System.CommandLine;

namespace Slipway.Commands.Datasets;

/// <summary>What is typed to mean a version of a dataset: <c>NAME@VERSION</c>.</summary>
internal static class DatasetReferenceText
{
    public static Argument<string> Argument(string more = "") => new("NAME@VERSION") { Description = $"The version, an alias, or latest: sentiment-train@1.0.0.{more}" };

    public static (string Name, string Version) Parse(string text) => text.Split('@', 2) is [{ Length: > 0 } name, { Length: > 0 } version]
        ? (name, version)
        : throw new UsageException($"'{text}' names no version of a dataset. Write NAME@VERSION, as in sentiment-train@1.0.0 or sentiment-train@latest.");
}
