using System.Globalization;
using Slipway.Wire;
using Slipway.Wire.Delivery;

namespace Slipway.Client;

/// <content>Environments, and what is served in them.</content>
public sealed partial class SlipwayClient
{
    /// <summary>Puts an environment in force as its file says, for which the caller has to be an admin.</summary>
    /// <param name="request">The file; one that can't be used fails with <c>INVALID_PARAMETER_VALUE</c>, and the message tells every problem with its line.</param>
    /// <param name="seen">The version that the caller has seen: it fails when another is in force by now. Null replaces whatever there is.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task<ServedEnvironment> ApplyEnvironmentAsync(ApplyEnvironmentRequest request, long? seen = null, CancellationToken cancellationToken = default) =>
        CallAsync<ApplyEnvironmentRequest, ServedEnvironment>(HttpMethod.Post, ("environments", seen), request, cancellationToken);

    /// <summary>The environments in force, by name, without their texts.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<ServedEnvironment>> ListEnvironmentsAsync(CancellationToken cancellationToken = default) =>
        (await AskAsync<EnvironmentsResponse>("environments", cancellationToken)).Environments;

    /// <summary>An environment with its text.</summary>
    /// <param name="name">Its name; unknown fails with <c>RESOURCE_DOES_NOT_EXIST</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<ServedEnvironment> GetEnvironmentAsync(string name, CancellationToken cancellationToken = default) =>
        AskAsync<ServedEnvironment>($"environments/{Uri.EscapeDataString(name)}", cancellationToken);

    /// <summary>Takes an environment out of force, for which the caller has to be an admin: its gateway and workers end, and no version moves.</summary>
    /// <param name="name">Its name; unknown fails with <c>RESOURCE_DOES_NOT_EXIST</c>.</param>
    /// <param name="seen">The version that the caller has seen: it fails when another is in force by now. Null takes away whatever there is.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task DeleteEnvironmentAsync(string name, long? seen = null, CancellationToken cancellationToken = default) =>
        CallAsync<EmptyResponse, EmptyResponse>(HttpMethod.Delete, ($"environments/{Uri.EscapeDataString(name)}", seen), null, cancellationToken);

    /// <summary>What is served of a model, and the rollouts that brought it there, the newest first.</summary>
    /// <param name="model">The model's name; unknown fails with <c>RESOURCE_DOES_NOT_EXIST</c>.</param>
    /// <param name="limit">How many of each at most, 1 to 1,000; null for 50.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<DeploymentsResponse> GetDeploymentsAsync(string model, long? limit = null, CancellationToken cancellationToken = default) =>
        AskAsync<DeploymentsResponse>(string.Create(CultureInfo.InvariantCulture, $"models/{Uri.EscapeDataString(model)}/deployments{(limit is null ? "" : "?limit=")}{limit}"), cancellationToken);

    /// <summary>What the judge of a rollout saw, look by look; at most 1,000.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="rollout">The rollout's number; unknown fails with <c>RESOURCE_DOES_NOT_EXIST</c>.</param>
    /// <param name="after">Those with a higher number than this; null for the first ones.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<RolloutLook>> GetLooksAsync(string model, long rollout, long? after = null, CancellationToken cancellationToken = default) =>
        (await AskAsync<RolloutLooksResponse>(string.Create(CultureInfo.InvariantCulture, $"models/{Uri.EscapeDataString(model)}/rollouts/{rollout}/looks{(after is null ? "" : "?after=")}{after}"), cancellationToken)).Looks;

    /// <summary>Serves a version of an earlier stage beside the stable one, for a share of the traffic and a time. No stage changes; it ends in the test <c>a_b_test</c>.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="version">The version's number, as digits.</param>
    /// <param name="request">Where, and how much of it; a version of another stage, and one with nothing to compare it with, fails with <c>BAD_REQUEST</c>.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task<Rollout> StartTrialAsync(string model, string version, StartTrialRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<StartTrialRequest, Rollout>(HttpMethod.Post, $"{VersionPath(model, version)}/trials", request, cancellationToken);

    /// <summary>Ends a trial before its time. No test is recorded.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="request">Where, and why; it fails with <c>RESOURCE_DOES_NOT_EXIST</c> when no trial is under way.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task<Rollout> StopTrialAsync(string model, StopTrialRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<StopTrialRequest, Rollout>(HttpMethod.Post, $"models/{Uri.EscapeDataString(model)}/trials/stop", request, cancellationToken);
}
