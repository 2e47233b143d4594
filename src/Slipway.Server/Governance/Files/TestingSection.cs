namespace Slipway.Server.Governance.Files;

/// <summary>Reads what the tests that Slipway runs by itself are held against.</summary>
internal static class TestingSection
{
    private const double Most = 1_000_000;

    public static TestSettings Read(Section section)
    {
        var usual = new TestSettings();
        var settings = new TestSettings
        {
            Dataset = section.Text("dataset"),
            Label = section.Text("label"),
            LatencyP95 = Positive(section, "latency_p95_ms", Most) ?? usual.LatencyP95,
            LoadRate = Positive(section, "load_rate", TestSettings.MostRate) ?? usual.LoadRate,
            LoadSeconds = Positive(section, "load_seconds", TestSettings.MostSeconds) ?? usual.LoadSeconds,
            ErrorRate = Positive(section, "error_rate", 1) ?? usual.ErrorRate,
            Accuracy = Positive(section, "accuracy", 1) ?? usual.Accuracy,
            Shift = Positive(section, "shift", Most) ?? usual.Shift,
        };
        section.RefuseOthers();
        return settings;
    }

    private static double? Positive(Section section, string key, double most)
    {
        var number = section.Number(key);
        if (number is { } value && (value < 0 || value > most))
        {
            section.Problems.Add(section.LineOf(key), FormattableString.Invariant($"'{key}' must be a number from 0 to {most}"));
        }

        return number;
    }
}
