using System.Security.Cryptography;
using Slipway.Store;

namespace Slipway.Server.Content;

/// <summary>Content on its way in, in one piece.</summary>
/// <remarks>
/// At the end the object is written down, in one transaction with what refers to it. Until then nobody sees any of it but as
/// chunks to build upon; after a crash the next upload of the same content finds those that were written down.
/// </remarks>
internal sealed class ContentUpload : IAsyncDisposable
{
    private readonly ContentStore _store;
    private readonly string _lease;
    private readonly ContentIntake _intake;
    private readonly IncrementalHash _whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    private bool _isComplete;

    private ContentUpload(ContentStore store, string lease)
    {
        (_store, _lease) = (store, lease);
        _intake = new ContentIntake(store, lease, IntakePoint.Nothing, MarkAsync);
    }

    private DateTimeOffset Now => _store.Settings.Time.GetUtcNow();

    public static async Task<ContentUpload> BeginAsync(ContentStore store, CancellationToken cancellationToken)
    {
        var upload = new ContentUpload(store, Guid.CreateVersion7().ToString("n"));
        try
        {
            await upload.WriteAsync((writer, token) => ContentLeases.BeginAsync(writer, upload._lease, upload.Now + ContentLeases.Lifetime, token), cancellationToken);
            return upload;
        }
        catch
        {
            await upload.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes in all of a body, in constant memory.</summary>
    /// <exception cref="Fault">The disk or the database does not take it.</exception>
    public Task ReceiveAsync(Stream body, CancellationToken cancellationToken) => _intake.ReceiveAsync(body, _whole, cancellationToken);

    /// <summary>Writes the content down, together with what refers to it. When this returns, both are on disk.</summary>
    /// <param name="refer">Writes what refers to the content. It may be called again after a rollback.</param>
    public async Task<StoredContent> CompleteAsync(Func<Writer, StoredContent, CancellationToken, Task> refer)
    {
        var stored = new StoredContent(Convert.ToHexStringLower(_whole.GetHashAndReset()), _intake.Size);
        var writeRestAsync = await _intake.FinishAsync();
        await WriteAsync(
            async (writer, token) =>
            {
                await ContentLeases.CompleteAsync(writer, _lease, token);
                var point = await writeRestAsync(writer, token);
                await ContentObjects.CompleteAsync(writer, ContentObject.Of(point.Object, stored.Sha256, stored.Size), Now.ToUnixTimeMilliseconds(), token);
                await refer(writer, stored, token);
            },
            CancellationToken.None);
        _isComplete = true;
        return stored;
    }

    public async ValueTask DisposeAsync()
    {
        _intake.Dispose();
        _whole.Dispose();
        if (_isComplete)
        {
            return;
        }

        try
        {
            await WriteAsync((writer, token) => ContentLeases.EndAsync(writer, _lease, token), CancellationToken.None);
        }
        catch (Fault fault) when (fault.Kind == FaultKind.Unavailable)
        {
            // Then it ends by itself, when it expires.
        }
    }

    private async Task MarkAsync(Writer writer, IntakeStep step, CancellationToken cancellationToken)
    {
        await ContentLeases.HoldAsync(writer, _lease, Now + ContentLeases.Lifetime, cancellationToken);
        if (step.To.Object > 0)
        {
            await ContentLeases.BindAsync(writer, _lease, step.To.Object, cancellationToken);
        }
    }

    private Task<bool> WriteAsync(Func<Writer, CancellationToken, Task> write, CancellationToken cancellationToken) => _store.Ingest.WriteAsync(
        async (writer, token) =>
        {
            await write(writer, token);
            return true;
        },
        cancellationToken);
}
