using System.Globalization;
using System.Runtime.InteropServices;
using Slipway.Server.Checks;
using Slipway.Store;

namespace Slipway.Server.Datasets.Reading;

/// <summary>Where in a file something is, in words that lead a person there.</summary>
/// <param name="Line">Counted from 1, as editors do; the line that the row begins on.</param>
/// <param name="Column">Counted from 1.</param>
/// <param name="Name">The column's, where it is known.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TablePlace(long Line, int Column, string? Name = null)
{
    public Fault Fault(string problem) => Store.Fault.Invalid($"{this}: {problem}");

    public override string ToString()
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"Line {Line}, column {Column}");
        return Name is null ? place : $"{place} ('{Text.Shorten(Name)}')";
    }
}
