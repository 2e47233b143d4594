using Slipway.Server.Artifacts;
using Slipway.Store;
using Xunit;

namespace Slipway.Server.Tests.Artifacts;

public sealed class ArtifactPathTests
{
    public static TheoryData<string> Legal =>
    [
        "a", "a/b/c.txt", "...", "a..b", "..a", "a..", "~root", "a%2Bb", "a+b", "p c&+", "100%", "50% off", "é/漢.txt", "ü .txt", "x😀y", "ab:c", "1:2",
        "a?b", "a;b", "a*b", " leading", "trailing ", "trailing.", "．．", "%zz", "a%2", new('n', 255),
    ];

    [Theory]
    [MemberData(nameof(AttackPaths.Decoded), MemberType = typeof(AttackPaths))]
    public void A_path_that_may_lead_elsewhere_is_refused(string path)
    {
        var fault = Assert.Throws<Fault>(() => ArtifactPath.Parse(path));

        Assert.Equal(FaultKind.Invalid, fault.Kind);
        Assert.StartsWith("Invalid path", fault.Message, StringComparison.Ordinal);
        Assert.Null(ArtifactPath.TryParse(path));
    }

    [Theory]
    [MemberData(nameof(Legal))]
    public void An_odd_but_harmless_name_is_kept_as_it_is(string path) => Assert.Equal(path, ArtifactPath.Parse(path).Text);

    [Fact]
    public void A_name_that_no_disk_could_hold_is_refused()
    {
        Assert.Throws<Fault>(() => ArtifactPath.Parse(new string('n', 256)));
        Assert.Throws<Fault>(() => ArtifactPath.Parse(new string('漢', 86)));
        Assert.Throws<Fault>(() => ArtifactPath.Parse(string.Join('/', Enumerable.Repeat("part", 500))));
        Assert.Throws<Fault>(() => ArtifactPath.Parse("a\ud800b"));
        Assert.Throws<Fault>(() => ArtifactPath.Parse(""));
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData("a/b", "a/b")]
    [InlineData("a/b/", "a/b")]
    public void A_listing_may_name_the_root_and_end_in_one_slash(string? path, string expected) => Assert.Equal(expected, ArtifactPath.ParseFolder(path).Text);

    [Theory]
    [InlineData("/")]
    [InlineData("a//")]
    [InlineData("../")]
    [InlineData("/etc/")]
    public void A_listing_gets_no_further_freedom(string path) => Assert.Throws<Fault>(() => ArtifactPath.ParseFolder(path));

    [Fact]
    public void Parts_of_a_path_are_told_apart_and_put_together()
    {
        var path = ArtifactPath.Parse("7/run/artifacts/model/MLmodel");

        Assert.Equal("MLmodel", path.Name);
        Assert.Equal("7/run/artifacts/model", path.Parent.Text);
        Assert.Equal("model/MLmodel", path.From(ArtifactPath.Parse("7/run/artifacts")));
        Assert.Equal(path, ArtifactPath.Parse("7/run/artifacts").Join(ArtifactPath.Parse("model/MLmodel")));
        Assert.Equal(path, ArtifactPath.Root.Join(path));
        Assert.Equal(path, path.Join(ArtifactPath.Root));
        Assert.True(ArtifactPath.Parse("a").Parent.IsRoot);
    }

    [Theory]
    [InlineData("7/x", 7L)]
    [InlineData("0", 0L)]
    [InlineData("other/place", null)]
    [InlineData("7a/x", null)]
    [InlineData("٣/x", null)]
    [InlineData("99999999999999999999/x", null)]
    public void The_first_segment_tells_the_experiment(string path, long? expected) => Assert.Equal(expected, ArtifactPath.Parse(path).ExperimentId);
}
