using Slipway.Server.Content;
using Slipway.Store;

namespace Slipway.Server.Artifacts;

/// <summary>The stored artifacts: names in the database, contents in the content store; and files of the old layout, which a name of the database hides.</summary>
/// <param name="root">Where files of the old layout are.</param>
/// <param name="trash">Where they go.</param>
/// <param name="contents">Takes contents.</param>
/// <param name="watch">Refuses to write what must stay as it is, and looks at what was stored.</param>
internal sealed class ArtifactStore(ArtifactRoot root, Trash trash, ContentStore contents, (FileProtection Protect, FileNotice Notice) watch)
{
    private const int ManifestLimit = 100_000;

    private readonly PlainFiles _plain = new(root, contents.Database, contents.Ingest);

    /// <summary>What has this name; null when nothing has.</summary>
    public async Task<ArtifactEntry?> FindAsync(ArtifactPath path, CancellationToken cancellationToken)
    {
        // The old layout first: what is moved into the store meanwhile is then found there.
        var plain = _plain.Find(path);
        return path.IsRoot ? plain : await contents.Database.ReadAsync(reader => ArtifactNames.FindAsync(reader, path, cancellationToken), cancellationToken) ?? plain;
    }

    /// <summary>Opens a file. Who has it open reads the same bytes to the end, also when it is overwritten or deleted.</summary>
    /// <exception cref="Fault">There is no such file, or it is damaged.</exception>
    public async Task<ArtifactContent> OpenReadAsync(ArtifactPath path, CancellationToken cancellationToken)
    {
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
        var plain = _plain.List(folder);
        var named = await contents.Database.ReadAsync(reader => ArtifactNames.ListAsync(reader, folder, cancellationToken), cancellationToken);
        return plain.Count == 0 ? named : [.. named.UnionBy(plain, entry => entry.Path.Text).OrderBy(entry => entry.Path.Name, CodePointOrder.Instance)];
    }

    /// <summary>Every file at or below the name, in no order, up to a limit.</summary>
    public async Task<IReadOnlyList<ArtifactEntry>> ListAllAsync(ArtifactPath path, int limit, CancellationToken cancellationToken)
    {
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
        await using var upload = await contents.BeginAsync(cancellationToken);
        await upload.ReceiveAsync(body, cancellationToken);
        var stored = await upload.CompleteAsync((writer, content, token) => NameAsync(writer, path, content, token));
        await NoticeAsync(path, cancellationToken);
        return new StoredFile(path, stored.Size, stored.Sha256);
    }

    /// <summary>Has those look at a file who want to know what was stored; when a name was given by <see cref="NameAsync"/>, before that is answered.</summary>
    public Task NoticeAsync(ArtifactPath path, CancellationToken cancellationToken) => watch.Notice(path, cancellationToken);

    /// <summary>Whether a file may have this name; it is asked again when the file is named.</summary>
    /// <exception cref="Fault">The name is taken by a folder, lies below a file, or what has it must stay.</exception>
    public async Task DemandFreeAsync(Reader reader, ArtifactPath path, CancellationToken cancellationToken)
    {
        await watch.Protect(reader, path, cancellationToken);
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

        var hashed = await _plain.DigestAsync(source, [.. entries.Where(entry => entry.Sha256 is null)], cancellationToken);
        var files = entries.Where(entry => entry.Sha256 is not null).Concat(hashed)
            .Select(entry => new ManifestFile(entry.Path == source ? source.Name : entry.Path.From(source), entry.Size, entry.Sha256!))
            .ToList();
        return files.Count == 0 ? null : Manifest.Of(files);
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
