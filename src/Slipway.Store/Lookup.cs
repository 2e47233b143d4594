namespace Slipway.Store;

/// <summary>A value that other statements need, found by a statement of its own: the first column of its first row, or null.</summary>
/// <remarks>
/// PostgreSQL gets it as a subselect wherever it is needed, since a statement costs it a way there and back. SQLite runs it once
/// in a transaction, before the first statement that needs it.
/// </remarks>
public sealed class Lookup(Sql select)
{
    private (object? Where, long Turn, object Value) _found;

    internal Sql Select => select;

    /// <summary>What it finds in this transaction of this connection.</summary>
    internal object Find(object connection, long turn, Func<Sql, object?> ask)
    {
        if (_found.Where != connection || _found.Turn != turn)
        {
            _found = (connection, turn, ask(select) ?? DBNull.Value);
        }

        return _found.Value;
    }
}
