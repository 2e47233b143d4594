using Slipway.Serving.Models;

namespace Slipway.Serving.Scoring;

/// <summary>Casts a data frame to a signature and checks it against it.</summary>
internal static class TableEnforcer
{
    /// <exception cref="ScoringFault">It does not fit.</exception>
    public static ScoringInput Enforce(RawTable table, Schema? schema)
    {
        if (schema is null || schema is { Columns.Count: 0, IsTensors: false })
        {
            return new TableInput([.. table.Names.Select((name, index) => new NamedTensor(name, table.Infer(index)))], table.Rows, table.IsNamed);
        }

        if (schema.IsTensors)
        {
            return TensorEnforcer.Enforce(table, schema.Tensors);
        }

        return schema.IsNamed ? Named(table, schema.Columns) : Unnamed(table, schema.Columns);
    }

    private static TableInput Named(RawTable table, IReadOnlyList<ColumnSpec> specs)
    {
        var columns = new List<NamedTensor>(specs.Count);
        List<string>? missing = null;
        foreach (var spec in specs)
        {
            var index = table.Find(spec.Name!);
            if (index >= 0)
            {
                columns.Add(new NamedTensor(spec.Name!, table.Cast(index, spec.Type)));
            }
            else if (spec.Required)
            {
                (missing ??= []).Add(spec.Name!);
            }
        }

        return missing is null
            ? new TableInput(columns, table.Rows, IsNamed: true)
            : throw Missing(missing, [.. table.Names.Except(specs.Select(spec => spec.Name!))]);
    }

    private static TableInput Unnamed(RawTable table, IReadOnlyList<ColumnSpec> specs)
    {
        if (table.Names.Count < specs.Count)
        {
            throw ScoringFault.Schema($"Model inference is missing inputs. The model signature declares {specs.Count} inputs but the provided value only has {table.Names.Count} inputs.");
        }

        return new TableInput([.. specs.Select((spec, index) => new NamedTensor(table.Names[index], table.Cast(index, spec.Type)))], table.Rows, table.IsNamed);
    }

    public static ScoringFault Missing(IEnumerable<string> missing, IReadOnlyList<string> extra) =>
        ScoringFault.Schema($"Model is missing inputs {Quoted(missing)}.{(extra.Count == 0 ? "" : $" Note that there were extra inputs: {Quoted(extra)}.")}");

    private static string Quoted(IEnumerable<string> names)
    {
        const int shown = 50;
        return $"[{string.Join(", ", names.Take(shown).Select(name => $"'{name}'"))}]";
    }
}
