using System.Runtime.InteropServices;

namespace Slipway.Server.Lineage;

/// <summary>Something that data flows through, by its internal id.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LineageNode(NodeKind Kind, long Id);

internal enum NodeKind
{
    DatasetVersion,
    Run,
    LoggedModel,
    ModelVersion,
}

/// <summary>One thing went into another.</summary>
/// <param name="From">What was there before.</param>
/// <param name="To">What was made of it, or used it.</param>
/// <param name="How">In which way, such as <c>made</c>.</param>
internal sealed record LineageEdge(LineageNode From, LineageNode To, string How)
{
    /// <summary>Whether what was said of the data contradicts itself: the name of one version with the digest of another.</summary>
    public bool IsContradictory { get; init; }
}
