using System.Globalization;
using System.Runtime.CompilerServices;
using Slipway.Serving.Pickles;
using Xunit;

namespace Slipway.Serving.Tests.Pickles;

/// <summary>What the scan finds in pickles that scikit-learn, pandas, numpy, joblib and torch wrote.</summary>
/// <remarks><c>SLIPWAY_TEST_REWRITE=1</c> writes <c>Samples.txt</c> anew; look at what changed before it is committed.</remarks>
public sealed class SampleTests
{
    [Fact]
    public void Every_sample_is_judged_as_it_was_written_down()
    {
        var found = string.Join("\n", Directory.GetFiles(Samples).Order(StringComparer.Ordinal).Select(Describe)) + "\n";
        if (Environment.GetEnvironmentVariable("SLIPWAY_TEST_REWRITE") == "1")
        {
            File.WriteAllText(Golden, found);
        }

        Assert.Equal(File.ReadAllText(Golden), found);
    }

    [Fact]
    public void A_pickle_cut_short_anywhere_is_refused()
    {
        foreach (var file in Directory.GetFiles(Samples, "*.pkl").Append(Path.Join(Samples, "forest.joblib")))
        {
            var whole = File.ReadAllBytes(file);
            foreach (var length in Enumerable.Range(0, whole.Length).Where(length => length % 7 == 0 || length > whole.Length - 3))
            {
                Assert.False(Scan(whole[..length]).Passed, $"{file} passed when cut to {length} bytes.");
            }
        }
    }

    internal static string Samples => Path.Join(Folder(), "Samples");

    internal static PickleReport Scan(byte[] pickle) => PickleFile.Scan(new MemoryStream(pickle), AllowedImports.Default);

    private static string Golden => Path.Join(Folder(), "Samples.txt");

    private static string Describe(string file)
    {
        using var stream = File.OpenRead(file);
        var report = PickleFile.Scan(stream, AllowedImports.Default);
        var lines = report.Imports.Select(import => $"    {import} {import.Grant}").Order(StringComparer.Ordinal)
            .Concat(report.Findings.Select(finding => string.Create(CultureInfo.InvariantCulture, $"    ! {finding.Reason} @{finding.Position}")));
        return string.Join('\n', [$"{Path.GetFileName(file)}: {report.Form} {(report.Passed ? "passed" : "refused")}", .. lines]);
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
