using Slipway.Server.Datasets;
using Slipway.Store;
using Xunit;

namespace Slipway.Server.Tests.Datasets;

/// <summary>How a person names a dataset and one of its versions.</summary>
public sealed class DatasetReferenceTests
{
    [Fact]
    public void A_version_is_written_after_an_at_sign()
    {
        var reference = DatasetReference.Parse("sentiment-train@1.0.0-rc.1");

        Assert.Equal("sentiment-train", reference.Name);
        Assert.Equal(SemanticVersion.Parse("1.0.0-rc.1"), reference.Version);
        Assert.Null(reference.Word);
        Assert.Equal("sentiment-train@1.0.0-rc.1", reference.ToString());
    }

    [Theory]
    [InlineData("latest")]
    [InlineData("golden_2024.q1")]
    public void A_word_may_stand_for_the_version(string word)
    {
        var reference = DatasetReference.Parse($"sentiment-train@{word}");

        Assert.Null(reference.Version);
        Assert.Equal(word, reference.Word);
    }

    [Theory]
    [InlineData("sentiment-train", "NAME@VERSION")]
    [InlineData("sentiment-train@", "NAME@VERSION")]
    [InlineData("@1.0.0", "can't name a dataset")]
    [InlineData("-x@1.0.0", "can't name a dataset")]
    [InlineData("a/b@1.0.0", "can't name a dataset")]
    [InlineData("é@1.0.0", "can't name a dataset")]
    [InlineData("x@1.0", "not a semantic version")]
    [InlineData("x@la test", "neither a version nor an alias")]
    [InlineData("x@latest@1", "neither a version nor an alias")]
    public void What_names_no_version_is_refused(string text, string problem)
    {
        var fault = Assert.Throws<Fault>(() => DatasetReference.Parse(text));

        Assert.Equal(FaultKind.Invalid, fault.Kind);
        Assert.Contains(problem, fault.Message, StringComparison.Ordinal);
    }
}
