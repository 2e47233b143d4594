using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Server.Registry;
using Slipway.Store;

namespace Slipway.Server.Governance.Promoting;

/// <summary>Shows readers of MLflow's tags where the approval of a version stands. Nothing ever reads them back.</summary>
internal static class MirrorTags
{
    // As Python writes it, so that people can read it in a list of tags.
    private static readonly MirrorJson Json = new(new JsonSerializerOptions(MirrorJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Writes the tags anew, where the stage asks for approvals.</summary>
    public static async Task ShowAsync(Change change, PromotionRow promotion, CheckReport? report, CancellationToken cancellationToken)
    {
        if (await Pipelines.FindForAsync(change, promotion.ModelName, cancellationToken) is not { } pipeline
            || pipeline.FindStage(promotion.Stage) is not { Approvals: not null } stage)
        {
            return;
        }

        var said = await Approvals.OfAsync(change, promotion.Id, cancellationToken);
        var request = Request(promotion, said, report);
        await ModelVersions.SetTagAsync(change, promotion.Version, new Pair(MirrorTag.Request, JsonSerializer.Serialize(request, Json.ApprovalRequest)), cancellationToken);
        if (!IsProduction(pipeline, stage))
        {
            return;
        }

        if (request.Status == ApprovalRequest.Approved)
        {
            await ModelVersions.SetTagAsync(change, promotion.Version, new Pair(MirrorTag.Approved, "true"), cancellationToken);
        }
        else
        {
            await ModelVersions.DeleteTagAsync(change, promotion.Version, MirrorTag.Approved, cancellationToken);
        }
    }

    /// <summary>Takes back the word that a version is approved.</summary>
    public static Task WithdrawAsync(Change change, long version, CancellationToken cancellationToken) =>
        ModelVersions.DeleteTagAsync(change, version, MirrorTag.Approved, cancellationToken);

    private static ApprovalRequest Request(PromotionRow promotion, IReadOnlyList<ApprovalRow> said, CheckReport? report)
    {
        var approved = report?.Results.Any(result => result.Gate == ApprovalsGate.Name && result.IsMet) == true;
        var given = approved ? said.Where(row => row.Verdict == Approvals.Approved && row.Digest == report!.Digest).ToList() : [];
        var rejection = promotion.State == PromotionState.Rejected ? said.LastOrDefault(row => row.Verdict == Approvals.Rejected) : null;
        var request = new ApprovalRequest(Status(promotion.State, approved), promotion.RequesterName, promotion.Justification, Time(promotion.CreatedAt))
        {
            ReviewedBy = rejection?.ApproverName,
            ReviewedAt = rejection is null ? null : Time(rejection.At),
            RejectionReason = rejection?.Comment,
        };
        return given.Count == 0 ? request : request with
        {
            ApprovedBy = string.Join(", ", given.Select(row => row.ApproverName)),
            ApprovedAt = Time(given[^1].At),
            Comments = string.Join("\n", given.Select(row => row.Comment).Where(comment => comment.Length > 0)),
        };
    }

    private static string Status(string state, bool approved) => state switch
    {
        PromotionState.Completed => approved ? ApprovalRequest.Approved : "overridden",
        PromotionState.Rejected or PromotionState.Failed or PromotionState.Cancelled or PromotionState.Expired => state,
        _ => approved ? ApprovalRequest.Approved : "pending",
    };

    // The tag is called by the stage; a pipeline of other names has its last stage for it.
    private static bool IsProduction(Pipeline pipeline, PipelineStage stage) =>
        stage == (pipeline.FindStage(StageName.Production) ?? pipeline.Stages[^1]);

    private static string Time(long at) => DateTimeOffset.FromUnixTimeMilliseconds(at).ToString("yyyy-MM-ddTHH:mm:ss.fffzzz", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>The value of the tag <c>approval_request</c>, in the fields that scripts of MLflow's users know.</summary>
internal sealed record ApprovalRequest(string Status, string Requester, string Justification, string RequestedAt)
{
    public const string Approved = "approved";

    // Present from the beginning, as null.
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? ApprovedBy { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? ApprovedAt { get; init; }

    public string? Comments { get; init; }

    public string? ReviewedBy { get; init; }

    public string? ReviewedAt { get; init; }

    public string? RejectionReason { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ApprovalRequest))]
internal sealed partial class MirrorJson : JsonSerializerContext;
