using System.Text.Json.Serialization;

namespace Slipway.Wire.Datasets;

/// <summary>The records of datasets.</summary>
[JsonSerializable(typeof(RegisteredDataset))]
[JsonSerializable(typeof(DatasetVersion))]
[JsonSerializable(typeof(DatasetStatistics))]
[JsonSerializable(typeof(ListDatasetsRequest))]
[JsonSerializable(typeof(DatasetsResponse))]
[JsonSerializable(typeof(DatasetVersionsResponse))]
[JsonSerializable(typeof(ListDatasetFilesRequest))]
[JsonSerializable(typeof(DatasetFilesResponse))]
[JsonSerializable(typeof(DatasetStatisticsRequest))]
[JsonSerializable(typeof(BeginDatasetDraftRequest))]
[JsonSerializable(typeof(BeginDatasetUploadRequest))]
[JsonSerializable(typeof(DatasetDraft))]
[JsonSerializable(typeof(PutDatasetFileRequest))]
[JsonSerializable(typeof(PutDatasetVersionRequest))]
[JsonSerializable(typeof(GetDatasetFileRequest))]
[JsonSerializable(typeof(DatasetFile))]
[JsonSerializable(typeof(AddDatasetVersionRequest))]
[JsonSerializable(typeof(AddedDatasetVersion))]
[JsonSerializable(typeof(DatasetDiffRequest))]
[JsonSerializable(typeof(DatasetDiff))]
[JsonSerializable(typeof(DescribeDatasetRequest))]
[JsonSerializable(typeof(SetDatasetAliasRequest))]
[JsonSerializable(typeof(SetDatasetTagRequest))]
[JsonSerializable(typeof(DeleteDatasetTagRequest))]
[JsonSerializable(typeof(PurgeDatasetRequest))]
internal sealed partial class DatasetsJsonContext : JsonSerializerContext;
