using Slipway.Server.Checks;
using Slipway.Server.Governance;
using Slipway.Server.Governance.Files;
using Slipway.Server.Registry;
using Slipway.Store;
using Slipway.Wire.Delivery;

namespace Slipway.Server.Delivery.Trials;

/// <summary>Begins to serve a version of an earlier stage beside the stable one, for a share of the traffic and a time. No stage changes by that.</summary>
internal sealed record StartTrial(string Name, long Version, string Environment) : ChangeRequest<RolloutRow>
{
    private const double UsualPercent = 10;
    private const double LeastPercent = 0.01;

    // The stable version has to be seen as often.
    private const double MostPercent = 50;
    private const long UsualSamples = 200;
    private const long MostSamples = 100_000_000;
    private static readonly TimeSpan UsualTime = TimeSpan.FromHours(24);
    private static readonly TimeSpan MostTime = TimeSpan.FromDays(90);

    public override string Action => "rollout.begin";

    public override string Resource => $"models/{Name}/versions/{Version}";

    public double Percent { get; init; } = UsualPercent;

    public TimeSpan Time { get; init; } = UsualTime;

    public long Samples { get; init; } = UsualSamples;

    public IReadOnlyList<string> Metrics { get; init; } = [];

    public static StartTrial Decode(string name, string version, StartTrialRequest wire) => new(name, ModelName.Version(version), Require.Text(wire.Environment, "environment"))
    {
        Percent = wire.Percent switch
        {
            null => UsualPercent,
            >= LeastPercent and <= MostPercent => wire.Percent.Value,
            _ => throw Fault.Invalid(FormattableString.Invariant($"Invalid value {wire.Percent} for parameter 'percent': must be from {LeastPercent} to {MostPercent}.")),
        },
        Time = string.IsNullOrEmpty(wire.For) ? UsualTime : ReadTime(wire.For),
        Samples = wire.Samples is null or (>= 1 and <= MostSamples)
            ? wire.Samples ?? UsualSamples
            : throw Fault.Invalid($"Invalid value {wire.Samples} for parameter 'samples': must be from 1 to {MostSamples}."),
        Metrics = [.. Require.Texts(wire.Metrics, "metrics").Distinct().Select(ReadMetric)],
    };

    public override async Task<RolloutRow> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var version = await ModelVersions.GetAsync(change, Name, Version, cancellationToken);
        var environment = (await Environments.GetAsync(change, Environment, cancellationToken)).Parse();
        await RefuseElsewhereAsync(change, environment, cancellationToken);
        await TrialStages.DemandAsync(change, version, environment, cancellationToken);
        await RefuseRevokedAsync(change, version, cancellationToken);
        if (await Deployments.FindAsync(change, (environment.Name, version.Model), DeploymentPlace.Stable, cancellationToken) is null)
        {
            throw Fault.Conflict($"No version of '{Name}' serves in {environment.Name} yet, so there is nothing to compare with. Promote one to {environment.Stage} first.");
        }

        var terms = new TrialTerms(Percent, (long)Time.TotalMilliseconds, Samples, Metrics, version.Stage);
        var rollout = await BeginRollout.AddAsync(change, environment.Name, version, new RolloutCause(RolloutKind.Trial) { Trial = terms }, cancellationToken);
        RolloutEvents.Tell(change, null, rollout);
        return rollout;
    }

    private async Task RefuseElsewhereAsync(Reader reader, ServingEnvironment environment, CancellationToken cancellationToken)
    {
        if (await Environments.FindServingAsync(reader, (Name, environment.Stage), cancellationToken) is { } serving && serving.Name == environment.Name)
        {
            return;
        }

        throw Fault.Conflict($"The environment {environment.Name} does not serve '{Name}', but models like '{environment.Models}'. 'slipway environments list' shows which one does.");
    }

    private static async Task RefuseRevokedAsync(Reader reader, ModelVersionRow version, CancellationToken cancellationToken)
    {
        if (await Revocations.FindReasonAsync(reader, version.Id, cancellationToken) is { } reason)
        {
            throw new RefusedException($"Version {version.Version} of '{version.Name}' was revoked: {reason}. It can't be tried any more.");
        }
    }

    private static TimeSpan ReadTime(string text) => DurationText.Find(text) is { } time && time <= MostTime
        ? time
        : throw Fault.Invalid($"Invalid value '{Text.Shorten(text)}' for parameter 'for': must be a time such as 30m or 24h, at most {MostTime.TotalDays:0}d.");

    private static string ReadMetric(string text) => TrialTerms.AllMetrics.Contains(text)
        ? text
        : throw Fault.Invalid($"Invalid value '{Text.Shorten(text)}' for parameter 'metrics': must be of {string.Join(", ", TrialTerms.AllMetrics)}.");
}
