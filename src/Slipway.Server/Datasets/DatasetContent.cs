using Slipway.Server.Artifacts;
using Slipway.Store;

namespace Slipway.Server.Datasets;

/// <summary>What files amount to as a version: its identities and its size.</summary>
internal sealed record DatasetContent(string ByteDigest, IReadOnlyList<DatasetFileRow> Files)
{
    /// <summary>A digest of more would be a request that takes minutes.</summary>
    public const int FileLimit = 100_000;

    public long Size => Files.Sum(file => file.Size);

    /// <summary>The only file that is a table; null when none is, or several are.</summary>
    public DatasetFileRow? Table => Files.Where(file => file.Format is not null).Take(2).ToList() is [var table] ? table : null;

    /// <exception cref="Fault">There are no files, too many, or two that can't lie beside each other.</exception>
    public static DatasetContent Of(IReadOnlyList<DatasetFileRow> files)
    {
        if (files.Count is 0 or > FileLimit)
        {
            throw Fault.Invalid(files.Count == 0 ? "A version of a dataset has at least one file, and none was sent." : $"A version of a dataset has at most {FileLimit} files.");
        }

        CheckFolders(files);
        return new DatasetContent(files is [var only] ? only.Sha256 : Datasets.ByteDigest.OfFiles(files.Select(file => new ManifestFile(file.Path, file.Size, file.Sha256))), files);
    }

    private static void CheckFolders(IReadOnlyList<DatasetFileRow> files)
    {
        var names = files.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var file in files)
        {
            if (ArtifactPath.Stored(file.Path).Ancestors().FirstOrDefault(folder => names.Contains(folder.Text)) is { } folder)
            {
                throw Fault.Invalid($"'{folder}' can't be a file and the folder of '{file.Path}'.");
            }
        }
    }
}
