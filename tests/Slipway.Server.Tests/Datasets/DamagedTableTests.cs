using Slipway.Server.Datasets.Reading;
using Slipway.Store;
using Xunit;

namespace Slipway.Server.Tests.Datasets;

/// <summary>Whatever the bytes are, a table is read or refused as the caller's mistake; nothing else comes of it.</summary>
public sealed class DamagedTableTests
{
    [Theory]
    [InlineData(TableFormat.Csv, Damage.Csv)]
    [InlineData(TableFormat.Tsv, Damage.Csv)]
    [InlineData(TableFormat.JsonLines, Damage.JsonLines)]
    public async Task Damage_is_read_or_refused(object format, string text)
    {
        var random = new Random(1);
        var refused = 0;
        for (var i = 0; i < 1500; i++)
        {
            refused += await IsRefusedAsync(Damage.To(Tables.Utf8(text), random), (TableFormat)format) ? 1 : 0;
        }

        Assert.InRange(refused, 100, 1499);
    }

    private static async Task<bool> IsRefusedAsync(byte[] content, TableFormat format)
    {
        try
        {
            await Tables.ProfileAsync(content, format);
            return false;
        }
        catch (Fault fault)
        {
            Assert.Equal(FaultKind.Invalid, fault.Kind);
            Assert.StartsWith("Line ", fault.Message, StringComparison.Ordinal);
            return true;
        }
    }
}
