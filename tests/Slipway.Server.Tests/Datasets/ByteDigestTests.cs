using Slipway.Server.Artifacts;
using Slipway.Server.Datasets;
using Slipway.Server.Tests.Content;
using Xunit;

namespace Slipway.Server.Tests.Datasets;

/// <summary>The digest of several files is what others compute too.</summary>
public sealed class ByteDigestTests
{
    // Computed with find, sort and sha256sum, as docs/datasets.md shows.
    [Fact]
    public void Several_files_have_the_digest_that_command_line_tools_compute()
    {
        var first = new ManifestFile("a/x.bin", 1, Samples.Sha256("1"u8.ToArray()));
        var second = new ManifestFile("a.bin", 1, Samples.Sha256("2"u8.ToArray()));

        Assert.Equal("a1c4444612f088f5a9419243d0943f7443d7290064bf47eab9f84ed6832973bb", ByteDigest.OfFiles([first, second]));
    }
}
