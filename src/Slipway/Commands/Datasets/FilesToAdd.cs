using System.IO.Enumeration;
using Slipway.Client;

namespace Slipway.Commands.Datasets;

/// <summary>The files that are meant by what was typed: files by their own names, folders with all that is in them.</summary>
internal static class FilesToAdd
{
    public static IReadOnlyList<DatasetUpload> Find(IReadOnlyList<string> typed, string? format)
    {
        if (typed.FirstOrDefault(path => !File.Exists(path) && !Directory.Exists(path)) is { } missing)
        {
            throw new UsageException($"There is no file or folder '{missing}'.");
        }

        // The only folder is the version's own; beside others it keeps its name.
        var uploads = typed.SelectMany(path => Directory.Exists(path) ? In(path, typed.Count == 1 ? "" : NameOf(path) + "/", format) : [One(path, NameOf(path), format)]).ToList();
        var twice = uploads.GroupBy(upload => upload.Path, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;
        if (twice is not null)
        {
            throw new UsageException($"Two files would be called '{twice}' in the version. Put them into a folder, and add that.");
        }

        return uploads.Count > 0 ? uploads : throw new UsageException("There is no file in the folder.");
    }

    private static string NameOf(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));

    private static DatasetUpload One(string file, string name, string? format) => new(name, () => Open(file, name)) { Format = format };

    private static ProgressStream Open(string file, string name)
    {
        var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.Asynchronous | FileOptions.SequentialScan);
        return new ProgressStream(content, name, content.Length);
    }

    private static List<DatasetUpload> In(string folder, string prefix, string? format)
    {
        var full = Path.GetFullPath(folder);
        var files = new FileSystemEnumerable<string>(full, (ref FileSystemEntry entry) => entry.ToFullPath(), new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false })
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory || IsLink(ref entry),

            // A link to a folder may lead out of it, or back into it.
            ShouldRecursePredicate = (ref FileSystemEntry entry) => !IsLink(ref entry),
        };
        return [.. files.Select(file => Directory.Exists(file)
            ? throw new UsageException($"'{file}' is a link to a folder. Put the files themselves there, or leave it out.")
            : One(file, prefix + Path.GetRelativePath(full, file).Replace(Path.DirectorySeparatorChar, '/'), format)).OrderBy(upload => upload.Path, StringComparer.Ordinal)];
    }

    private static bool IsLink(ref FileSystemEntry entry) => entry.Attributes.HasFlag(FileAttributes.ReparsePoint);
}
