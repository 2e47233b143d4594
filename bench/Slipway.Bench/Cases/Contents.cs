using System.Globalization;
using Slipway.Bench.Load;

namespace Slipway.Bench.Cases;

/// <summary>What a finished run holds: a log-batch with metrics, params and tags whose values differ from run to run.</summary>
internal static class Contents
{
    public static Template Template(int metrics, int parameters, int tags)
    {
        string Items(int count, Func<int, string> item) => string.Join(',', Enumerable.Range(0, count).Select(item));
        return Load.Template.Post(Material.Api + "runs/log-batch", $$"""
            {"run_id":"################################",
            "metrics":[{{Items(metrics, index => string.Create(CultureInfo.InvariantCulture, $$"""{"key":"metric_{{index}}","value":0.######,"timestamp":1700000000000,"step":1}"""))}}],
            "params":[{{Items(parameters, index => string.Create(CultureInfo.InvariantCulture, $$"""{"key":"param_{{index}}","value":"value-###"}"""))}}],
            "tags":[{{Items(tags, index => string.Create(CultureInfo.InvariantCulture, $$"""{"key":"tag_{{index}}","value":"value-##"}"""))}}]}
            """);
    }

    /// <summary>Spreads the values evenly and without a pattern that follows the order of creation: metrics over a million, params over 20, tags over 10.</summary>
    public static void Fill(Template request, int run)
    {
        for (var hole = 1; hole < request.Holes; hole++)
        {
            var random = Scatter((run * 64) + hole);
            request.Write(hole, request.Width(hole) switch { 6 => random % 1_000_000, 3 => random % 20, _ => random % 10 });
        }
    }

    // A fixed permutation of the numbers, so that every run of the bench searches the same data.
    private static long Scatter(int number)
    {
        var mixed = (uint)number * 2654435769u;
        mixed ^= mixed >> 15;
        mixed *= 2246822519u;
        return mixed ^ (mixed >> 13);
    }
}
