using Slipway.Server.Datasets;
using Slipway.Store;
using Xunit;

namespace Slipway.Server.Tests.Datasets;

/// <summary>Versions of datasets are those of SemVer 2.0.0, and are ordered as such.</summary>
public sealed class SemanticVersionTests
{
    // The chain of rule 11, with numbers that a comparison of text or of 64 bits would get wrong.
    private static readonly string[] _ascending =
    [
        "0.0.0", "0.0.9", "0.0.10", "0.9.0", "1.0.0-0", "1.0.0-9", "1.0.0-10", "1.0.0--", "1.0.0-A", "1.0.0-alpha", "1.0.0-alpha.1",
        "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.2.0", "1.10.0", "2.0.0",
        "99999999999999999998.0.0", "99999999999999999999.0.0",
    ];

    [Fact]
    public void Versions_are_ordered_by_precedence()
    {
        for (var left = 0; left < _ascending.Length; left++)
        {
            for (var right = 0; right < _ascending.Length; right++)
            {
                Assert.Equal(left.CompareTo(right), Math.Sign(SemanticVersion.Order.Compare(SemanticVersion.Parse(_ascending[left]), SemanticVersion.Parse(_ascending[right]))));
            }
        }
    }

    [Fact]
    public void A_build_gives_no_precedence_and_yet_makes_another_version()
    {
        var (plain, built) = (SemanticVersion.Parse("1.0.0"), SemanticVersion.Parse("1.0.0+20"));

        Assert.Equal(0, plain.ComparePrecedence(built));
        Assert.NotEqual(plain, built);
        Assert.NotEqual(0, SemanticVersion.Order.Compare(plain, built));
        Assert.False(built.IsPreRelease);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.0")]
    [InlineData("1.0.0.0")]
    [InlineData("v1.0.0")]
    [InlineData("01.0.0")]
    [InlineData("1.0.00")]
    [InlineData("1.0.0-")]
    [InlineData("1.0.0-01")]
    [InlineData("1.0.0-a..b")]
    [InlineData("1.0.0-a_b")]
    [InlineData("1.0.0+")]
    [InlineData("1.0.0+a+b")]
    [InlineData("1.0.0 ")]
    [InlineData("1.0.٣")]
    [InlineData("-1.0.0")]
    public void What_is_no_version_is_refused(string text)
    {
        var fault = Assert.Throws<Fault>(() => SemanticVersion.Parse(text));

        Assert.Equal(FaultKind.Invalid, fault.Kind);
        Assert.Contains("not a semantic version", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.0.0-0A.is.legal")]
    [InlineData("1.0.0-alpha-a.b-c+build.1-aef.1")]
    [InlineData("1.0.0+0.build.001")]
    [InlineData("1.0.0--")]
    public void What_is_a_version_keeps_its_text(string text) => Assert.Equal(text, SemanticVersion.Parse(text).ToString());

    [Fact]
    public void A_version_has_a_longest_length()
    {
        var longest = "1.0.0-" + new string('a', SemanticVersion.Limit - 6);

        Assert.Equal(longest, SemanticVersion.Parse(longest).Text);
        Assert.Throws<Fault>(() => SemanticVersion.Parse(longest + "a"));
    }
}
