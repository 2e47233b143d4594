using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Server.Artifacts;
using Slipway.Server.Content;
using Slipway.Store;
using Slipway.Testing;

namespace Slipway.Server.Tests.Artifacts;

/// <summary>An artifact store with the database behind it; open another on the same to see what was kept.</summary>
internal sealed class FreshStore : IAsyncDisposable
{
    public static readonly Actor Someone = new("someone", "none", null);

    private FreshStore(string folder, ArtifactRoot root, ContentStore contents, IReadOnlyList<IRule> rules)
    {
        (Folder, Root, Contents, Database, Ingest) = (folder, root, contents, contents.Database, contents.Ingest);
        Changes = new Changes(Database, rules, contents.Settings.Time);
        Trash = new Trash(Root, Database, Changes, NullLogger<Trash>.Instance);
        Collector = new Collector(contents, new OldLayout(root, contents, Database, Ingest).MoveAsync, NullLogger<Collector>.Instance);
        Store = new ArtifactStore(Root, Trash, contents, new FileWatch((_, _, _) => Task.CompletedTask, (_, _) => Task.CompletedTask, (_, _, _, _) => Task.FromResult<IReadOnlyList<RegisteredFile>>([])));
    }

    public string Folder { get; }

    public Database Database { get; }

    public Ingest Ingest { get; }

    public Changes Changes { get; }

    public ArtifactRoot Root { get; }

    public Trash Trash { get; }

    public ContentStore Contents { get; }

    public Collector Collector { get; }

    public ArtifactStore Store { get; }

    /// <summary>Where files of the old layout are.</summary>
    public string Files => Path.Join(Folder, "artifacts", "files");

    public string Packs => Path.Join(Folder, "artifacts", "packs");

    public static Task<FreshStore> OpenAsync(Fresh fresh, params IReadOnlyList<IRule> rules) => OpenAsync(fresh, TimeProvider.System, null, rules);

    public static async Task<FreshStore> OpenAsync(Fresh fresh, TimeProvider time, IBlobs? blobs, params IReadOnlyList<IRule> rules)
    {
        var database = await Database.OpenAsync(new DatabaseLocation(fresh.Folder, fresh.Database), TimeProvider.System, CancellationToken.None);
        var folder = Path.Join(fresh.Folder, "artifacts");
        var root = ArtifactRoot.Open(folder, time);
        var settings = new ContentSettings(root.IncomingFolder, Compresses: true, time);
        var contents = await ContentStore.OpenAsync(database, new Ingest(database, TimeProvider.System), blobs ?? new LocalBlobs(Path.Join(folder, "packs")), settings, CancellationToken.None);
        var store = new FreshStore(fresh.Folder, root, contents, rules);
        await store.Trash.SettleAllAsync(CancellationToken.None);
        return store;
    }

    public Task<StoredFile> WriteAsync(string path, string text) => WriteAsync(path, Encoding.UTF8.GetBytes(text));

    public Task<StoredFile> WriteAsync(string path, byte[] bytes) => Store.WriteAsync(ArtifactPath.Parse(path), new MemoryStream(bytes), CancellationToken.None);

    public async Task<byte[]> ReadBytesAsync(string path)
    {
        await using var content = await OpenAsync(path);
        var bytes = new MemoryStream();
        await content.Stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    /// <summary>What all chunks take in their packs.</summary>
    public Task<long> StoredBytesAsync() => NumberAsync($"select cast(coalesce(sum(stored), 0) as bigint) from content_chunks");

    public Task<long> NumberAsync(Sql sql) =>
        Database.ReadAsync(reader => reader.FindAsync(sql, row => row.GetInt64(0), CancellationToken.None), CancellationToken.None);

    /// <summary>Changes what is kept behind everybody's back.</summary>
    public Task<int> ExecuteAsync(Sql sql) => Ingest.WriteAsync((writer, token) => writer.ExecuteAsync(sql, token), CancellationToken.None);

    /// <summary>Puts a file where the old layout had it.</summary>
    public async Task PlantAsync(string path, string text)
    {
        DurableFolders.Create(Path.GetDirectoryName(Path.Join(Files, path))!);
        await File.WriteAllTextAsync(Path.Join(Files, path), text);
    }

    public Task<ArtifactContent> OpenAsync(string path) => Store.OpenReadAsync(path.Length == 0 ? ArtifactPath.Root : ArtifactPath.Parse(path), CancellationToken.None);

    public Task<ArtifactEntry?> FindAsync(string path) => Store.FindAsync(ArtifactPath.Parse(path), CancellationToken.None);

    public async Task<string> ReadAsync(string path)
    {
        await using var content = await OpenAsync(path);
        using var reader = new StreamReader(content.Stream);
        return await reader.ReadToEndAsync();
    }

    public Task DeleteAsync(string path) => Store.DeleteAsync(ArtifactPath.Parse(path), Someone, CancellationToken.None);

    public async Task<List<string>> ListAsync(string path) =>
        [.. (await Store.ListAsync(ArtifactPath.ParseFolder(path), CancellationToken.None)).Select(entry => entry.Path.Name + (entry.IsFolder ? "/" : ""))];

    public Task<IReadOnlyList<ArtifactEntry>> ListAllAsync(string path) => Store.ListAllAsync(ArtifactPath.Parse(path), int.MaxValue, CancellationToken.None);

    public Task<List<string>> AuditAsync() => Database.ReadAsync(
        reader => reader.ListAsync($"select action, resource, outcome from audit order by seq", row => $"{row.GetString(0)} {row.GetString(1)} {row.GetString(2)}", CancellationToken.None),
        CancellationToken.None);

    /// <summary>The files of the old layout whose digests are remembered.</summary>
    public Task<List<string>> DigestsAsync() => Database.ReadAsync(
        reader => reader.ListAsync($"select path from artifact_digests order by path", row => row.GetString(0), CancellationToken.None),
        CancellationToken.None);

    /// <summary>Everything below the artifacts' folder, with the texts of files.</summary>
    public List<string> OnDisk() =>
        [.. Directory.GetFileSystemEntries(Path.Join(Folder, "artifacts"), "*", SearchOption.AllDirectories)
            .Where(entry => !entry.EndsWith("slipway.lock", StringComparison.Ordinal))
            .Select(entry => Path.GetRelativePath(Folder, entry) + (File.Exists(entry) ? "=" + File.ReadAllText(entry) : "/"))
            .Order(StringComparer.Ordinal)];

    public async ValueTask DisposeAsync()
    {
        await Trash.DisposeAsync();
        await Changes.DisposeAsync();
        await Ingest.DisposeAsync();
        await Database.DisposeAsync();
        Contents.Dispose();
        Root.Dispose();
    }
}
