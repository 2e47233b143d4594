using Slipway.Server.Checks;
using Slipway.Server.Datasets.Profiling;
using Slipway.Server.Datasets.Typing;
using Slipway.Store;

namespace Slipway.Server.Datasets.Comparing;

/// <summary>The columns that two tables have in common, in the left one's order, the key columns first.</summary>
/// <param name="Names">What they are called.</param>
/// <param name="Types">The type in which the values of both are compared.</param>
/// <param name="Keys">How many of them, from the first, name a row; none where rows are compared as a whole.</param>
internal sealed record SharedColumns(IReadOnlyList<string> Names, IReadOnlyList<ColumnType> Types, int Keys)
{
    public int Count => Names.Count;

    /// <exception cref="Fault">A key column is missing in one of the tables.</exception>
    public static SharedColumns Of(TableProfile left, TableProfile right, IReadOnlyList<string> keys)
    {
        var types = right.Columns.ToDictionary(column => column.Name, column => column.Type);
        var shared = left.Columns.Where(column => types.ContainsKey(column.Name)).ToDictionary(column => column.Name, column => column.Type.CommonWith(types[column.Name]));
        foreach (var key in keys)
        {
            if (!shared.ContainsKey(key))
            {
                throw Fault.Invalid($"The key column '{Text.Shorten(key)}' is not in both tables. They share: {Text.Shorten(string.Join(", ", shared.Keys))}.");
            }
        }

        var named = keys.Distinct().ToList();
        List<string> names = [.. named, .. left.Columns.Select(column => column.Name).Where(name => shared.ContainsKey(name) && !named.Contains(name))];
        return new SharedColumns(names, names.ConvertAll(name => shared[name]), named.Count);
    }
}
