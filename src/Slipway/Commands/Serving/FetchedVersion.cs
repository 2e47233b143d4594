using System.Security.Cryptography;
using System.Text;
using Slipway.Client;
using Slipway.Commands.Datasets;
using Slipway.Wire;
using Slipway.Wire.Native;

namespace Slipway.Commands.Serving;

/// <summary>The files of a version in a folder of the cache, which is called by their digests and only there when all of them are.</summary>
internal sealed class FetchedVersion(SlipwayClient client, string model, string version)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Where versions are kept unless told otherwise.</summary>
    public static string DefaultCache => Path.Join(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache : Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "slipway",
        "models");

    /// <summary>Answers the folder; what is there already is verified again, and fetched anew when it was changed.</summary>
    /// <exception cref="SlipwayException">The server does not have the files, or they did not come whole.</exception>
    public async Task<string> FetchAsync(string cache, CancellationToken cancellationToken)
    {
        var files = await ListAsync(cancellationToken);
        MakeFolder(cache);
        var target = Path.Join(cache, DigestOf(files));
        if (Directory.Exists(target))
        {
            if (await IsWholeAsync(target, files, cancellationToken))
            {
                return target;
            }

            await Conversation.SayAsync($"The files in {target} were changed; they are fetched again.");
            Directory.Delete(target, recursive: true);
        }

        await Conversation.SayAsync(FormattableString.Invariant($"Fetching {model} {version}: {files.Count} files, {files.Sum(file => file.Size):N0} bytes"));
        await FetchAsync(files, target, cancellationToken);
        return target;
    }

    private async Task FetchAsync(List<VersionFile> files, string target, CancellationToken cancellationToken)
    {
        // Files that came whole in an earlier try are kept.
        var aside = target + ".partial";
        MakeFolder(aside);
        foreach (var file in files)
        {
            var place = Path.Join(aside, file.Path);
            if (await IsWholeAsync(place, file, cancellationToken))
            {
                continue;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            await using var content = new ProgressStream(await client.OpenVersionFileAsync(model, version, file, cancellationToken), file.Path, file.Size);
            await using var written = new FileStream(place, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous);
            await content.CopyToAsync(written, cancellationToken);
        }

        Directory.Move(aside, target);
    }

    private async Task<List<VersionFile>> ListAsync(CancellationToken cancellationToken)
    {
        var files = new List<VersionFile>();
        VersionFilesResponse page;
        string? after = null;
        do
        {
            page = await client.ListVersionFilesAsync(model, version, after, cancellationToken);
            files.AddRange(page.Files);
            after = page.Next;
        }
        while (after is not null);
        files.ForEach(CheckPath);
        if (page.Artifacts is null)
        {
            throw new SlipwayException(ErrorCode.InvalidParameterValue, $"The files of {model} {version} are not on the server but at {page.Source}. Fetch them from there and serve them with 'slipway models serve --model FOLDER'.");
        }

        return files.Count > 0
            ? files
            : throw new SlipwayException(ErrorCode.InvalidParameterValue, $"Nothing was stored for {model} {version} when it was registered, so there is nothing to verify. Register the version again, after its files.");
    }

    private static async Task<bool> IsWholeAsync(string folder, List<VersionFile> files, CancellationToken cancellationToken)
    {
        foreach (var file in files)
        {
            if (!await IsWholeAsync(Path.Join(folder, file.Path), file, cancellationToken))
            {
                return false;
            }
        }

        // What was put beside them would be loaded too.
        return Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Count() == files.Count;
    }

    private static async Task<bool> IsWholeAsync(string place, VersionFile file, CancellationToken cancellationToken)
    {
        var found = new FileInfo(place);
        if (!found.Exists || found.LinkTarget is not null || found.Length != file.Size)
        {
            return false;
        }

        await using var content = found.OpenRead();
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken)) == file.Sha256;
    }

    private static string DigestOf(List<VersionFile> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        files.ForEach(file => hash.AppendData(Encoding.UTF8.GetBytes($"{file.Sha256}  {file.Path}\n")));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }

        Directory.CreateDirectory(folder, OwnerOnly);
        File.SetUnixFileMode(folder, OwnerOnly);
    }

    // No server may lead us out of the folder.
    private static void CheckPath(VersionFile file)
    {
        if (file.Path.Contains('\\', StringComparison.Ordinal) || file.Path.Split('/').Any(part => part is "" or "." or ".." || part.Contains('\0', StringComparison.Ordinal)))
        {
            throw new SlipwayException(ErrorCode.InternalError, $"The server names a file '{file.Path}', which is no path in a folder.");
        }
    }
}
