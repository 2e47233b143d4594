using System.Text.RegularExpressions;
using Slipway.Server.Artifacts;
using Slipway.Store;
using Xunit;

namespace Slipway.Server.Tests.Artifacts;

public sealed class ModelSourceTests : IDisposable
{
    private const string Proxied = "mlflow-artifacts:/0/r/artifacts";

    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("mlflow-artifacts:/0/r/artifacts/model")]
    [InlineData("s3://b/x")]
    [InlineData("s3://b/x/")]
    [InlineData("s3://b//x")]
    [InlineData("s3://b/a..b/c")]
    [InlineData("s3://b/a+b")]
    [InlineData("dbfs:/x/y")]
    [InlineData("runs:/r/model")]
    [InlineData("models:/m/1")]
    [InlineData("mlflow-artifacts://h:9000/models/artifact/..../")]
    [InlineData("http://127.0.0.1:1/api/2.0/mlflow-artifacts/artifacts/x")]
    public void A_remote_source_passes(string source)
    {
        ModelSource.Check(source, Proxied, null);
        ModelSource.Check(source, null, null);
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("file:///etc/passwd")]
    [InlineData("file:///tmp/x")]
    [InlineData("file://localhost/etc/passwd")]
    [InlineData("file://./etc/passwd")]
    [InlineData("FILE:/etc/passwd")]
    [InlineData("relative/path")]
    [InlineData("../x")]
    [InlineData("")]
    [InlineData("mlflow-artifacts:/0/../../etc")]
    [InlineData("mlflow-artifacts://h:1/..%2f..%2f")]
    [InlineData("mlflow-artifacts:/a%252f..%252f..")]
    [InlineData("mlflow-artifacts://host/../x")]
    [InlineData("http://h/api/2.0/mlflow-artifacts/artifacts/../../x")]
    [InlineData("https://h/api/2.0/mlflow-artifacts/artifacts/../../x")]
    [InlineData("s3://h/../../x")]
    [InlineData("s3a://h/../../x")]
    [InlineData("ftp://h/../../x")]
    [InlineData("dbfs:/h/../../x")]
    [InlineData("s3:/b/models/path/../../other")]
    [InlineData("s3://b/./x")]
    [InlineData("s3://b/%2e/x")]
    [InlineData("http://h/x?y=/../z")]
    [InlineData("http://h/a%00b")]
    [InlineData("mlflow-artifacts://h:9000/models/artifact%00")]
    [InlineData("dbfs:/r/artifacts/a%3f/../../../../")]
    [InlineData("s3://b/%2%0952e%2%0952e/x")]
    [InlineData("s3://b/a%5c..%5cb")]
    [InlineData(@"C:\x")]
    [InlineData("C:/x")]
    [InlineData("file://remote/x")]
    [InlineData("file://123.456.789.123/p")]
    [InlineData("file://../x")]
    public void A_source_on_the_server_or_with_a_trick_is_refused(string source)
    {
        Assert.Equal(FaultKind.Invalid, Assert.Throws<Fault>(() => ModelSource.Check(source, Proxied, null)).Kind);
        Assert.Equal(FaultKind.Invalid, Assert.Throws<Fault>(() => ModelSource.Check(source, null, null)).Kind);
    }

    [Fact]
    public void A_source_that_still_changes_after_ten_decodings_is_refused()
    {
        var source = "s3://b/%41";
        for (var i = 0; i < 10; i++)
        {
            source = source.Replace("%", "%25", StringComparison.Ordinal);
        }

        Assert.Throws<Fault>(() => ModelSource.Check(source, null, null));
    }

    [Fact]
    public void A_local_source_passes_only_below_its_own_runs_local_artifacts()
    {
        var run = Directory.CreateDirectory(Path.Join(_folder, "run", "artifacts")).FullName;
        Directory.CreateDirectory(Path.Join(_folder, "run", "artifacts2"));
        Directory.CreateDirectory(Path.Join(run, "model"));

        foreach (var location in new[] { run, $"file://{run}", run + "/" })
        {
            ModelSource.Check(run, location, null);
            ModelSource.Check($"{run}/model", location, null);
            ModelSource.Check($"{run}/model/..", location, null);
            ModelSource.Check($"file://{run}/model", location, null);
            ModelSource.Check($"file://localhost{run}/model", location, null);
            Assert.Throws<Fault>(() => ModelSource.Check($"{run}/..", location, null));
            Assert.Throws<Fault>(() => ModelSource.Check($"{run}2", location, null));
            Assert.Throws<Fault>(() => ModelSource.Check("/etc/passwd", location, null));
        }
    }

    [Fact]
    public void A_local_source_is_judged_by_where_its_links_lead()
    {
        var run = Directory.CreateDirectory(Path.Join(_folder, "run")).FullName;
        Directory.CreateSymbolicLink(Path.Join(run, "out"), "/etc");
        Directory.CreateSymbolicLink(Path.Join(run, "circle"), Path.Join(run, "circle"));
        Directory.CreateSymbolicLink(Path.Join(_folder, "alias"), run);

        Assert.Throws<Fault>(() => ModelSource.Check($"{run}/out/passwd", run, null));
        Assert.Throws<Fault>(() => ModelSource.Check($"{run}/circle/x", run, null));
        ModelSource.Check($"{_folder}/alias/model", run, null);
    }

    [Fact]
    public void A_configured_pattern_must_be_found_in_every_source()
    {
        var pattern = new Regex("^s3://", RegexOptions.NonBacktracking);

        ModelSource.Check("s3://b/x", null, pattern);
        Assert.Throws<Fault>(() => ModelSource.Check("gs://b/x", null, pattern));
        Assert.Throws<Fault>(() => ModelSource.CheckPrompt("dummy-source", pattern));
    }

    [Theory]
    [InlineData("prompt-template")]
    [InlineData("dummy-source")]
    [InlineData("s3://b/x")]
    public void A_prompts_placeholder_passes(string source) => ModelSource.CheckPrompt(source, null);

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("%2fetc%2fpasswd")]
    [InlineData("file:///proc/self/environ")]
    [InlineData("file%3A///proc/self/environ")]
    [InlineData("https://example.com/../../etc/passwd")]
    [InlineData("http://h/p/..%2f..%2fsecret")]
    [InlineData("../x")]
    [InlineData(@"C:\x")]
    public void A_prompts_source_is_no_way_around_the_check(string source) =>
        Assert.Equal(FaultKind.Invalid, Assert.Throws<Fault>(() => ModelSource.CheckPrompt(source, null)).Kind);
}
