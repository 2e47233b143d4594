using System.Text.Json;
using Slipway.Store;

namespace Slipway.Server.Delivery;

/// <summary>Puts an environment in force as its file says, in place of what it was.</summary>
/// <param name="Name">As it stands in the file.</param>
/// <param name="Text">The file.</param>
/// <param name="Seen">The version that the caller has seen; null when they do not mind which.</param>
internal sealed record ApplyEnvironment(string Name, string Text, long? Seen) : ChangeRequest<EnvironmentRow>
{
    public override string Action => "environment.apply";

    public override string Resource => $"environments/{Name}";

    /// <exception cref="Fault">The file can't be used; the message tells every problem with its line.</exception>
    public static ApplyEnvironment Decode(string? text, long? seen)
    {
        var file = Checks.Require.Text(text, "text");
        return new ApplyEnvironment(EnvironmentFile.Parse(file).Name, file, seen);
    }

    public override async Task<EnvironmentRow> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var before = await Environments.FindAsync(change, Name, cancellationToken);
        CheckSeen(Name, before, Seen);
        var parsed = EnvironmentFile.Parse(Text);
        await RefuseSharedPlaceAsync(change, parsed, cancellationToken);
        var row = new EnvironmentRow(Name, await Environments.NextVersionAsync(change, Name, cancellationToken))
        {
            Stage = parsed.Stage,
            Models = parsed.Models,
            Text = Text,
            At = change.Info.At,
            Actor = change.Info.Actor.Name,
        };
        await Environments.ApplyAsync(change, row, cancellationToken);
        change.Record(State(before), State(row));
        change.Announce("environment.applied", State(row)!);
        return row;
    }

    public static void CheckSeen(string name, EnvironmentRow? row, long? seen)
    {
        if (seen is not null && seen != row?.Version)
        {
            throw Fault.Outdated(row is null
                ? $"The environment {name} is not in force, and version {seen} of it was expected."
                : $"The environment {name} is at version {row.Version} by now, not at {seen}. Look at it, and apply the file anew.");
        }
    }

    /// <summary>An environment as the audit log tells of it.</summary>
    public static string? State(EnvironmentRow? row) => row is null
        ? null
        : JsonSerializer.Serialize(new EnvironmentState(row.Name, row.Version, row.Stage ?? "", row.Models, Governance.PipelineRow.DigestOf(row.Text)), DeliveryJson.Default.EnvironmentState);

    private static async Task RefuseSharedPlaceAsync(Reader reader, ServingEnvironment applied, CancellationToken cancellationToken)
    {
        var other = (await Environments.ListAsync(reader, cancellationToken)).Find(row => row.Name != applied.Name && row.Parse().Listen == applied.Listen && !applied.Listen.EndsWith(":0", StringComparison.Ordinal));
        if (other is not null)
        {
            throw Fault.Conflict($"The environment {other.Name} listens on {applied.Listen} already. Give {applied.Name} another address with 'listen', or one environment a pattern for all models.");
        }
    }
}

/// <summary>An environment as the audit log tells of it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Which version of it.</param>
/// <param name="Stage">The stage that it serves.</param>
/// <param name="Models">The pattern of its models.</param>
/// <param name="Digest">SHA-256 of its file.</param>
internal sealed record EnvironmentState(string Name, long Version, string Stage, string Models, string Digest);
