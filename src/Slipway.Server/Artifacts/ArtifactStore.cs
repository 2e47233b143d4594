using Slipway.Server.Content;
using Slipway.Store;

namespace Slipway.Server.Artifacts;

/// <summary>
/// The stored artifacts: names in the database, contents in the content store; files of the old layout, which a name of the
/// database hides; and what clients wrote to the bucket.
/// </summary>
/// <param name="root">Where files of the old layout are.</param>
/// <param name="trash">Where they go.</param>
/// <param name="contents">Takes contents.</param>
/// <param name="watch">Refuses to write what must stay as it is, looks at what was stored, and tells what has to be there.</param>
internal sealed class ArtifactStore(ArtifactRoot root, Trash trash, ContentStore contents, FileWatch watch)
{
    private const int ManifestLimit = 100_000;

    private readonly PlainFiles _plain = new(root, new KnownDigests(contents.Database, contents.Ingest));

    /// <summary>What clients write to directly; null where all goes through the server.</summary>
    public BucketFiles? Bucket { get; init; }

    /// <summary>What has this name; null when nothing has.</summary>
    public async Task<ArtifactEntry?> FindAsync(ArtifactPath path, CancellationToken cancellationToken)
    {
        if (path.IsInBucket)
        {
            return await BucketOf(path).FindAsync(path, cancellationToken);
        }

        // The old layout first: what is moved into the store meanwhile is then found there.
        var plain = _plain.Find(path);
        return path.IsRoot ? plain : await contents.Database.ReadAsync(reader => ArtifactNames.FindAsync(reader, path, cancellationToken), cancellationToken) ?? plain;
    }

    /// <summary>Opens a file. Who has it open reads the same bytes to the end, also when it is overwritten or deleted.</summary>
    /// <exception cref="Fault">There is no such file, or it is damaged.</exception>
    public Task<ArtifactContent> OpenReadAsync(ArtifactPath path, CancellationToken cancellationToken) => OpenReadAsync(path, null, cancellationToken);

    /// <summary>Opens a file of a registered version.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="version">The internal id of the version.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="Fault">There is no such file, it is damaged, or somebody else's bytes lie in its place in the bucket.</exception>
    public async Task<ArtifactContent> OpenReadAsync(ArtifactPath path, long? version, CancellationToken cancellationToken)
    {
        if (path.IsInBucket)
        {
            return await OpenInBucketAsync(path, version, cancellationToken);
        }

        if (await TryOpenAsync(path, cancellationToken) is { } content)
        {
            return content;
        }

        if (_plain.TryOpen(path) is { } stream)
        {
            return new ArtifactContent(path, stream, stream.Length);
        }

        // It may have been moved into the store between the two looks.
        return await TryOpenAsync(path, cancellationToken)
            ?? throw (_plain.Find(path) is { IsFolder: true } ? Fault.Invalid($"'{path}' is a directory.") : Fault.NotFound($"No such artifact: '{path}'"));
    }

    /// <summary>What lies in the folder, one level deep, by name; nothing when it is no folder.</summary>
    public async Task<IReadOnlyList<ArtifactEntry>> ListAsync(ArtifactPath folder, CancellationToken cancellationToken)
    {
        if (folder.IsInBucket)
        {
            return [.. (await BucketOf(folder).ListAsync(folder, cancellationToken)).OrderBy(entry => entry.Path.Name, CodePointOrder.Instance)];
        }

        var plain = _plain.List(folder);
        var named = await contents.Database.ReadAsync(reader => ArtifactNames.ListAsync(reader, folder, cancellationToken), cancellationToken);
        return plain.Count == 0 ? named : [.. named.UnionBy(plain, entry => entry.Path.Text).OrderBy(entry => entry.Path.Name, CodePointOrder.Instance)];
    }

    /// <summary>Every file at or below the name, in no order, up to a limit.</summary>
    public async Task<IReadOnlyList<ArtifactEntry>> ListAllAsync(ArtifactPath path, int limit, CancellationToken cancellationToken)
    {
        if (path.IsInBucket)
        {
            return await BucketOf(path).ListAllAsync(path, limit, cancellationToken);
        }

        var plain = _plain.ListAll(path).Take(limit).ToList();
        var named = await contents.Database.ReadAsync(reader => ArtifactNames.ListAllAsync(reader, path, limit, cancellationToken), cancellationToken);
        return plain.Count == 0 ? named : [.. named.UnionBy(plain, entry => entry.Path.Text).Take(limit)];
    }

    /// <summary>Stores a file, or replaces the one of this name. When this returns the bytes are on disk; until then nobody sees any of them.</summary>
    /// <exception cref="Fault">The name is taken by a folder, lies below a file, or the disk is full.</exception>
    public async Task<StoredFile> WriteAsync(ArtifactPath path, Stream body, CancellationToken cancellationToken)
    {
        await contents.Database.ReadAsync(
            async reader =>
            {
                await DemandFreeAsync(reader, path, cancellationToken);
                return true;
            },
            cancellationToken);
        var stored = path.IsInBucket ? await BucketOf(path).WriteAsync(path, body, cancellationToken) : await StoreAsync(path, body, cancellationToken);
        await NoticeAsync(path, cancellationToken);
        return stored;
    }

    /// <summary>Has those look at a file who want to know what was stored; when a name was given by <see cref="NameAsync"/>, before that is answered.</summary>
    public Task NoticeAsync(ArtifactPath path, CancellationToken cancellationToken) => watch.Notice(path, cancellationToken);

