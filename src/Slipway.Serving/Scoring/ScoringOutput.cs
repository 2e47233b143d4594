namespace Slipway.Serving.Scoring;

/// <summary>What a model answers.</summary>
internal abstract record ScoringOutput;

/// <summary>One array: nested lists on the wire, or a single value when it has no dimension.</summary>
internal sealed record TensorOutput(Tensor Tensor) : ScoringOutput;

/// <summary>A data frame: a list of objects on the wire, one for each row. The first dimension of every tensor is the row.</summary>
internal sealed record RowsOutput(IReadOnlyList<NamedTensor> Columns, int Rows) : ScoringOutput;

/// <summary>Arrays by name: an object of nested lists on the wire.</summary>
internal sealed record NamedOutput(IReadOnlyList<NamedTensor> Tensors) : ScoringOutput;

/// <summary>JSON as the model wrote it, in UTF-8: it has to be one whole and valid value.</summary>
internal sealed record JsonOutput(ReadOnlyMemory<byte> Utf8) : ScoringOutput;
