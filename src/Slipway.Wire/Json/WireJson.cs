using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Slipway.Wire.Artifacts;
using Slipway.Wire.Auditing;
using Slipway.Wire.Content;
using Slipway.Wire.Datasets;
using Slipway.Wire.Delivery;
using Slipway.Wire.Governance;
using Slipway.Wire.Identity;
using Slipway.Wire.Lineage;
using Slipway.Wire.Native;
using Slipway.Wire.Registry;
using Slipway.Wire.Tracking;

namespace Slipway.Wire.Json;

/// <summary>How the records of this assembly are read and written: snake_case, absent instead of null, lenient numbers.</summary>
public static class WireJson
{
    /// <summary>How the converters say that a number is an empty text, which counts as absent.</summary>
    public const string Missing = "is missing";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,

        // Answers are application/json with nosniff, never part of a page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 64,
        TypeInfoResolver = JsonTypeInfoResolver.Combine(
            WireJsonContext.Default,
            NativeJsonContext.Default,
            IdentityJsonContext.Default,
            AuditingJsonContext.Default,
            PipelineJsonContext.Default,
            PromotionJsonContext.Default,
            ContentJsonContext.Default,
            DatasetsJsonContext.Default,
            DeliveryJsonContext.Default,
            LineageJsonContext.Default),
        Converters =
        {
            new TextConverter(),
            new LenientInt64Converter(),
            new LenientDoubleConverter(),
            new WireEnumConverter<ViewType>(),
            new WireEnumConverter<RunStatus>(),
            new WireEnumConverter<LoggedModelStatus>(),
        },
    };

    /// <summary>How one record is read and written.</summary>
    /// <exception cref="NotSupportedException">The type is not a record of the wire.</exception>
    public static JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)Of(typeof(T));

    /// <inheritdoc cref="Of{T}"/>
    public static JsonTypeInfo Of(Type type) => Options.GetTypeInfo(type);
}

/// <summary>The records, for which the reading and writing code is generated.</summary>
[JsonSerializable(typeof(ErrorResponse))]
[JsonSerializable(typeof(EmptyResponse))]
[JsonSerializable(typeof(ServerInfoResponse))]
[JsonSerializable(typeof(CreateExperimentRequest))]
[JsonSerializable(typeof(CreateExperimentResponse))]
[JsonSerializable(typeof(GetExperimentRequest))]
[JsonSerializable(typeof(GetExperimentByNameRequest))]
[JsonSerializable(typeof(ExperimentResponse))]
[JsonSerializable(typeof(ExperimentLifecycleRequest))]
[JsonSerializable(typeof(UpdateExperimentRequest))]
[JsonSerializable(typeof(SetExperimentTagRequest))]
[JsonSerializable(typeof(DeleteExperimentTagRequest))]
[JsonSerializable(typeof(SearchExperimentsRequest))]
[JsonSerializable(typeof(ListExperimentsRequest))]
[JsonSerializable(typeof(ExperimentsResponse))]
[JsonSerializable(typeof(CreateRunRequest))]
[JsonSerializable(typeof(GetRunRequest))]
[JsonSerializable(typeof(RunResponse))]
[JsonSerializable(typeof(UpdateRunRequest))]
[JsonSerializable(typeof(UpdateRunResponse))]
[JsonSerializable(typeof(RunLifecycleRequest))]
[JsonSerializable(typeof(SearchRunsRequest))]
[JsonSerializable(typeof(SearchRunsResponse))]
[JsonSerializable(typeof(LogMetricRequest))]
[JsonSerializable(typeof(LogParamRequest))]
[JsonSerializable(typeof(SetRunTagRequest))]
[JsonSerializable(typeof(DeleteRunTagRequest))]
[JsonSerializable(typeof(LogBatchRequest))]
[JsonSerializable(typeof(LogModelRequest))]
[JsonSerializable(typeof(LogInputsRequest))]
[JsonSerializable(typeof(LogOutputsRequest))]
[JsonSerializable(typeof(GetMetricHistoryRequest))]
[JsonSerializable(typeof(MetricHistoryResponse))]
[JsonSerializable(typeof(GetMetricHistoryBulkRequest))]
[JsonSerializable(typeof(GetMetricHistoryIntervalRequest))]
[JsonSerializable(typeof(SearchDatasetsRequest))]
[JsonSerializable(typeof(SearchDatasetsResponse))]
[JsonSerializable(typeof(CreateLoggedModelRequest))]
[JsonSerializable(typeof(LoggedModelResponse))]
[JsonSerializable(typeof(GetLoggedModelRequest))]
[JsonSerializable(typeof(FinalizeLoggedModelRequest))]
[JsonSerializable(typeof(LogLoggedModelParamsRequest))]
[JsonSerializable(typeof(SetLoggedModelTagsRequest))]
[JsonSerializable(typeof(SearchLoggedModelsRequest))]
[JsonSerializable(typeof(SearchLoggedModelsResponse))]
[JsonSerializable(typeof(CreateRegisteredModelRequest))]
[JsonSerializable(typeof(RegisteredModelResponse))]
[JsonSerializable(typeof(RegisteredModelRequest))]
[JsonSerializable(typeof(UpdateRegisteredModelRequest))]
[JsonSerializable(typeof(RenameRegisteredModelRequest))]
[JsonSerializable(typeof(SearchRegisteredModelsRequest))]
[JsonSerializable(typeof(RegisteredModelsResponse))]
[JsonSerializable(typeof(GetLatestVersionsRequest))]
[JsonSerializable(typeof(SetRegisteredModelTagRequest))]
[JsonSerializable(typeof(DeleteRegisteredModelTagRequest))]
[JsonSerializable(typeof(SetAliasRequest))]
[JsonSerializable(typeof(AliasRequest))]
[JsonSerializable(typeof(CreateModelVersionRequest))]
[JsonSerializable(typeof(ModelVersionResponse))]
[JsonSerializable(typeof(ModelVersionRequest))]
[JsonSerializable(typeof(UpdateModelVersionRequest))]
[JsonSerializable(typeof(TransitionStageRequest))]
[JsonSerializable(typeof(SearchModelVersionsRequest))]
[JsonSerializable(typeof(ModelVersionsResponse))]
[JsonSerializable(typeof(DownloadUriResponse))]
[JsonSerializable(typeof(SetModelVersionTagRequest))]
[JsonSerializable(typeof(DeleteModelVersionTagRequest))]
[JsonSerializable(typeof(ArtifactFilesResponse))]
[JsonSerializable(typeof(ListProxiedArtifactsRequest))]
[JsonSerializable(typeof(ListArtifactsRequest))]
[JsonSerializable(typeof(ListLoggedModelArtifactsRequest))]
[JsonSerializable(typeof(ArtifactsResponse))]
[JsonSerializable(typeof(PresignUploadRequest))]
internal sealed partial class WireJsonContext : JsonSerializerContext;
