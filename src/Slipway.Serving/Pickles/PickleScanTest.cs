using System.Text.Json;

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
        var reports = ModelScan.Folder(folder, [], allowed);
        var imports = reports.Values.SelectMany(report => report.Imports).Select(import => import.ToString()).Distinct().Order(StringComparer.Ordinal).ToList();
        var measured = new Dictionary<string, JsonElement>
        {
            ["pickles"] = Number(reports.Count),
            ["import_count"] = Number(imports.Count),
            ["imports"] = Text(string.Join(' ', imports)),
            ["refused_count"] = Number(reports.Values.Sum(report => report.Findings.Count)),
        };
        if (ModelScan.Refusal(reports, int.MaxValue) is { } refused)
        {
            measured["refused"] = Text(refused);
        }

        return new PickleScanTest(reports.Values.All(report => report.Passed), measured);
    }

    private static JsonElement Number(int number) => JsonSerializer.SerializeToElement(number);

    private static JsonElement Text(string text) => JsonSerializer.SerializeToElement(text.Length <= TextLimit ? text : text[..(TextLimit - 1)] + "…");
}