    /// <summary>Whether a file may have this name; it is asked again when the file is named.</summary>
    /// <exception cref="Fault">The name is taken by a folder, lies below a file, or what has it must stay.</exception>
    public async Task DemandFreeAsync(Reader reader, ArtifactPath path, CancellationToken cancellationToken)
    {
        await watch.Protect(reader, path, cancellationToken);
        if (path.IsInBucket)
        {
            return;
        }

        _plain.CheckFree(path);
        await ArtifactNames.CheckAsync(reader, path, cancellationToken);
    }

    /// <summary>Gives a stored content a name, in place of what had it.</summary>
    /// <exception cref="Fault">The name is taken by a folder, lies below a file, or what has it must stay.</exception>
    public async Task NameAsync(Writer writer, ArtifactPath path, StoredContent content, CancellationToken cancellationToken)
    {
        // Between the beginning of an upload and its end, what it would replace may have been registered.
        await watch.Protect(writer, path, cancellationToken);
        await ArtifactNames.PutAsync(writer, path, content, root.NextTime(), cancellationToken);
    }

    /// <summary>Deletes a file or a whole folder; nothing happens, and nothing is recorded, when there is none.</summary>
    public async Task DeleteAsync(ArtifactPath path, Actor actor, CancellationToken cancellationToken)
    {
        if (path.IsRoot)
        {
            throw Fault.Invalid("Invalid path: it names no artifact.");
        }

        if (await FindAsync(path, cancellationToken) is not null)
        {
            await trash.MakeAsync(new DeleteArtifact(path, await CountAsync(path, cancellationToken), trash), actor, cancellationToken);
        }
    }

    /// <summary>The files at or below the name with their digests; null when there are none.</summary>
    public async Task<Manifest?> ManifestAsync(ArtifactPath source, CancellationToken cancellationToken)
    {
        var entries = source.IsRoot ? [] : await ListAllAsync(source, ManifestLimit + 1, cancellationToken);
        if (entries.Count > ManifestLimit)
        {
            throw Fault.Invalid($"'{source}' holds more than {ManifestLimit} files.");
        }

        IReadOnlyList<ArtifactEntry> unknown = [.. entries.Where(entry => entry.Sha256 is null)];
        var hashed = source.IsInBucket ? await BucketOf(source).DigestAsync(source, unknown, cancellationToken) : await _plain.DigestAsync(source, unknown, cancellationToken);
        var files = entries.Where(entry => entry.Sha256 is not null).Concat(hashed)
            .Select(entry => new ManifestFile(entry.Path == source ? source.Name : entry.Path.From(source), entry.Size, entry.Sha256!))
            .ToList();
        return files.Count == 0 ? null : Manifest.Of(files);
    }

    private BucketFiles BucketOf(ArtifactPath path) => Bucket ?? throw new InvalidOperationException($"There is no bucket for '{path}'.");

    private async Task<StoredFile> StoreAsync(ArtifactPath path, Stream body, CancellationToken cancellationToken)
    {
        await using var upload = await contents.BeginAsync(cancellationToken);
        await upload.ReceiveAsync(body, cancellationToken);
        var stored = await upload.CompleteAsync((writer, content, token) => NameAsync(writer, path, content, token));
        return new StoredFile(path, stored.Size, stored.Sha256);
    }

    // First it is found out whether the bytes are the right ones, then it is read in the state in which they were.
    private async Task<ArtifactContent> OpenInBucketAsync(ArtifactPath path, long? version, CancellationToken cancellationToken)
    {
        var bucket = BucketOf(path);
        var file = await bucket.HeadAsync(path, cancellationToken) ?? throw Fault.NotFound($"No such artifact: '{path}'");
        var expected = await contents.Database.ReadAsync(reader => watch.Expect(reader, path, version, cancellationToken), cancellationToken);
        if (expected.Count > 0)
        {
            var sha256 = (await bucket.DigestAsync(path, [file.Entry], cancellationToken))[0].Sha256!;
            if (!expected.Any(one => one.Sha256 == sha256))
            {
                throw Damage.Of(path.Text, sha256, $"in the bucket it was {(expected[0].Sha256 is null ? "added" : "replaced")} after {expected[0].Version} was registered");
            }
        }

        return bucket.Open(file);
    }

    private Task<ArtifactContent?> TryOpenAsync(ArtifactPath path, CancellationToken cancellationToken) => contents.Database.ReadAsync(
        async reader =>
        {
            if (await ArtifactNames.FindAsync(reader, path, cancellationToken) is not { } entry)
            {
                return null;
            }

            var stream = await contents.OpenAsync(reader, entry.Sha256 ?? throw Fault.Invalid($"'{path}' is a directory."), path.Text, cancellationToken);
            return stream.Length == entry.Size
                ? new ArtifactContent(path, stream, entry.Size)
                : throw Damage.Of(path.Text, stream.Sha256, "its size is not the one under its name");
        },
        cancellationToken);

    private async Task<ArtifactTotal> CountAsync(ArtifactPath path, CancellationToken cancellationToken)
    {
        var named = await contents.Database.ReadAsync(reader => ArtifactNames.CountAsync(reader, path, cancellationToken), cancellationToken);
        return _plain.ListAll(path).Aggregate(named, (total, entry) => new ArtifactTotal(total.Files + 1, total.Bytes + entry.Size));
    }
}
