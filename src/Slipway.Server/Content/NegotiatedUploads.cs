using System.Security.Cryptography;
using Slipway.Store;

namespace Slipway.Server.Content;

/// <summary>Uploads of which only what is missing is sent, and which go on after a break.</summary>
/// <remarks>
/// 1. It is begun for a place, and perhaps upon a base that its owner may read. 2. Its bytes come in their order, in as many
/// requests as it takes: as bytes, or as chunks of the base, by their place there. No hash is ever taken for bytes, and no
/// answer depends on what others have stored. 3. What has come is on disk when a request is answered, under a lease of a day.
/// 4. In the end all of it is read and hashed, and named in one transaction.
/// </remarks>
internal sealed class NegotiatedUploads(ContentStore store)
{
    private const int MostAtOnce = 256;

    private DateTimeOffset Now => store.Settings.Time.GetUtcNow();

    private long At => Now.ToUnixTimeMilliseconds();

    private DateTimeOffset Until => Now + ContentLeases.LongLifetime;

    /// <summary>Begins an upload, or finds the one that its owner began for the same content at the same place.</summary>
    /// <param name="writer">The transaction, in which the caller was judged on the place and on the base.</param>
    /// <param name="wanted">Whose, for what, and upon what; without an id.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<UploadRow> BeginAsync(Writer writer, UploadRow wanted, CancellationToken cancellationToken)
    {
        var open = await ContentUploads.ListAsync(writer, wanted.Owner, cancellationToken);
        if (open.Find(one => one.For == wanted.For && one.Base == wanted.Base && one.Expected == wanted.Expected) is { } found)
        {
            await ContentLeases.HoldAsync(writer, found.Id, Until, cancellationToken);
            return found;
        }

        if (open.Count >= MostAtOnce)
        {
            throw Fault.Conflict($"You have {MostAtOnce} uploads under way. Complete some of them, or break them off.");
        }

        var row = wanted with { Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), Object = await writer.TakeIdsAsync("content_objects", 1, cancellationToken) };
        await ContentLeases.BeginAsync(writer, row.Id, Until, cancellationToken);
        await ContentLeases.BindAsync(writer, row.Id, row.Object, cancellationToken);
        await ContentUploads.AddAsync(writer, row, At, cancellationToken);
        return row;
    }

    /// <summary>Takes in what comes next, and answers where the upload then stands.</summary>
    public async Task<long> ReceiveAsync(UploadRow row, Stream body, CancellationToken cancellationToken)
    {
        using var intake = new ContentIntake(store, row.Id, new IntakePoint(row.Object, row.Position), MarkAsync);
        await new UploadRuns(store, row, intake).ReceiveAsync(body, cancellationToken);
        return (await intake.FlushAsync(cancellationToken)).Size;

        async Task MarkAsync(Writer writer, IntakeStep step, CancellationToken token)
        {
            await ContentLeases.HoldAsync(writer, row.Id, Until, token);
            await ContentUploads.MoveAsync(writer, row.Id, (step.From.Size, step.To.Size), At, token);
        }
    }

    /// <summary>Names what has come, in one transaction. Once it is done, it answers the same again, and nothing more is written.</summary>
    /// <param name="row">The upload.</param>
    /// <param name="guard">Judges the caller in the transaction.</param>
    /// <param name="refer">Writes what refers to the content. It may be called again after a rollback.</param>
    /// <param name="cancellationToken">Ends the attempt before the transaction.</param>
    public async Task<StoredContent> CompleteAsync(UploadRow row, WriteGuard? guard, Func<Writer, StoredContent, CancellationToken, Task> refer, CancellationToken cancellationToken)
    {
        if (row.IsDone)
        {
            return row.Expected;
        }

        await VerifyAsync(row, (content, token) => SHA256.HashDataAsync(content, token).AsTask(), cancellationToken);
        return await store.Ingest.WriteAsync(
            async (writer, token) =>
            {
                await WriteDownAsync(writer, row, token);
                await refer(writer, row.Expected, token);
                return row.Expected;
            },
            guard,
            CancellationToken.None);
    }

    /// <summary>Reads all that has come, and forgets the upload when it is not what was announced.</summary>
    /// <param name="row">The upload.</param>
    /// <param name="hash">Reads it to its end, and answers its SHA-256.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="Fault">It is not, or not all of it has come.</exception>
    public async Task VerifyAsync(UploadRow row, Func<Stream, CancellationToken, Task<byte[]>> hash, CancellationToken cancellationToken)
    {
        row.DemandAll();
        await using var content = new ObjectStream(store.Database, store.Blobs, row.Content, row.For.Name);
        var sha256 = Convert.ToHexStringLower(await hash(content, cancellationToken));
        if (sha256 != row.Expected.Sha256)
        {
            await AbandonAsync(row);
            throw Fault.Invalid($"What was sent hashes to {sha256} and not, as was announced, to {row.Expected.Sha256}. Send it again from its beginning.");
        }
    }

    /// <summary>Makes known content of an upload that was verified, in the transaction that refers to it.</summary>
    public async Task WriteDownAsync(Writer writer, UploadRow row, CancellationToken cancellationToken)
    {
        await ContentUploads.FinishAsync(writer, row.Id, At, cancellationToken);
        await ContentLeases.CompleteAsync(writer, row.Id, cancellationToken);
        await ContentObjects.CompleteAsync(writer, row.Content, At, cancellationToken);
    }

    /// <summary>Breaks an upload off. What it stored goes with the next sweep.</summary>
    public Task<bool> AbandonAsync(UploadRow row) => store.Ingest.WriteAsync(
        async (writer, token) =>
        {
            await ContentUploads.RemoveAsync(writer, row.Id, token);
            await ContentLeases.EndAsync(writer, row.Id, token);
            return true;
        },
        CancellationToken.None);
}
