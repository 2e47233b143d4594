using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Server.Artifacts;
using Slipway.Store;
using Slipway.Testing;

namespace Slipway.Server.Tests.Artifacts;

/// <summary>An artifact store with the database behind it; open another on the same to see what was kept.</summary>
internal sealed class FreshStore : IAsyncDisposable
{
    public static readonly Actor Someone = new("someone", "none", null);

    private FreshStore(string folder, Database database, IReadOnlyList<IRule> rules)
    {
        (Folder, Database) = (folder, database);
        Ingest = new Ingest(database, TimeProvider.System);
        Changes = new Changes(database, rules, TimeProvider.System);
        Root = ArtifactRoot.Open(Path.Join(folder, "artifacts"), TimeProvider.System);
        Trash = new Trash(Root, database, Changes, NullLogger<Trash>.Instance);
        Store = new ArtifactStore(Root, Trash, database, Ingest);
    }

    public string Folder { get; }

    public Database Database { get; }

    public Ingest Ingest { get; }

    public Changes Changes { get; }

    public ArtifactRoot Root { get; }

    public Trash Trash { get; }

    public ArtifactStore Store { get; }

    /// <summary>Where the named file is on disk.</summary>
    public string Files => Path.Join(Folder, "artifacts", "files");

    public static async Task<FreshStore> OpenAsync(Fresh fresh, params IReadOnlyList<IRule> rules)
    {
        var database = await Database.OpenAsync(new DatabaseLocation(fresh.Folder, fresh.Database), TimeProvider.System, CancellationToken.None);
        var store = new FreshStore(fresh.Folder, database, rules);
        await store.Trash.SettleAllAsync(CancellationToken.None);
        return store;
    }

    public Task<StoredFile> WriteAsync(string path, string text) => Store.WriteAsync(ArtifactPath.Parse(path), new MemoryStream(Encoding.UTF8.GetBytes(text)), CancellationToken.None);

    public async Task<string> ReadAsync(string path)
    {
        await using var content = Store.OpenRead(ArtifactPath.Parse(path));
        using var reader = new StreamReader(content.Stream);
        return await reader.ReadToEndAsync();
    }

    public Task DeleteAsync(string path) => Store.DeleteAsync(ArtifactPath.Parse(path), Someone, CancellationToken.None);

    public List<string> List(string path) => [.. Store.List(ArtifactPath.ParseFolder(path)).Select(entry => entry.Path.Name + (entry.IsFolder ? "/" : ""))];

    public Task<List<string>> AuditAsync() => Database.ReadAsync(
        reader => reader.ListAsync($"select action, resource, outcome from audit order by seq", row => $"{row.GetString(0)} {row.GetString(1)} {row.GetString(2)}", CancellationToken.None),
        CancellationToken.None);

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
        Root.Dispose();
    }
}
