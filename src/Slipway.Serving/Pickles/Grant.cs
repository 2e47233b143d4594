namespace Slipway.Serving.Pickles;

/// <summary>What a pickle may do with a name that it imports; each grant includes those before it.</summary>
internal enum Grant
{
    /// <summary>Nothing: the pickle is refused.</summary>
    Refused,

    /// <summary>It may lie in the object that comes out, and is not called on the way.</summary>
    Mention,

    /// <summary>Objects of this class may be made empty and filled with a state; its constructor is not run.</summary>
    Make,

    /// <summary>It may be called with any arguments.</summary>
    Call,
}
