using System.Runtime.CompilerServices;
using Slipway.Store;

namespace Slipway.Server.Content;

/// <summary>Keeps every byte once: contents are known by their SHA-256, and made of chunks that they share. See <c>docs/content-store.md</c>.</summary>
internal sealed class ContentStore : IDisposable
{
    private readonly string _mark;

    private ContentStore(Database database, Ingest ingest, IBlobs blobs, ContentSettings settings, long number)
    {
        (Database, Ingest, Blobs, Settings) = (database, ingest, blobs, settings);
        _mark = $"{number:x16}-";
    }

    public IBlobs Blobs { get; }

    public Database Database { get; }

    public Ingest Ingest { get; }

    public ContentSettings Settings { get; }

    /// <summary>Opens the store of a database.</summary>
    public static async Task<ContentStore> OpenAsync(Database database, Ingest ingest, IBlobs blobs, ContentSettings settings, CancellationToken cancellationToken)
    {
        // Told apart by a number, two registries that were given one bucket do not sweep each other's packs away.
        var number = await ingest.WriteAsync(
            async (writer, token) =>
            {
                await writer.ExecuteAsync($"insert into counters (name, value) values ('content_store', {System.Security.Cryptography.RandomNumberGenerator.GetInt32(int.MaxValue)}) on conflict (name) do nothing", token);
                return await writer.FindAsync($"select value from counters where name = 'content_store'", row => row.GetInt64(0), token);
            },
            cancellationToken);
        return new ContentStore(database, ingest, blobs, settings, number);
    }

    /// <summary>What a new pack is called: whose it is, the lease under which it is made, and what no other has.</summary>
    public string NewName(string lease) => $"{_mark}{lease}-{Guid.CreateVersion7():n}.pack";

    /// <summary>The lease in a pack's name; null when the pack is not of this store.</summary>
    public string? LeaseOf(string name) =>
        name.StartsWith(_mark, StringComparison.Ordinal) && name.IndexOf('-', _mark.Length) is var dash and > 0 && name.EndsWith(".pack", StringComparison.Ordinal) ? name[_mark.Length..dash] : null;

    /// <summary>Begins to take in content. Dispose it, whatever happens.</summary>
    public Task<ContentUpload> BeginAsync(CancellationToken cancellationToken) => ContentUpload.BeginAsync(this, cancellationToken);

    /// <summary>What is needed to read a content; its bytes come only when they are asked for.</summary>
    /// <param name="reader">Where to look.</param>
    /// <param name="sha256">Which content.</param>
    /// <param name="name">What it is called in errors.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="Fault">It is not there any more, or damaged.</exception>
    public async Task<ObjectStream> OpenAsync(Reader reader, string sha256, string name, CancellationToken cancellationToken)
    {
        var content = await ContentObjects.FindAsync(reader, sha256, cancellationToken) ?? throw Damage.Of(name, sha256, "it is not in the index");
        return content.IsTrue ? new ObjectStream(Database, Blobs, content, name) : throw Damage.Of(name, sha256, "its entry in the index was changed");
    }

    /// <summary>The chunks of a content, segment by segment.</summary>
    /// <exception cref="Fault">It is not there any more, or damaged.</exception>
    public async IAsyncEnumerable<IReadOnlyList<Part>> PartsAsync(string sha256, string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var content = await Database.ReadAsync(reader => ContentObjects.FindAsync(reader, sha256, cancellationToken), cancellationToken) ?? throw Damage.Of(name, sha256, "it is not in the index");
        for (var position = 0L; position < content.Size;)
        {
            var segment = await Database.ReadAsync(reader => ContentObjects.FindSegmentAsync(reader, content.Id, position, cancellationToken), cancellationToken);
            var map = segment?.IsTrueOf(content.Id) == true ? new ObjectMap(segment) : ObjectMap.Empty;
            if (!map.Holds(position))
            {
                throw Damage.Of(name, sha256, "its list of chunks was changed");
            }

            position = map.StartOf(map.Parts.Count);
            yield return map.Parts;
        }
    }

    public void Dispose() => Blobs.Dispose();
}

/// <summary>How content is taken in.</summary>
/// <param name="SpoolFolder">Where packs are filled.</param>
/// <param name="Compresses">Whether chunks are made smaller where that pays.</param>
/// <param name="Time">The clock.</param>
internal sealed record ContentSettings(string SpoolFolder, bool Compresses, TimeProvider Time);

/// <summary>Content that is stored.</summary>
internal sealed record StoredContent(string Sha256, long Size);

/// <summary>Stored bytes are not what they were.</summary>
internal static class Damage
{
    public static Fault Of(string name, string sha256, string what) =>
        new(FaultKind.Damaged, $"'{name}' (sha256 {sha256}) can't be read: {what}. No wrong bytes were sent.");
}
