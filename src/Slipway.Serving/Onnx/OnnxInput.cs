using Slipway.Serving.Scoring;

namespace Slipway.Serving.Onnx;

/// <summary>One input of a model; a dimension of -1 is free.</summary>
internal sealed record OnnxInput(string Name, ElementType Type, IReadOnlyList<long> Shape)
{
    /// <summary>As in messages: <c>float32 (-1, 4)</c>.</summary>
    public string Description => $"{Type.ToString().ToLowerInvariant()} ({string.Join(", ", Shape)})";
}
