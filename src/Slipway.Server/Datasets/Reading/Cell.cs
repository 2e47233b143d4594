namespace Slipway.Server.Datasets.Reading;

/// <summary>What the file itself says about a cell's type.</summary>
internal enum CellKind
{
    /// <summary>There is no value.</summary>
    Null,

    /// <summary>Text without a type, as in CSV: the column decides what it is.</summary>
    Plain,

    /// <summary>A JSON string.</summary>
    Text,

    /// <summary>A JSON number.</summary>
    Number,

    /// <summary>JSON's <c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>A JSON object or array, in canonical form.</summary>
    Nested,
}

/// <summary>One cell of the current row; its bytes are UTF-8 and stay until the next row is read.</summary>
internal readonly ref struct Cell(CellKind kind, ReadOnlySpan<byte> bytes)
{
    public CellKind Kind { get; } = kind;

    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    public bool IsNull => Kind == CellKind.Null;
}
