using System.Globalization;
using Slipway.Wire;
using Slipway.Wire.Governance;

namespace Slipway.Client;

/// <content>Pipelines, tests as evidence, and checks.</content>
public sealed partial class SlipwayClient
{
    /// <summary>Puts the pipeline of a file in force, for which the caller has to be an admin.</summary>
    /// <param name="request">The file; one that can't be used fails with <c>INVALID_PARAMETER_VALUE</c>, and the message tells every problem with its line.</param>
    /// <param name="seen">The version that the caller has seen: it fails when another is in force by now. Null replaces whatever there is.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task<AppliedPipelineResponse> ApplyPipelineAsync(ApplyPipelineRequest request, long? seen = null, CancellationToken cancellationToken = default) =>
        CallAsync<ApplyPipelineRequest, AppliedPipelineResponse>(HttpMethod.Post, ("pipelines", seen), request, cancellationToken);

    /// <summary>The pipelines in force, by name, without their texts.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<PipelineVersion>> ListPipelinesAsync(CancellationToken cancellationToken = default) =>
        (await AskAsync<PipelinesResponse>("pipelines", cancellationToken)).Pipelines;

    /// <summary>A version of a pipeline with its text.</summary>
    /// <param name="name">Its name; unknown fails with <c>RESOURCE_DOES_NOT_EXIST</c>.</param>
    /// <param name="version">Any that was ever applied; null for the one in force.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<PipelineVersion> GetPipelineAsync(string name, long? version = null, CancellationToken cancellationToken = default)
    {
        var path = $"pipelines/{Uri.EscapeDataString(name)}";
        return AskAsync<PipelineVersion>(version is null ? path : string.Create(CultureInfo.InvariantCulture, $"{path}/versions/{version}"), cancellationToken);
    }

    /// <summary>Takes a pipeline out of force, for which the caller has to be an admin. Its versions stay on record.</summary>
    /// <param name="name">Its name; unknown fails with <c>RESOURCE_DOES_NOT_EXIST</c>.</param>
    /// <param name="seen">The version that the caller has seen: it fails when another is in force by now. Null takes away whatever there is.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task DeletePipelineAsync(string name, long? seen = null, CancellationToken cancellationToken = default) =>
        CallAsync<EmptyResponse, EmptyResponse>(HttpMethod.Delete, ($"pipelines/{Uri.EscapeDataString(name)}", seen), null, cancellationToken);

    /// <summary>Puts the result of a test of a version on record, for which the caller has to be one who may edit the model.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="version">The version's number, as digits.</param>
    /// <param name="request">What it came to.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public async Task<TestResult> RecordTestAsync(string model, string version, RecordTestRequest request, CancellationToken cancellationToken = default) =>
        (await CallAsync<RecordTestRequest, TestResponse>(HttpMethod.Post, $"{PathOf(model, version)}/tests", request, cancellationToken)).Test;

    /// <summary>Runs tests of a version in a worker beside the server, and puts what they come to on record, for which the caller has to be one who may edit the model.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="version">The version's number, as digits.</param>
    /// <param name="request">Which tests, and what they are held against.</param>
    /// <param name="cancellationToken">Ends the wait, and the tests.</param>
    public async Task<IReadOnlyList<TestResult>> RunTestsAsync(string model, string version, RunTestsRequest request, CancellationToken cancellationToken = default) =>
        (await CallAsync<RunTestsRequest, TestsResponse>(HttpMethod.Post, ($"{PathOf(model, version)}/test-runs", null), request, Timeout.InfiniteTimeSpan, cancellationToken)).Tests;

    /// <summary>One page of the results of a version's tests, the last recorded first.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="version">The version's number, as digits.</param>
    /// <param name="before">What the page before said is next; null for the first page.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<TestsResponse> ListTestsAsync(string model, string version, long? before = null, CancellationToken cancellationToken = default) =>
        AskAsync<TestsResponse>(string.Create(CultureInfo.InvariantCulture, $"{PathOf(model, version)}/tests{(before is null ? "" : "?before=")}{before}"), cancellationToken);

    /// <summary>Says whether a version may enter a stage now, gate by gate.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="version">The version's number, as digits.</param>
    /// <param name="stage">Where to.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<CheckResponse> CheckAsync(string model, string version, string stage, CancellationToken cancellationToken = default) =>
        AskAsync<CheckResponse>($"{PathOf(model, version)}/check?stage={Uri.EscapeDataString(stage)}", cancellationToken);

    /// <summary>The version that an alias points to; <c>latest</c> is the highest one.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="alias">Without the at sign; unknown fails with <c>INVALID_PARAMETER_VALUE</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Wire.Registry.ModelVersion> GetByAliasAsync(string model, string alias, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Api}registered-models/alias?name={Uri.EscapeDataString(model)}&alias={Uri.EscapeDataString(alias)}");
        return (await ReadAsync<Wire.Registry.ModelVersionResponse>(request, "registered-models/alias", AnswerTime, cancellationToken)).ModelVersion;
    }

    private static string PathOf(string model, string version) => $"models/{Uri.EscapeDataString(model)}/versions/{Uri.EscapeDataString(version)}";
}
