using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Server.Checks;
using Slipway.Server.Governance.Promoting;
using Slipway.Server.Registry;
using Slipway.Store;
using Slipway.Wire.Governance;

namespace Slipway.Server.Governance.Trusting;

/// <summary>Says that the code in a version's files may run: someone has looked at it and answers for it.</summary>
internal sealed record TrustVersion(string Name, long Version, string Reason) : ChangeRequest<VersionTrust>
{
    public override string Action => "version.trust";

    public override string Resource => $"models/{Name}/versions/{Version}";

    /// <summary>What the files are now; null when nobody looked.</summary>
    public ObservedFiles? Observed { get; init; }

    public static TrustVersion Decode(string name, string version, ReasonRequest wire) =>
        new(name, ModelName.Version(version), Text.Within(Require.Text(wire.Reason?.Trim(), "reason"), RequestPromotion.TextLimit, "reason"));

    public override async Task<VersionTrust> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var version = await ModelVersions.GetAsync(change, Name, Version, cancellationToken);
        var trust = new TrustRow(CheckFiles(version), Reason, change.Info.Actor.Name, change.Info.At);
        if (!await Trusts.TryAddAsync(change, version.Id, trust, cancellationToken))
        {
            throw Fault.Conflict($"Version {Version} of '{Name}' is trusted already.");
        }

        change.Record(null, State(trust));
        PromotionEvents.Announce(change, "version.trusted", new PromotionEvent(Name, Version, version.Stage) { Actor = trust.Actor, Reason = Reason });
        return trust.ToWire(version.Name, RegistryEvents.Digits(version.Version));
    }

    internal static string State(TrustRow trust) => JsonSerializer.Serialize(new TrustState(trust.ManifestDigest, trust.Reason), TrustJson.Default.TrustState);

    // What was looked at has to be what was registered, for that is what the trust is bound to.
    private string CheckFiles(ModelVersionRow version) => version.ManifestDigest switch
    {
        null => throw Fault.Conflict($"Version {Version} of '{Name}' can't be trusted: the server does not hold its files, so it could not tell when they change."),
        var registered when Observed?.Version == version.Id && Observed.Digest == registered => registered,
        _ => throw Fault.Conflict($"Version {Version} of '{Name}' can't be trusted: its files were altered since it was registered. Register them as a version of their own."),
    };
}

/// <summary>Takes the trust in a version's code back.</summary>
internal sealed record DistrustVersion(string Name, long Version) : ChangeRequest<VersionTrust>
{
    public override string Action => "version.distrust";

    public override string Resource => $"models/{Name}/versions/{Version}";

    public override async Task<VersionTrust> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var version = await ModelVersions.GetAsync(change, Name, Version, cancellationToken);
        var trust = await Trusts.FindAsync(change, version.Id, cancellationToken) ?? throw TrustRoutes.NotTrusted(version);
        await Trusts.RemoveAsync(change, version.Id, cancellationToken);
        change.Record(TrustVersion.State(trust), null);
        PromotionEvents.Announce(change, "version.distrusted", new PromotionEvent(Name, Version, version.Stage) { Actor = change.Info.Actor.Name });
        return trust.ToWire(version.Name, RegistryEvents.Digits(version.Version));
    }
}

/// <summary>A trust as the audit log tells of it.</summary>
internal sealed record TrustState(string ManifestDigest, string Reason);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TrustState))]
internal sealed partial class TrustJson : JsonSerializerContext;
