using Slipway.Server.Datasets;
using Slipway.Store;

namespace Slipway.Server.Content;

/// <summary>Everything that keeps content alive: a feature that refers to content by its SHA-256 adds its table here.</summary>
internal static class ContentReferences
{
    private static readonly IReadOnlyList<Sql> All =
    [
        Sql.Of($"select 1 from artifact_names r where r.sha256 = content_objects.sha256"),

        // Also of versions that are deleted: what once was in a stage can be asked for later.
        Sql.Of($"select 1 from version_files r where r.sha256 = content_objects.sha256"),
        DatasetFiles.Reference,
        DatasetDrafts.Reference,
    ];

    /// <summary>A condition on <c>content_objects</c>: nothing refers to it.</summary>
    public static Sql None() => Sql.Join(" and ", All.Select(reference => Sql.Of($"not exists ({reference})")));
}
