namespace Slipway.Bench.Load;

/// <summary>One kind of request, sent again and again with other values in it.</summary>
/// <param name="Request">The request.</param>
/// <param name="Fill">Writes the values of the n-th request into its holes.</param>
internal sealed record Operation(Template Request, Action<Template, long> Fill)
{
    /// <summary>Sees the body of each answer, where somebody wants to know it.</summary>
    public BodyReader? Read { get; init; }
}

internal delegate void BodyReader(ReadOnlySpan<byte> body);
