using System.Globalization;
using Slipway.Server.Checks;
using Slipway.Server.Datasets.Profiling;
using Slipway.Server.Datasets.Typing;
using Slipway.Store;

namespace Slipway.Server.Datasets;

/// <summary>Says how content that was sent differs from that of the version that is there.</summary>
internal static class ContentDifference
{
    public static async Task<string> TellAsync(Reader reader, DatasetVersionRow there, (string Draft, DatasetContent Content) sent, CancellationToken cancellationToken)
    {
        var content = sent.Content;
        List<string> differences = [$"byte digest {ByteDigest.Shorten(there.ByteDigest)} there, {ByteDigest.Shorten(content.ByteDigest)} here"];
        Add(differences, "files", there.Files, content.Files.Count);
        Add(differences, "bytes", there.Size, content.Size);
        if (there.TableDigest is not null && content.Table is { } table)
        {
            Add(differences, "rows", there.Samples, table.Samples);
            Add(differences, "columns", there.Features, table.Features);
            differences.AddRange(there.TableDigest == table.TableDigest
                ? ["its values are the same, only their formatting differs"]
                : Schema(await DatasetFiles.ProfileAsync(reader, there.Id, cancellationToken), await DatasetDrafts.ProfileAsync(reader, sent.Draft, table.Path, cancellationToken)));
        }

        return $"{there.Reference} is there with other content ({string.Join("; ", differences)}). A version never changes: add this as another one.";
    }

    private static void Add(List<string> differences, string what, long? there, long? here)
    {
        if (there != here)
        {
            differences.Add(string.Create(CultureInfo.InvariantCulture, $"{there} {what} there, {here} here"));
        }
    }

    private static IEnumerable<string> Schema(TableProfile? there, TableProfile? here)
    {
        if (there is null || here is null)
        {
            yield break;
        }

        var (before, after) = (Types(there), Types(here));
        foreach (var (what, names) in new[]
        {
            ("columns only there", before.Keys.Where(name => !after.ContainsKey(name))),
            ("columns only here", after.Keys.Where(name => !before.ContainsKey(name))),
            ("columns of another type", before.Keys.Where(name => after.TryGetValue(name, out var type) && type != before[name])),
        })
        {
            var listed = string.Join(", ", names);
            if (listed.Length > 0)
            {
                yield return $"{what}: {Text.Shorten(listed)}";
            }
        }
    }

    private static Dictionary<string, ColumnType> Types(TableProfile profile) => profile.Columns.ToDictionary(column => column.Name, column => column.Type);
}
