namespace Slipway.Server.Datasets.Typing;

/// <summary>What a column holds; where several types fit all of its cells, it is the first of them here.</summary>
internal enum ColumnType
{
    Boolean,
    Integer,

    /// <summary>A double; every integer fits.</summary>
    Float,
    Date,

    /// <summary>A date and a time without a zone; every date fits, as its midnight.</summary>
    DateTime,

    /// <summary>A date and a time with a zone: an instant.</summary>
    Timestamp,
    Text,

    /// <summary>Values of JSON that no other type holds together.</summary>
    Json,

    /// <summary>Nothing but nulls.</summary>
    Empty,
}

/// <summary>Types that a cell or a column may be of.</summary>
[Flags]
internal enum ColumnTypes
{
    None = 0,
    Boolean = 1 << ColumnType.Boolean,
    Integer = 1 << ColumnType.Integer,
    Float = 1 << ColumnType.Float,
    Date = 1 << ColumnType.Date,
    DateTime = 1 << ColumnType.DateTime,
    Timestamp = 1 << ColumnType.Timestamp,
    Text = 1 << ColumnType.Text,
    Json = 1 << ColumnType.Json,
    Numbers = Integer | Float,
    Times = Date | DateTime | Timestamp,
    All = (1 << ColumnType.Empty) - 1,
}

/// <summary>Names and sets of types.</summary>
internal static class ColumnTypeNames
{
    /// <summary>As it is written in a schema, and hashed in a digest.</summary>
    public static string Name(this ColumnType type) => type switch
    {
        ColumnType.Boolean => "boolean",
        ColumnType.Integer => "integer",
        ColumnType.Float => "float",
        ColumnType.Date => "date",
        ColumnType.DateTime => "datetime",
        ColumnType.Timestamp => "timestamp",
        ColumnType.Text => "text",
        ColumnType.Json => "json",
        _ => "empty",
    };

    public static ColumnTypes Alone(this ColumnType type) => (ColumnTypes)(1 << (int)type);

    public static bool Holds(this ColumnTypes types, ColumnType type) => (types & type.Alone()) != ColumnTypes.None;

    public static bool IsNumber(this ColumnType type) => type is ColumnType.Integer or ColumnType.Float;

    public static bool IsTime(this ColumnType type) => type is ColumnType.Date or ColumnType.DateTime or ColumnType.Timestamp;

    /// <summary>The type in which values of both can be compared.</summary>
    public static ColumnType CommonWith(this ColumnType left, ColumnType right)
    {
        if (left == right || right == ColumnType.Empty)
        {
            return left;
        }

        return (left, right) switch
        {
            (ColumnType.Empty, _) => right,
            (ColumnType.Integer, ColumnType.Float) or (ColumnType.Float, ColumnType.Integer) => ColumnType.Float,
            (ColumnType.Date, ColumnType.DateTime) or (ColumnType.DateTime, ColumnType.Date) => ColumnType.DateTime,
            _ => ColumnType.Text,
        };
    }
}
