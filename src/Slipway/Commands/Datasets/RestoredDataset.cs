using System.Security.Cryptography;
using System.Text;
using Slipway.Client;
using Slipway.Wire;
using Slipway.Wire.Datasets;

namespace Slipway.Commands.Datasets;

/// <summary>A version on its way to the disk: written aside, verified, and only then moved into its place.</summary>
internal sealed class RestoredDataset(SlipwayClient client, DatasetVersion version, bool replaces)
{
    /// <summary>Answers where it is.</summary>
    /// <exception cref="IOException">Something is in the way, or the disk does not take it.</exception>
    /// <exception cref="SlipwayException">It did not come whole.</exception>
    public async Task<string> RestoreAsync(string? output, CancellationToken cancellationToken)
    {
        var files = await ListAsync(cancellationToken);
        var isOne = files is [var only] && !only.Path.Contains('/', StringComparison.Ordinal);
        var target = isOne ? FileTarget(output, files[0].Path) : Path.GetFullPath(output ?? $"{version.Name}-{version.Version}");
        CheckFree(target, isFolder: !isOne);
        var aside = Path.Join(Path.GetDirectoryName(target), $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.partial");
        try
        {
            foreach (var file in files)
            {
                await FetchAsync(file, isOne ? aside : Path.Join(aside, file.Path), cancellationToken);
            }

            Place(aside, target, isFolder: !isOne);
            return target;
        }
        finally
        {
            Remove(aside);
        }
    }

    private static string FileTarget(string? output, string name) => Path.GetFullPath(output is not null && Directory.Exists(output) ? Path.Join(output, name) : output ?? name);

    private async Task<List<DatasetFile>> ListAsync(CancellationToken cancellationToken)
    {
        var files = new List<DatasetFile>();
        string? next = null;
        do
        {
            var page = await client.ListDatasetFilesAsync(version.Name, version.Version, next, cancellationToken);
            files.AddRange(page.Files);
            next = page.Next;
        }
        while (next is not null);
        files.ForEach(CheckPath);
        return DigestOf(files) == version.ByteDigest ? files : throw new SlipwayException(ErrorCode.InternalError, $"The list of files of {version.Name}@{version.Version} does not have the version's digest.");
    }

    // The server sends them in the order of their code points.
    private static string DigestOf(List<DatasetFile> files)
    {
        if (files is [var only])
        {
            return only.Sha256;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        files.ForEach(file => hash.AppendData(Encoding.UTF8.GetBytes($"{file.Sha256}  {file.Path}\n")));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // No server may lead us out of the folder.
    private static void CheckPath(DatasetFile file)
    {
        if (Path.IsPathRooted(file.Path) || file.Path.Contains('\\', StringComparison.Ordinal) || file.Path.Split('/').Any(part => part is "" or "." or ".." || part.Contains('\0', StringComparison.Ordinal)))
        {
            throw new SlipwayException(ErrorCode.InternalError, $"The server names a file '{file.Path}', which is no path in a folder.");
        }
    }

    private void CheckFree(string target, bool isFolder)
    {
        if ((isFolder && File.Exists(target)) || (!isFolder && Directory.Exists(target)))
        {
            throw new IOException($"'{target}' is a {(isFolder ? "file" : "folder")}. Name another place with --output.");
        }

        if (!replaces && (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())))
        {
            throw new IOException($"'{target}' is there already. Replace it with --force, or name another place with --output.");
        }
    }

    private async Task FetchAsync(DatasetFile file, string place, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        await using var content = new ProgressStream(await client.OpenDatasetFileAsync(version.Name, version.Version, file, cancellationToken), file.Path, file.Size);
        await using var target = new FileStream(place, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous);
        await content.CopyToAsync(target, cancellationToken);
        target.Flush(flushToDisk: true);
    }

    private void Place(string aside, string target, bool isFolder)
    {
        if (!isFolder)
        {
            File.Move(aside, target, replaces);
            return;
        }

        var old = aside + ".old";
        if (Directory.Exists(target))
        {
            Directory.Move(target, old);
        }

        Directory.Move(aside, target);
        Remove(old);
    }

    private static void Remove(string place)
    {
        File.Delete(place);
        if (Directory.Exists(place))
        {
            Directory.Delete(place, recursive: true);
        }
    }
}
