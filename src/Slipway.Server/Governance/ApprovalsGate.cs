using System.Globalization;
using Slipway.Store;

namespace Slipway.Server.Governance;

/// <summary>Asks for the yes of so many people, none of whom asked for the promotion.</summary>
/// <param name="Count">How many.</param>
/// <param name="Group">Whose members may give it; null for those to whom approving is granted on the model.</param>
/// <param name="AllowsServices">Whether a service's token may give it.</param>
internal sealed record ApprovalsGate(int Count, string? Group, bool AllowsServices) : IGate
{
    /// <summary>What its result is called.</summary>
    public const string Name = "approvals";

    // The approvals themselves are bound to what the other gates measured, so whoever knows that asks them.
    public Task<GateResult> CheckAsync(Reader reader, StageEntry entry, CancellationToken cancellationToken) =>
        Task.FromResult(new GateResult(Name, false, Required, "0"));

    public GateResult With(int given) => new(Name, given >= Count, Required, given.ToString(CultureInfo.InvariantCulture));

    private string Required => string.Create(CultureInfo.InvariantCulture, $"{Count} {(Group is null ? "by others than the requester" : $"of {Group}, not by the requester")}");
}
