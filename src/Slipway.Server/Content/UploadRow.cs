using Slipway.Store;

namespace Slipway.Server.Content;

/// <summary>An upload that sends only what is missing.</summary>
internal sealed record UploadRow(string Id, string Owner, UploadPlace For, UploadBase? Base, StoredContent Expected)
{
    /// <summary>The id of the object that it becomes, unless its content is known by then.</summary>
    public long Object { get; init; }

    /// <summary>So much of it is on disk and written down.</summary>
    public long Position { get; init; }

    public bool IsDone { get; init; }

    /// <summary>What is read to check it; nobody else sees the object before it is complete.</summary>
    public ContentObject Content => ContentObject.Of(Object, Expected.Sha256, Expected.Size);

    /// <exception cref="Fault">Something is still to come.</exception>
    public void DemandAll()
    {
        if (Position != Expected.Size)
        {
            throw Fault.Conflict($"The upload is not complete: {Position} of {Expected.Size} bytes have come.");
        }
    }
}

/// <summary>A content whose chunks need not be sent: where its owner of rights is, and what it was when the upload began.</summary>
internal sealed record UploadBase(UploadPlace Place, string Sha256);
