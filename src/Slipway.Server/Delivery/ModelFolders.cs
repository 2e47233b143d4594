using Slipway.Server.Artifacts;
using Slipway.Server.Registry;
using Slipway.Store;

namespace Slipway.Server.Delivery;

/// <summary>The files of versions that are served, laid out as folders: each read from the store, which verifies every byte, and named by their digest.</summary>
internal sealed class ModelFolders(string data, Spine spine)
{
    private const UnixFileMode OwnersOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly TimeSpan KeptUnused = TimeSpan.FromDays(1);

    private readonly string _root = Path.Join(Path.GetFullPath(data), "serving", "models");

    /// <summary>The folder of a version's files, laid out first if it is not there yet.</summary>
    /// <exception cref="Fault">The files are gone, or are not those that were registered.</exception>
    public async Task<string> PrepareAsync(ModelVersionRow version, CancellationToken cancellationToken)
    {
        var digest = version.ManifestDigest ?? throw Fault.Conflict($"Version {version.Version} of '{version.Name}' can't be served: the server does not hold its files.");
        var folder = Path.Join(_root, digest);
        if (Directory.Exists(folder))
        {
            Touch(folder);
            return folder;
        }

        var source = spine.Places.Find(version.DownloadUri) ?? throw Fault.Conflict($"Version {version.Version} of '{version.Name}' can't be served: its files lie at '{Checks.Text.Shorten(version.Source)}'.");
        var manifest = await spine.Artifacts.ManifestAsync(source, cancellationToken);
        if (manifest?.Digest != digest)
        {
            throw Fault.Conflict($"Version {version.Version} of '{version.Name}' can't be served: its files {(manifest is null ? "are gone" : "were altered since it was registered")}.");
        }

        await LayOutAsync((source, version.Id), manifest, folder, cancellationToken);
        return folder;
    }

    /// <summary>Removes what none of these versions needs, and nothing has used for a while: a test or another process may.</summary>
    public void Tidy(IEnumerable<string> digests)
    {
        if (!Directory.Exists(_root))
        {
            return;
        }

        var kept = digests.ToHashSet(StringComparer.Ordinal);
        foreach (var folder in Directory.EnumerateDirectories(_root).Where(folder => !kept.Contains(Path.GetFileName(folder)) && spine.Time.GetUtcNow().UtcDateTime - Directory.GetLastWriteTimeUtc(folder) > KeptUnused))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // It is looked at several times a second.
    private void Touch(string folder)
    {
        var now = spine.Time.GetUtcNow().UtcDateTime;
        if (now - Directory.GetLastWriteTimeUtc(folder) > KeptUnused / 4)
        {
            Directory.SetLastWriteTimeUtc(folder, now);
        }
    }

    // Whole or not at all: what is interrupted is begun anew under another name.
    private async Task LayOutAsync((ArtifactPath Path, long Version) source, Manifest manifest, string folder, CancellationToken cancellationToken)
    {
        var draft = $"{folder}.{Guid.NewGuid():n}";
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(draft);
        }
        else
        {
            Directory.CreateDirectory(draft, OwnersOnly);
        }

        try
        {
            // A version may be a single file.
            var isFile = await spine.Artifacts.FindAsync(source.Path, cancellationToken) is { IsFolder: false };
            foreach (var file in manifest.Files)
            {
                await CopyAsync(isFile ? source : (source.Path.Join(ArtifactPath.Stored(file.Path)), source.Version), file, draft, cancellationToken);
            }

            Directory.Move(draft, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            // Another environment laid out the same files meanwhile.
        }
        finally
        {
            if (Directory.Exists(draft))
            {
                Directory.Delete(draft, recursive: true);
            }
        }
    }

    private async Task CopyAsync((ArtifactPath Path, long Version) from, ManifestFile file, string draft, CancellationToken cancellationToken)
    {
        var target = Path.GetFullPath(Path.Join(draft, file.Path));
        if (!target.StartsWith(draft + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"'{file.Path}' leads out of the folder.");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        await using var content = await spine.Artifacts.OpenReadAsync(from.Path, from.Version, cancellationToken);
        await using var copy = new FileStream(target, FileMode.CreateNew, FileAccess.Write);
        await content.Stream.CopyToAsync(copy, cancellationToken);
    }
}
