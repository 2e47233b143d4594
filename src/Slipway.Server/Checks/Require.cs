using System.Globalization;
using Slipway.Store;

namespace Slipway.Server.Checks;

/// <summary>What must be present in a request, in the sentences that MLflow's clients know.</summary>
internal static class Require
{
    public const int IdLimit = 256;

    /// <summary>Present and not empty.</summary>
    public static string Text(string? value, string name) => string.IsNullOrEmpty(value) ? throw Missing(name) : value;

    /// <summary>An id that is kept as it came, without a look whether it exists.</summary>
    public static string Id(string? value, string name) => Checks.Text.Within(Text(value, name), IdLimit, name);

    public static T Value<T>(T? value, string name)
        where T : struct => value ?? throw Missing(name);

    public static T Item<T>(T? value, string name)
        where T : class => value ?? throw Missing(name);

    /// <summary>A list of texts, none of which is missing; no list is an empty one.</summary>
    public static IReadOnlyList<string> Texts(IReadOnlyList<string>? values, string name)
    {
        for (var i = 0; i < values?.Count; i++)
        {
            Item(values[i], $"{name}[{i}]");
        }

        return values ?? [];
    }

    /// <summary>The id of a run, under its new name or its old one.</summary>
    public static string RunId(string? runId, string? runUuid = null) => CheckRunId(Text(string.IsNullOrEmpty(runId) ? runUuid : runId, "run_id"));

    public static long ExperimentId(string? id) => long.TryParse(Text(id, "experiment_id"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw Fault.Invalid($"Invalid experiment ID '{id}': it must be an integer.");

    private static Fault Missing(string name) => Fault.Invalid($"Missing value for required parameter '{name}'.");

    private static string CheckRunId(string id)
    {
        var legal = id.Length <= 256 && char.IsAsciiLetterOrDigit(id[0]) && id.All(character => character is '_' or '-' || char.IsLetterOrDigit(character));
        return legal ? id : throw Fault.Invalid($"Invalid run ID: '{Checks.Text.Shorten(id)}'.");
    }
}
