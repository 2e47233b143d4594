using System.Text.Json;
using Slipway.Server.Governance;
using Slipway.Server.Registry;
using Slipway.Store;

namespace Slipway.Server.Delivery.Testing;

/// <summary>What the first passed inference of a version answered: what it has to answer from then on.</summary>
internal static class RecordedAnswers
{
    private const long Looked = 1000;

    /// <summary>The answer to a sample; null when none was recorded for these files.</summary>
    public static async Task<string?> FindAsync(Reader reader, ModelVersionRow version, string sampleDigest, CancellationToken cancellationToken)
    {
        foreach (var name in BuiltInTest.NamesOf(BuiltInTest.Inference))
        {
            var results = await TestResults.ListAsync(reader, new TestQuery(version.Id, name, long.MaxValue, Looked), cancellationToken);
            var first = results.LastOrDefault(result => result.Outcome == TestOutcome.Passed && result.InputsDigest == sampleDigest && result.ManifestDigest == version.ManifestDigest);
            if (MeasuredJson.Encode(first?.Measured)?.GetValueOrDefault("answer") is { ValueKind: JsonValueKind.String } answer)
            {
                return answer.GetString();
            }
        }

        return null;
    }
}
