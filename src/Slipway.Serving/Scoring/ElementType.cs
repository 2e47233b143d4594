namespace Slipway.Serving.Scoring;

/// <summary>What a tensor's values are, and in which .NET type they are held.</summary>
internal enum ElementType
{
    /// <summary>Held as <see cref="bool"/>.</summary>
    Boolean,

    /// <summary>Held as <see cref="sbyte"/>.</summary>
    Int8,

    /// <summary>Held as <see cref="byte"/>.</summary>
    UInt8,

    /// <summary>Held as <see cref="short"/>.</summary>
    Int16,

    /// <summary>Held as <see cref="ushort"/>.</summary>
    UInt16,

    /// <summary>Held as <see cref="int"/>.</summary>
    Int32,

    /// <summary>Held as <see cref="uint"/>.</summary>
    UInt32,

    /// <summary>Held as <see cref="long"/>.</summary>
    Int64,

    /// <summary>Held as <see cref="ulong"/>.</summary>
    UInt64,

    /// <summary>Held as <see cref="float"/>; what is missing is NaN.</summary>
    Float32,

    /// <summary>Held as <see cref="double"/>; what is missing is NaN.</summary>
    Float64,

    /// <summary>Held as <see cref="string"/>; what is missing is null.</summary>
    Text,

    /// <summary>Held as an array of bytes; what is missing is null.</summary>
    Bytes,

    /// <summary>Held as nullable <see cref="DateTime"/> without a time zone.</summary>
    Time,

    /// <summary>Anything else: held as <see cref="System.Text.Json.JsonElement"/> of its own document.</summary>
    Json,
}
