using System.Text;
using Slipway.Server.Datasets.Comparing;
using Slipway.Server.Datasets.Profiling;
using Slipway.Server.Datasets.Reading;
using Xunit;

namespace Slipway.Server.Tests.Datasets;

/// <summary>What is known of a table can be kept and read back, with all that a comparison needs.</summary>
public sealed class SavedProfileTests
{
    [Fact]
    public async Task A_profile_comes_back_as_it_was()
    {
        foreach (var version in new[] { "1.0.0", "2.0.0" })
        {
            var profile = await Tables.ProfileAsync(await File.ReadAllBytesAsync(SentimentFiles.Path(version)), TableFormat.Csv);

            var json = SavedProfile.Of(profile);

            Assert.Equal(json, SavedProfile.Of(SavedProfile.Parse(json)));
            Assert.Equal(profile.Digest, SavedProfile.Parse(json).Digest);
        }
    }

    [Fact]
    public async Task Two_kept_profiles_have_the_stability_index_of_the_tables()
    {
        var before = await Tables.ProfileAsync(await File.ReadAllBytesAsync(SentimentFiles.Path("1.0.0")), TableFormat.Csv);
        var after = await Tables.ProfileAsync(await File.ReadAllBytesAsync(SentimentFiles.Path("2.0.0")), TableFormat.Csv);
        var (keptBefore, keptAfter) = (SavedProfile.Parse(SavedProfile.Of(before)), SavedProfile.Parse(SavedProfile.Of(after)));

        for (var column = 0; column < before.Columns.Count; column++)
        {
            Assert.Equal(StabilityIndex.Between(before.Columns[column], after.Columns[column]), StabilityIndex.Between(keptBefore.Columns[column], keptAfter.Columns[column]));
        }
    }

    [Fact]
    public async Task Every_type_and_every_odd_number_is_kept()
    {
        var text = "{\"a\":true,\"b\":1e308,\"c\":\"2024-01-01\",\"d\":\"2024-01-01T00:00Z\",\"e\":{},\"f\":null,\"g\":\"\\u0000\"}\n{\"b\":1.7e308,\"a\":false}\n";
        var profile = await Tables.ProfileAsync(Encoding.UTF8.GetBytes(text), TableFormat.JsonLines);
        var odd = await Tables.ProfileAsync("x\nnan\ninf\n-1.5\n"u8.ToArray(), TableFormat.Csv);

        foreach (var one in new[] { profile, odd })
        {
            Assert.Equal(SavedProfile.Of(one), SavedProfile.Of(SavedProfile.Parse(SavedProfile.Of(one))));
        }

        Assert.DoesNotContain('\0', SavedProfile.Of(profile));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"version\":2,\"profile\":{\"rows\":1,\"columns\":[],\"digest\":\"x\"}}")]
    [InlineData("{\"version\":1,\"profile\":{\"rows\":1,\"columns\":[{\"name\":\"a\",\"type\":\"number\",\"cells_digest\":\"\"}],\"digest\":\"x\"}}")]
    [InlineData("{\"version\":1,\"profile\":{\"rows\":1,\"columns\":[{\"name\":\"a\",\"type\":\"integer\",\"cells_digest\":\"\",\"sketch\":\"AAAA\"}],\"digest\":\"x\"}}")]
    [InlineData("{\"version\":1,\"prof")]
    public void What_is_no_profile_is_refused(string json) => Assert.Throws<InvalidDataException>(() => SavedProfile.Parse(json));
}
