using Slipway.Server.Artifacts;
using Slipway.Store;
using Xunit;

namespace Slipway.Server.Tests.Artifacts;

public sealed class ArtifactUriTests
{
    [Theory]
    [InlineData("mlflow-artifacts:/7/run/artifacts", "7/run/artifacts")]
    [InlineData("mlflow-artifacts:7/run", "7/run")]
    [InlineData("mlflow-artifacts://host/7/run", "7/run")]
    [InlineData("mlflow-artifacts://host:5000/7/run/", "7/run")]
    [InlineData("MLFLOW-ARTIFACTS:/7", "7")]
    [InlineData("mlflow-artifacts:///x?y=1", "x")]
    [InlineData("mlflow-artifacts:/", "")]
    [InlineData("mlflow-artifacts://host", "")]
    [InlineData("mlflow-artifacts:/a%20b/%C3%A9", "a b/é")]
    [InlineData("mlflow-artifacts://h:9000/models/artifact/..../", "models/artifact/....")]
    [InlineData("http://h:1/api/2.0/mlflow-artifacts/artifacts/x/y", "x/y")]
    [InlineData("https://h/ajax-api/2.0/mlflow-artifacts/artifacts/x", "x")]
    [InlineData("https://h/prefix/api/2.0/mlflow-artifacts/artifacts/x?token=1", "x")]
    [InlineData("http://h/api/2.0/mlflow-artifacts/artifacts", "")]
    public void A_uri_of_this_server_names_a_path(string uri, string path) => Assert.Equal(path, ArtifactUri.Get(uri).Text);

    [Theory]
    [InlineData("s3://bucket/x")]
    [InlineData("http://h/x")]
    [InlineData("http://h/api/2.0/mlflow-artifacts/artifactsandmore/x")]
    [InlineData("http://api/2.0/mlflow-artifacts/artifacts/x")]
    [InlineData("/tmp/x")]
    [InlineData("file:///tmp/x")]
    [InlineData("runs:/r/model")]
    [InlineData("")]
    public void A_uri_of_somewhere_else_is_not_served(string uri)
    {
        Assert.Null(ArtifactUri.Find(uri));
        Assert.Equal(FaultKind.Invalid, Assert.Throws<Fault>(() => ArtifactUri.Get(uri)).Kind);
    }

    [Theory]
    [InlineData("mlflow-artifacts:/../x")]
    [InlineData("mlflow-artifacts:/a/%2e%2e/b")]
    [InlineData("mlflow-artifacts:/a%252f..%252f..")]
    [InlineData("mlflow-artifacts:////etc/passwd")]
    [InlineData("mlflow-artifacts://h:1/..%2f..%2f")]
    [InlineData("mlflow-artifacts:/x#y")]
    [InlineData("mlflow-artifacts:/a%00")]
    [InlineData("http://h/api/2.0/mlflow-artifacts/artifacts/../../x")]
    [InlineData("http://h/api/2.0/mlflow-artifacts/artifacts//etc/passwd")]
    public void A_uri_that_leads_out_of_the_store_is_refused(string uri) => Assert.Equal(FaultKind.Invalid, Assert.Throws<Fault>(() => ArtifactUri.Find(uri)).Kind);

    [Theory]
    [InlineData("mlflow-artifacts:/", "7", "mlflow-artifacts:/7")]
    [InlineData("mlflow-artifacts:/7", "r/artifacts", "mlflow-artifacts:/7/r/artifacts")]
    [InlineData("mlflow-artifacts:///x?y=1", "r", "mlflow-artifacts:///x/r?y=1")]
    [InlineData("mlflow-artifacts://host", "7", "mlflow-artifacts://host/7")]
    [InlineData("s3://bucket/x/?region=eu", "7", "s3://bucket/x/7?region=eu")]
    [InlineData("/data/a?b", "7", "/data/a?b/7")]
    public void Joining_extends_the_path_and_keeps_the_query(string root, string relative, string expected) => Assert.Equal(expected, ArtifactUri.Join(root, relative));
}

public sealed class ArtifactLocationTests
{
    private static readonly string[] Folders = [Path.Join(Path.GetTempPath(), "slipway-allowed")];

    public static TheoryData<string> Refused =>
    [
        "/etc", "file:///etc", "file:/etc", "bogus", "relative/path", "../x", "", " /etc", @"C:\x", "C:/x", @"\\server\share",
        "mlflow-artifacts:/../x", "mlflow-artifacts:/a/../b", "mlflow-artifacts:/a/%2e%2e/b", "mlflow-artifacts:/x#frag", "mlflow-artifacts:/a%252e%252e%252f",
        "mlflow-artifacts:/7", "mlflow-artifacts:/7/run", "mlflow-artifacts://h/7", "http://h/api/2.0/mlflow-artifacts/artifacts/7",
        "http://host#/abc/etc/", "http://host/;..%2F..%2Fetc", "http://h/?/path/../x", "?key=v&%2E%2E%2Fp", "http://h/x?y=a..b", "s3://b/x;y",
        "s3://b/../x", "s3://b/%2e%2e/x", "s3://b/%252e%252e/x", "s3://b/a%00b", "s3://b/a\nb", @"s3://b/a\..\b", "https://h/..%5cx",
        "runs:/r/x", "models:/m/1", "javascript:alert(1)", "data:text/html,x", "ssh://h/x", "file://other-host/x",
        $"s3://b/{new string('x', 2048)}", $"file:{Folders[0]}/../etc", $"{Folders[0]}-other/x",
    ];

    [Theory]
    [InlineData("mlflow-artifacts:/")]
    [InlineData("mlflow-artifacts:/custom/root")]
    [InlineData("mlflow-artifacts:///x?y=1")]
    [InlineData("mlflow-artifacts://host:5000/x")]
    [InlineData("http://h/api/2.0/mlflow-artifacts/artifacts/x")]
    [InlineData("s3://bucket/x")]
    [InlineData("s3://bucket/a..b/c?region=eu")]
    [InlineData("GS://bucket")]
    [InlineData("dbfs:/x/y")]
    [InlineData("https://host/x")]
    public void A_safe_or_a_remote_location_is_kept(string location) => Assert.Equal(location, ArtifactLocation.Check(location, []));

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_location_on_the_server_or_with_a_trick_is_refused(string location) =>
        Assert.Equal(FaultKind.Invalid, Assert.Throws<Fault>(() => ArtifactLocation.Check(location, Folders)).Kind);

    [Fact]
    public void A_local_location_is_taken_below_a_folder_that_is_allowed()
    {
        Assert.Equal($"{Folders[0]}/x", ArtifactLocation.Check($"{Folders[0]}/x", Folders));
        Assert.Equal($"file://{Folders[0]}/x", ArtifactLocation.Check($"file://{Folders[0]}/x", Folders));
        Assert.Equal(FaultKind.Invalid, Assert.Throws<Fault>(() => ArtifactLocation.Check($"{Folders[0]}/x", [])).Kind);
    }
}
