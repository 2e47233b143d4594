using System.Text.Json;

namespace Slipway.Serving.Scoring;

/// <summary>What a model is asked, in one of the protocol's forms, cast and checked against its signature.</summary>
internal abstract record ScoringInput;

/// <summary>A data frame: columns of one dimension and of the same length. Columns without a name are called 0, 1, …, and <see cref="IsNamed"/> says so.</summary>
internal sealed record TableInput(IReadOnlyList<NamedTensor> Columns, int Rows, bool IsNamed) : ScoringInput;

/// <summary>Arrays by name, of any shape.</summary>
internal sealed record NamedInput(IReadOnlyList<NamedTensor> Tensors) : ScoringInput;

/// <summary>One array; without dimensions it is a single value.</summary>
internal sealed record TensorInput(Tensor Tensor) : ScoringInput;

/// <summary>JSON that is handed to the model as it is.</summary>
/// <param name="Value">It has a document of its own and may be kept.</param>
/// <param name="IsBare">Whether the answer is sent without <c>predictions</c> around it.</param>
internal sealed record JsonInput(JsonElement Value, bool IsBare) : ScoringInput;
