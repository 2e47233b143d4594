using Slipway.Serving.Models;

namespace Slipway.Serving.Scoring;

/// <summary>A data frame as it was sent, before anything is known of its types.</summary>
internal abstract class RawTable(IReadOnlyList<string> names, bool isNamed, int rows)
{
    public IReadOnlyList<string> Names => names;

    /// <summary>Without names, columns are called 0, 1, …</summary>
    public bool IsNamed => isNamed;

    public int Rows => rows;

    public static IReadOnlyList<string> Numbered(int count) => [.. Enumerable.Range(0, count).Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>The place of a column, or -1.</summary>
    public int Find(string name)
    {
        for (var index = 0; index < names.Count; index++)
        {
            if (names[index] == name)
            {
                return index;
            }
        }

        return -1;
    }

    /// <summary>A column in a type of a signature.</summary>
    /// <exception cref="ScoringFault">A value does not fit it.</exception>
    public abstract Tensor Cast(int column, DataType type);

    /// <summary>A column in the type of a tensor, of one dimension, or more where its cells are lists.</summary>
    /// <exception cref="ScoringFault">A value does not fit it.</exception>
    public abstract Tensor Cast(int column, ElementType type);

    /// <summary>A column in the type that its values suggest.</summary>
    public abstract Tensor Infer(int column);
}
