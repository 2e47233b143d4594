using System.Text.Json;
using Slipway.Server.Governance.Files;
using Slipway.Store;

namespace Slipway.Server.Governance;

/// <summary>Puts a pipeline in force as its file says, or a new version of it. No version of a model moves by that.</summary>
/// <param name="Name">As it stands in the file.</param>
/// <param name="Text">The file.</param>
/// <param name="Seen">The version that the caller has seen; null when they do not mind which.</param>
internal sealed record ApplyPipeline(string Name, string Text, long? Seen) : ChangeRequest<AppliedPipeline>
{
    public override string Action => "pipeline.apply";

    public override string Resource => $"pipelines/{Name}";

    /// <exception cref="Fault">The file can't be used; the message tells every problem with its line.</exception>
    public static ApplyPipeline Decode(string? text, long? seen)
    {
        var file = Checks.Require.Text(text, "text");
        return new ApplyPipeline(PipelineFile.Parse(file, version: 1).Name, file, seen);
    }

    public override async Task<AppliedPipeline> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var before = await FindSeenAsync(change, cancellationToken);
        if (before is not null && IsSame(before))
        {
            change.Record(State(before), State(before));
            return new AppliedPipeline(before, IsChanged: false);
        }

        var row = new PipelineRow(Name, await Pipelines.NextVersionAsync(change, Name, cancellationToken))
        {
            At = change.Info.At,
            Actor = change.Info.Actor.Name,
            Digest = PipelineRow.DigestOf(Text),
            Text = Text,
        };
        await Pipelines.ApplyAsync(change, row, cancellationToken);
        change.Record(State(before), State(row));
        change.Announce("pipeline.applied", State(row)!);
        return new AppliedPipeline(row, IsChanged: true);
    }

    /// <summary>What is in force, if it is what the caller has seen.</summary>
    /// <exception cref="Fault">It is another version.</exception>
    public async Task<PipelineRow?> FindSeenAsync(Reader reader, CancellationToken cancellationToken)
    {
        var row = await Pipelines.FindAsync(reader, Name, cancellationToken);
        CheckSeen(Name, row, Seen);
        return row;
    }

    public bool IsSame(PipelineRow row) => row.Text == Text;

    public static void CheckSeen(string name, PipelineRow? row, long? seen)
    {
        if (seen is not null && seen != row?.Version)
        {
            throw Fault.Outdated(row is null
                ? $"The pipeline {name} is not in force, and version {seen} of it was expected."
                : $"The pipeline {name} is at version {row.Version} by now, not at {seen}. Look at it, and apply the file anew.");
        }
    }

    /// <summary>A version as the audit log tells of it.</summary>
    public static string? State(PipelineRow? row) => row is null
        ? null
        : JsonSerializer.Serialize(new PipelineState(row.Name, row.Version, row.Parse().Models, row.Digest), EvidenceJson.Default.PipelineState);
}

/// <summary>What applying came to.</summary>
/// <param name="Row">What is in force now.</param>
/// <param name="IsChanged">Whether it was not before.</param>
internal sealed record AppliedPipeline(PipelineRow Row, bool IsChanged);

/// <summary>A pipeline as the audit log tells of it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Which version of it.</param>
/// <param name="Models">The pattern of its models.</param>
/// <param name="Digest">SHA-256 of its file.</param>
internal sealed record PipelineState(string Name, long Version, string Models, string Digest);
