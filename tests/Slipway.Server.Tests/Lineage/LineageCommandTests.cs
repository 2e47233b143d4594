using System.Text.Json.Nodes;
using Slipway.Server.Tests.Datasets.Api;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Lineage;

/// <summary>What the command line promises of lineage and recalls.</summary>
public sealed class LineageCommandTests() : ServerContract(Fresh.SqliteAsync)
{
    [Fact]
    public async Task A_use_is_noted_lineage_told_and_data_recalled_and_reinstated()
    {
        await Client.DataAsync("train@1.0.0");
        var run = await Client.RunAsync();
        await Client.RegisterAsync("iris", run);

        var used = await RunAsync("runs", "use", run, "train@latest", "--context", "training", "--manifest");
        Assert.Equal(0, used.Code);
        Assert.Contains("declared, manifest", used.Output, StringComparison.Ordinal);
        Assert.Contains("train@1.0.0", (await RunAsync("runs", "datasets", run)).Output, StringComparison.Ordinal);
        Assert.Contains($"runs/{run} -> models/iris/versions/1  registered", (await RunAsync("datasets", "lineage", "train@1.0.0")).Output, StringComparison.Ordinal);
        Assert.Contains($"datasets/train@1.0.0 -> runs/{run}  declared", (await RunAsync("versions", "lineage", "iris", "1")).Output, StringComparison.Ordinal);
        Assert.Equal(3, JsonNode.Parse((await RunAsync("runs", "lineage", run, "--json")).Output)!["nodes"]!.AsArray().Count);

        var recalled = await RunAsync("datasets", "recall", "train@1.0.0", "--reason", "wrong labels");
        Assert.Equal((0, "train@1.0.0 is recalled. 1 model version depends on it:\nmodels/iris/versions/1\n"), (recalled.Code, recalled.Output));
        Assert.Contains("recalled: wrong labels", (await RunAsync("versions", "lineage", "iris", "1")).Output, StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync("datasets", "recall", "train@1.0.0", "--reason", "again")).Code);
        Assert.Equal(0, (await RunAsync("datasets", "reinstate", "train@1.0.0", "--reason", "checked")).Code);
        Assert.Null((await Client.VersionAsync("train", "1.0.0")).Text("recall_reason"));
    }

    [Fact]
    public async Task Wrong_usage_is_told()
    {
        Assert.Equal(2, (await RunAsync("datasets", "lineage", "train")).Code);
        Assert.Equal(2, (await RunAsync("datasets", "recall", "train@1.0.0")).Code);
        Assert.Equal(2, (await RunAsync("runs", "lineage", "r", "--direction", "sideways")).Code);
        Assert.Equal(1, (await RunAsync("datasets", "lineage", "train@1.0.0")).Code);
    }

    private Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments) => new SlipwayCommand(arguments).On(Address).RunAsync();
}
