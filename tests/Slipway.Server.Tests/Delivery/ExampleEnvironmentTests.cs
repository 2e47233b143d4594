using Slipway.Server.Delivery;
using Slipway.Serving.Gateway.Records;
using Xunit;

namespace Slipway.Server.Tests.Delivery;

/// <summary>The example environments can be used, and say what the tutorial's deployer says.</summary>
public sealed class ExampleEnvironmentTests
{
    [Fact]
    public void Staging_is_on_port_5001()
    {
        var staging = Read("staging");

        Assert.Equal(("staging", "Staging", "*", "http://127.0.0.1:5001"), (staging.Name, staging.Stage, staging.Models, staging.Listen));
        Assert.False(staging.IsPublic);
    }

    [Fact]
    public void Production_is_on_port_5002_with_four_workers_a_minute_and_a_canary()
    {
        var production = Read("production");

        Assert.Equal(("production", "Production", "*", "http://127.0.0.1:5002"), (production.Name, production.Stage, production.Models, production.Listen));
        Assert.Equal((4, TimeSpan.FromSeconds(60), false), (production.Workers, production.Timeout, production.IsPublic));
        Assert.Equal(RolloutStrategy.Canary, production.Rollout.Strategy);
        Assert.Equal([5.0, 25.0], production.Rollout.Steps.Select(step => step.Percent));
    }

    [Fact]
    public void Every_example_can_be_used() => Assert.All(Directory.GetFiles(Folder, "*.yaml"), file => Assert.NotEmpty(EnvironmentFile.Parse(File.ReadAllText(file)).Name));

    private static string Folder => Path.Join(AppContext.BaseDirectory, "examples", "environments");

    private static ServingEnvironment Read(string name) => EnvironmentFile.Parse(File.ReadAllText(Path.Join(Folder, $"{name}.yaml")));
}
