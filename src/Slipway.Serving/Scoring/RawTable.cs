using Slipway.Serving.Models;

namespace Slipway.Serving.Scoring;

/// <summary>A data frame as it was sent, before anything is known of its types.</summary>
internal abstract class RawTable(IReadOnlyList<string> names, bool isNamed, int rows)
{
    // As many as the longest body could hold one by one. A short one can claim far more: many rows, each with other columns.
    private const long CellLimit = 32L << 20;

    private Dictionary<string, int>? _places;

    public IReadOnlyList<string> Names => names;

    /// <summary>Without names, columns are called 0, 1, …</summary>
    public bool IsNamed => isNamed;

    public int Rows => rows;

    public static IReadOnlyList<string> Numbered(int count) => [.. Enumerable.Range(0, count).Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>How many cells so many rows have.</summary>
    /// <exception cref="ScoringFault">They are more than any body can fill.</exception>
    public static int CellCount(int rows, int columns) => (long)rows * columns is <= CellLimit and var count
        ? (int)count
        : throw ScoringFault.BadInput($"{rows} rows with {columns} columns are too many: there may be {CellLimit} cells.");

    /// <summary>The place of a column, or -1; of two with the same name the last.</summary>
    public int Find(string name)
    {
        const int few = 16;
        if (names.Count <= few)
        {
            return LastIndex(name);
        }

        if (_places is null)
        {
            _places = new Dictionary<string, int>(names.Count);
            for (var index = 0; index < names.Count; index++)
            {
                _places[names[index]] = index;
            }
        }

        return _places.GetValueOrDefault(name, -1);
    }

    /// <summary>A column in a type of a signature.</summary>
    /// <exception cref="ScoringFault">A value does not fit it.</exception>
    public abstract Tensor Cast(int column, DataType type);

    /// <summary>A column in the type of a tensor, of one dimension, or more where its cells are lists.</summary>
    /// <exception cref="ScoringFault">A value does not fit it.</exception>
    public abstract Tensor Cast(int column, ElementType type);

    /// <summary>A column in the type that its values suggest.</summary>
    public abstract Tensor Infer(int column);

    private int LastIndex(string name)
    {
        var index = names.Count - 1;
        while (index >= 0 && names[index] != name)
        {
            index--;
        }

        return index;
    }
}
