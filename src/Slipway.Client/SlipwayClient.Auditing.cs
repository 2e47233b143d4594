using System.Globalization;
using Slipway.Wire;
using Slipway.Wire.Auditing;
using Slipway.Wire.Native;

namespace Slipway.Client;

public sealed partial class SlipwayClient
{
    /// <summary>Finds one page of audit entries; auditors and admins may.</summary>
    /// <param name="request">Which entries.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<AuditPage> FindAuditAsync(AuditRequest request, CancellationToken cancellationToken = default) =>
        AskAsync<AuditPage>("audit" + QueryOf(request), cancellationToken);

    /// <summary>Finds one page of audit entries about a model, through all its names; whoever may read it may.</summary>
    /// <param name="name">The model as it is called now; an unknown one fails with <c>RESOURCE_DOES_NOT_EXIST</c>.</param>
    /// <param name="request">Which of them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<AuditPage> FindModelHistoryAsync(string name, AuditRequest request, CancellationToken cancellationToken = default) =>
        AskAsync<AuditPage>($"models/{Uri.EscapeDataString(name)}/history{QueryOf(request)}", cancellationToken);

    /// <summary>Copies the whole audit log as JSON Lines; docs/audit.md tells their form.</summary>
    /// <param name="destination">Where to; what was written before a failure is no whole export.</param>
    /// <param name="cancellationToken">Breaks it off.</param>
    public Task ExportAuditAsync(Stream destination, CancellationToken cancellationToken = default) => ExportAuditAsync(destination, new ExportAuditRequest(), cancellationToken);

    /// <summary>Copies a part of the audit log as JSON Lines, which can be verified by itself.</summary>
    /// <param name="destination">Where to; what was written before a failure is no whole export.</param>
    /// <param name="part">Which part; one without entries fails with <c>RESOURCE_DOES_NOT_EXIST</c>.</param>
    /// <param name="cancellationToken">Breaks it off.</param>
    public async Task ExportAuditAsync(Stream destination, ExportAuditRequest part, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, NativeApi.Prefix.TrimStart('/') + "audit/export" + QueryOf(
            ("first", part.First?.ToString(CultureInfo.InvariantCulture)), ("last", part.Last?.ToString(CultureInfo.InvariantCulture)), ("from", part.From), ("to", part.To)));
        using var response = await AnswerAsync(request, AnswerTime, cancellationToken);
        await response.Content.CopyToAsync(destination, cancellationToken);
    }

    /// <summary>Has the server walk its whole audit log and compare it with its checkpoints.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<AuditVerdict> VerifyAuditAsync(CancellationToken cancellationToken = default) => AskAsync<AuditVerdict>("audit/verdict", cancellationToken);

    /// <summary>Has every server process on the database sign its checkpoints with a new key of its own from now on; admins may. Answers that of the process that was asked.</summary>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task<CheckpointKeyResponse> RotateCheckpointKeyAsync(CancellationToken cancellationToken = default) =>
        CallAsync<EmptyResponse, CheckpointKeyResponse>(HttpMethod.Post, "audit/rotate-key", EmptyResponse.Value, cancellationToken);

    /// <summary>Tells what the model that had a name at a moment was then: stages, aliases, approvals and the pipeline in force.</summary>
    /// <param name="name">Its name then; one that no model had fails with <c>RESOURCE_DOES_NOT_EXIST</c>.</param>
    /// <param name="time">The moment: ISO 8601, or milliseconds since 1970.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<ModelPast> GetModelAtAsync(string name, string time, CancellationToken cancellationToken = default) =>
        AskAsync<ModelPast>($"models/{Uri.EscapeDataString(name)}/at?time={Uri.EscapeDataString(time)}", cancellationToken);

    /// <summary>Tells every stage that a version was in, from when to when, by whom and on which evidence.</summary>
    /// <param name="name">The model.</param>
    /// <param name="version">The version's number; it may have been deleted since.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<VersionHistory> GetVersionHistoryAsync(string name, string version, CancellationToken cancellationToken = default) =>
        AskAsync<VersionHistory>($"models/{Uri.EscapeDataString(name)}/versions/{Uri.EscapeDataString(version)}/history", cancellationToken);

    /// <summary>Compares two versions of a model.</summary>
    /// <param name="name">The model.</param>
    /// <param name="a">The number of one.</param>
    /// <param name="b">The number of the other.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<VersionDiff> DiffVersionsAsync(string name, string a, string b, CancellationToken cancellationToken = default) =>
        AskAsync<VersionDiff>($"models/{Uri.EscapeDataString(name)}/diff?a={Uri.EscapeDataString(a)}&b={Uri.EscapeDataString(b)}", cancellationToken);

    private static string QueryOf(AuditRequest request) => QueryOf(
        ("model", request.Model), ("version", request.Version), ("actor", request.Actor), ("action", request.Action), ("outcome", request.Outcome), ("promotion", request.Promotion),
        ("from", request.From), ("to", request.To), ("order", request.Order), ("cursor", request.Cursor), ("max_results", request.MaxResults?.ToString(CultureInfo.InvariantCulture)));

    private static string QueryOf(params IEnumerable<(string Name, string? Value)> all)
    {
        var given = all.Where(pair => pair.Value is not null).Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value!)}").ToList();
        return given.Count == 0 ? "" : $"?{string.Join('&', given)}";
    }
}
