using System.Text.Json;
using Slipway.Serving.Models;
using Slipway.Serving.Python;
using Slipway.Serving.Workers;

namespace Slipway.Serving.Pickles;

/// <summary>The test <c>pickle_scan</c>: what the pickles of a model would import, as evidence.</summary>
/// <param name="Passed">Whether nothing is refused.</param>
/// <param name="Measured">What was found: numbers and texts.</param>
internal sealed record PickleScanTest(bool Passed, IReadOnlyDictionary<string, JsonElement> Measured)
{
    public const string Name = "pickle_scan";

    private const int TextLimit = 1000;

    /// <summary>Scans a model's folder.</summary>
    public static PickleScanTest Of(string folder, AllowedImports allowed)
    {
        var layout = LayoutOf(folder);
        var reports = ModelScan.Folder(folder, layout?.Unpickled ?? [], allowed);
        var imports = reports.Values.SelectMany(report => report.Imports).Select(import => import.ToString()).Distinct().Order(StringComparer.Ordinal).ToList();
        var measured = new Dictionary<string, JsonElement>
        {
            ["pickles"] = Number(reports.Count),
            ["import_count"] = Number(imports.Count),
            ["imports"] = Text(string.Join(' ', imports)),
            ["refused_count"] = Number(reports.Values.Sum(report => report.Findings.Count) + (layout?.Code is null ? 0 : 1)),
        };
        string?[] reasons = [layout?.Code, ModelScan.Refusal(reports, int.MaxValue)];
        var refused = string.Join("; ", reasons.OfType<string>());
        if (refused.Length > 0)
        {
            measured["refused"] = Text(refused);
        }

        return new PickleScanTest(refused.Length == 0, measured);
    }

    // What no runtime takes, or what is no model, may hold pickles all the same.
    private static PythonLayout? LayoutOf(string folder)
    {
        try
        {
            var model = ModelFolder.Open(folder);
            return Runtimes.Choose(model, null) is PythonRuntime ? PythonLayout.Of(model) : null;
        }
        catch (ModelFormatException)
        {
            return null;
        }
    }

    private static JsonElement Number(int number) => JsonSerializer.SerializeToElement(number);

    private static JsonElement Text(string text) => JsonSerializer.SerializeToElement(text.Length <= TextLimit ? text : text[..(TextLimit - 1)] + "…");
}
