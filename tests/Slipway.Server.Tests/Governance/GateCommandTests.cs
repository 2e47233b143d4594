using System.Text.Json.Nodes;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Governance;

/// <summary>What the command line promises of pipelines, tests and checks.</summary>
public sealed class GateCommandTests() : GateContract(Fresh.SqliteAsync)
{
    private const string Rules = "pipeline: p\nmodels: iris\nstages:\n  - name: Production\n    gates: {metrics: {m: {min: 0.5}}, tests: [load_test]}\n";

    [Fact]
    public async Task A_version_is_checked_tested_and_checked_again()
    {
        await CreateModelAsync("iris");
        await AddVersionAsync("iris", ("m", 0.75));
        var applied = await RunAsync("pipelines", "apply", await FileAsync(Rules));
        Assert.Equal((0, "p 1 is in force for the models iris: iris\n"), (applied.Code, applied.Output));
        Assert.Contains("is in force already", (await RunAsync("pipelines", "apply", await FileAsync(Rules))).Output, StringComparison.Ordinal);

        var refused = await RunAsync("check", "iris", "1", "--to", "Production");
        Assert.Equal(1, refused.Code);
        Assert.Contains("iris 1 may not enter Production: 1 of 4 gates are not met.", refused.Output, StringComparison.Ordinal);

        var recorded = await RunAsync("tests", "record", "iris", "1", "load_test", "--passed", "--measured", "p95_ms=12.5", "engine=onnx", "--json");
        Assert.Equal("""{"engine":"onnx","p95_ms":12.5}""", JsonNode.Parse(recorded.Output)!["test"]!["measured"]!.ToJsonString());
        Assert.Contains("engine=onnx p95_ms=12.5", (await RunAsync("tests", "list", "iris", "1")).Output, StringComparison.Ordinal);

        var let = await RunAsync("check", "iris", "1", "--to", "production", "--json");
        Assert.Equal((0, true, "Production"), (let.Code, JsonNode.Parse(let.Output)!["met"]!.GetValue<bool>(), JsonNode.Parse(let.Output)!["stage"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_version_is_named_by_its_number_its_stage_or_an_alias()
    {
        await CreateModelAsync("iris");
        var version = await AddVersionAsync("iris");
        await MoveAsync("iris", version, "Staging");
        (await Client.PostAsync("registered-models/alias", new { name = "iris", alias = "best", version })).Ok();

        foreach (var name in new[] { "1", "Staging", "staging", "@best", "@latest" })
        {
            Assert.Contains("iris 1 may enter Production", (await RunAsync("check", "iris", name, "--to", "Production")).Output, StringComparison.Ordinal);
        }

        var nobody = await RunAsync("check", "iris", "Production", "--to", "Production");
        Assert.Equal((2, "slipway: No version of 'iris' is in Production.\n"), (nobody.Code, nobody.Errors));
        Assert.Equal(1, (await RunAsync("check", "iris", "@worst", "--to", "Production")).Code);
    }

    [Fact]
    public async Task Pipelines_are_listed_shown_and_taken_away_and_mistakes_told()
    {
        await ApplyAsync(Rules);
        await ApplyAsync(Rules + "# more\n");

        Assert.Contains("Production", (await RunAsync("pipelines", "list")).Output, StringComparison.Ordinal);
        Assert.Equal(Rules, (await RunAsync("pipelines", "show", "p", "--version", "1")).Output);
        Assert.Equal(1, (await RunAsync("pipelines", "delete", "p", "--if-version", "1")).Code);
        Assert.Equal(0, (await RunAsync("pipelines", "delete", "p", "--if-version", "2")).Code);

        var wrong = await RunAsync("pipelines", "apply", await FileAsync("pipeline: p\nmodels: x\nstages: 3\n"));
        Assert.Equal(1, wrong.Code);
        Assert.Contains("line 3: ", wrong.Errors, StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync("pipelines", "apply", "/no/such/file")).Code);
        Assert.Equal(2, (await RunAsync("tests", "record", "iris", "1", "load_test")).Code);
        Assert.Equal(2, (await RunAsync("tests", "record", "iris", "1", "load_test", "--passed", "--measured", "12")).Code);
    }

    private async Task<string> FileAsync(string text)
    {
        var file = Path.Join(Place.Folder, "pipeline.yaml");
        await File.WriteAllTextAsync(file, text);
        return file;
    }

    private Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments) => new SlipwayCommand(arguments).On(Address).RunAsync();
}
