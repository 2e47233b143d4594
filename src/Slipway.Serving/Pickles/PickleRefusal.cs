namespace Slipway.Serving.Pickles;

/// <summary>A pickle that can't be read to its end, and where that showed.</summary>
internal sealed class PickleRefusal(string reason, long position) : Exception(reason)
{
    /// <summary>The offset of a byte in the pickle.</summary>
    public long Position => position;
}
