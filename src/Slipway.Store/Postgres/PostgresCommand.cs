using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace Slipway.Store.Postgres;

/// <summary>Puts a statement into PostgreSQL's words.</summary>
/// <remarks>
/// A list is one array, however long it is. As many parameters, it would make another statement of each length,
/// and of a hundred values PostgreSQL takes longer to plan for than to find them.
/// </remarks>
internal static class PostgresCommand
{
    private const string In = " in ";
    private const string NotIn = " not in ";

    public static NpgsqlBatchCommand Of(Sql sql)
    {
        var command = new NpgsqlBatchCommand();
        var text = new StringBuilder(sql.Key.Length + 16);
        Append(text, command, sql);
        command.CommandText = text.ToString();
        return command;
    }

    private static void Append(StringBuilder text, NpgsqlBatchCommand command, Sql sql)
    {
        var (key, next) = (sql.Key, 0);
        for (var i = 0; i < key.Length; i++)
        {
            switch (key[i])
            {
                case Sql.Hole:
                    AppendValue(text, command, sql.Values[next++]);
                    break;
                case Sql.ListStart:
                    var end = key.IndexOf(Sql.ListEnd, i);
                    var count = key.AsSpan(i, end - i).Count(Sql.Hole);
                    command.Parameters.Add(Array(sql.Values.Skip(next).Take(count).ToList()));
                    AppendMembership(text, command.Parameters.Count);
                    (i, next) = (end, next + count);
                    break;
                default:
                    text.Append(key[i]);
                    break;
            }
        }
    }

    private static void AppendValue(StringBuilder text, NpgsqlBatchCommand command, SqlValue value)
    {
        if (value.Value is Lookup lookup)
        {
            Append(text.Append('('), command, lookup.Select);
            text.Append(')');
            return;
        }

        command.Parameters.Add(Parameter(value));
        text.Append('$').Append(command.Parameters.Count);
    }

    private static void AppendMembership(StringBuilder text, int number)
    {
        var isNot = EndsWith(text, NotIn);
        if (!isNot && !EndsWith(text, In))
        {
            throw new InvalidOperationException("A list can only stand after 'in' or 'not in'.");
        }

        text.Length -= (isNot ? NotIn : In).Length;
        text.Append(isNot ? " <> all($" : " = any($").Append(number).Append(')');
    }

    private static bool EndsWith(StringBuilder text, string end) => text.Length >= end.Length && text.ToString(text.Length - end.Length, end.Length) == end;

    private static NpgsqlParameter Parameter(SqlValue value) => new() { Value = value.Value ?? DBNull.Value, NpgsqlDbType = TypeOf(value.Type) };

    private static NpgsqlParameter Array(List<SqlValue> values) => values[0].Type == SqlType.Int64
        ? new NpgsqlParameter<long?[]> { TypedValue = [.. values.Select(value => (long?)value.Value)] }
        : new NpgsqlParameter<string?[]> { TypedValue = [.. values.Select(value => (string?)value.Value)] };

    private static NpgsqlDbType TypeOf(SqlType type) => type switch
    {
        SqlType.Int64 => NpgsqlDbType.Bigint,
        SqlType.Double => NpgsqlDbType.Double,
        SqlType.Bytes => NpgsqlDbType.Bytea,
        _ => NpgsqlDbType.Text,
    };
}
