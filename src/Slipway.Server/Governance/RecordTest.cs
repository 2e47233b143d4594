using System.Text.Json;
using Slipway.Server.Checks;
using Slipway.Server.Registry;
using Slipway.Store;
using Slipway.Wire.Governance;

namespace Slipway.Server.Governance;

/// <summary>Puts the result of a test of a version on record; the latest of each name is what counts.</summary>
internal sealed record RecordTest(string Name, long Version, string Test, string Outcome) : ChangeRequest<TestResultRow>
{
    private const int LinkLimit = 2000;
    private const int DigestLimit = 200;

    public override string Action => "test.record";

    public override string Resource => $"models/{Name}/versions/{Version}";

    /// <summary>Canonical JSON; null when nothing was measured.</summary>
    public string? Measured { get; init; }

    public string? Link { get; init; }

    public string? InputsDigest { get; init; }

    public static RecordTest Decode(string name, string version, RecordTestRequest wire) => new(name, ModelName.Version(version), Keys.Check(wire.Name, "name"), CheckOutcome(wire.Outcome))
    {
        Measured = MeasuredJson.Decode(wire.Measured),
        Link = string.IsNullOrEmpty(wire.Link) ? null : CheckLink(wire.Link),
        InputsDigest = string.IsNullOrEmpty(wire.InputsDigest) ? null : Text.Within(wire.InputsDigest, DigestLimit, "inputs_digest"),
    };

    public override async Task<TestResultRow> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var version = await ModelVersions.GetAsync(change, Name, Version, cancellationToken);
        var row = new TestResultRow(await change.TakeIdsAsync("test_results", 1, cancellationToken), version.Id, Test, Outcome)
        {
            Measured = Measured,
            Link = Link,
            InputsDigest = InputsDigest,
            ManifestDigest = version.ManifestDigest,
            Actor = change.Info.Actor.Name,
            At = change.Info.At,
            Sequence = change.Info.Sequence,
        };
        var before = (await TestResults.LatestAsync(change, version.Id, [Test], cancellationToken)).GetValueOrDefault(Test);
        await TestResults.AddAsync(change, row, cancellationToken);
        change.Record(State(before), State(row));
        change.Announce("test.recorded", JsonSerializer.Serialize(new TestEvent(Name, RegistryEvents.Digits(Version), Test, Outcome), EvidenceJson.Default.TestEvent));
        return row;
    }

    private static string CheckOutcome(string? outcome) => TestOutcome.Is(Require.Text(outcome, "outcome"))
        ? outcome!
        : throw Fault.Invalid($"Invalid value '{Text.Shorten(outcome!)}' for parameter 'outcome': it must be {TestOutcome.Passed}, {TestOutcome.Failed} or {TestOutcome.Error}.");

    // People click on it.
    private static string CheckLink(string link) => Uri.TryCreate(Text.Within(link, LinkLimit, "link"), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
        ? link
        : throw Fault.Invalid($"Invalid value '{Text.Shorten(link)}' for parameter 'link': it must be an http or https address.");

    private static string? State(TestResultRow? row) => row is null
        ? null
        : JsonSerializer.Serialize(new TestState(row.Name, row.Outcome, row.Measured, row.Link, row.InputsDigest), EvidenceJson.Default.TestState);
}

/// <summary>A result as the audit log tells of it.</summary>
/// <param name="Test">The test's name.</param>
/// <param name="Outcome">What it came to.</param>
/// <param name="Measured">What it measured, as a text of canonical JSON.</param>
/// <param name="Link">Where more is told.</param>
/// <param name="InputsDigest">Over what it was given.</param>
internal sealed record TestState(string Test, string Outcome, string? Measured, string? Link, string? InputsDigest);

/// <summary>What is announced of a result.</summary>
internal sealed record TestEvent(string Name, string Version, string Test, string Outcome);
