using System.Text.Json;
using Slipway.Store;

namespace Slipway.Server.Artifacts;

/// <summary>Deletes a file or a folder of the store.</summary>
/// <remarks>
/// A name goes with the change; its content stays until a sweep finds that nothing refers to it. What lies in the old layout
/// waits in the trash until it is known whether this change is in the audit log: then it is purged, else put back. That also
/// holds when the process is killed in between.
/// </remarks>
internal sealed record DeleteArtifact(ArtifactPath Path, ArtifactTotal Total, Trash Trash) : ChangeRequest<ArtifactTotal>
{
    public override string Action => "artifact.delete";

    public override string Resource => $"artifacts/{Path}";

    /// <summary>Under this, the artifact is in the trash; null before it was tried.</summary>
    public string? ChangeId { get; private set; }

    public override async Task<ArtifactTotal> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        ChangeId = change.Info.Id;
        if (Trash.CanTake(Path))
        {
            await OldLayout.HoldAsync(change, cancellationToken);
        }

        var isTaken = await Trash.TakeAsync(ChangeId, Path, cancellationToken);
        if (await ArtifactNames.RemoveAsync(change, Path, change.Info.At, cancellationToken) == 0 && !isTaken)
        {
            throw Fault.NotFound($"No such artifact: '{Path}'");
        }

        await ArtifactDigests.RemoveAsync(change, Path, cancellationToken);
        change.Record(JsonSerializer.Serialize(new { files = Total.Files, bytes = Total.Bytes }), null);
        return Total;
    }
}

/// <summary>How much there is of something.</summary>
internal sealed record ArtifactTotal(long Files, long Bytes);
