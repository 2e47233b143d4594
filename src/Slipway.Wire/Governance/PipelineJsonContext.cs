using System.Text.Json.Serialization;

namespace Slipway.Wire.Governance;

/// <summary>The records of pipelines, tests and checks.</summary>
[JsonSerializable(typeof(ApplyPipelineRequest))]
[JsonSerializable(typeof(AppliedPipelineResponse))]
[JsonSerializable(typeof(PipelinesResponse))]
[JsonSerializable(typeof(PipelineVersion))]
[JsonSerializable(typeof(RecordTestRequest))]
[JsonSerializable(typeof(TestResponse))]
[JsonSerializable(typeof(ListTestsRequest))]
[JsonSerializable(typeof(TestsResponse))]
[JsonSerializable(typeof(RunTestsRequest))]
[JsonSerializable(typeof(CheckRequest))]
[JsonSerializable(typeof(CheckResponse))]
internal sealed partial class PipelineJsonContext : JsonSerializerContext;
