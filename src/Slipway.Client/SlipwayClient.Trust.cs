using Slipway.Wire;
using Slipway.Wire.Governance;

namespace Slipway.Client;

public sealed partial class SlipwayClient
{
    /// <summary>Says that the code in a version's files may run; for admins. It counts for the files as they are now.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="version">The version's number, as digits.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task<VersionTrust> TrustVersionAsync(string model, string version, string reason, CancellationToken cancellationToken = default) =>
        CallAsync<ReasonRequest, VersionTrust>(HttpMethod.Post, $"{VersionPath(model, version)}/trust", new ReasonRequest(reason), cancellationToken);

    /// <summary>Takes the trust in a version's code back; for admins.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="version">The version's number, as digits.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task<VersionTrust> DistrustVersionAsync(string model, string version, CancellationToken cancellationToken = default) =>
        CallAsync<EmptyResponse, VersionTrust>(HttpMethod.Delete, $"{VersionPath(model, version)}/trust", null, cancellationToken);

    /// <summary>Who trusts the code in a version's files; <c>RESOURCE_DOES_NOT_EXIST</c> when nobody does.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="version">The version's number, as digits.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<VersionTrust> GetVersionTrustAsync(string model, string version, CancellationToken cancellationToken = default) =>
        AskAsync<VersionTrust>($"{VersionPath(model, version)}/trust", cancellationToken);
}
