using Slipway.Server.Governance;
using Slipway.Server.Governance.Files;
using Slipway.Server.Governance.Gates;
using Xunit;

namespace Slipway.Server.Tests.Governance;

/// <summary>The example pipelines say what the documents demand that they come from.</summary>
public sealed class ExamplePipelineTests
{
    [Fact]
    public void Stage_requirements()
    {
        var (staging, production) = Two("stage-requirements");

        Assert.Equal([new MetricBoundGate("accuracy") { Min = 0.85 }, new TagGate("validation_status", null), new TagGate("team", null), new TestGate("schema_test"), new TestGate("inference_test")], staging.Gates);
        Assert.Equal(
            [
                new MetricBoundGate("accuracy") { Min = 0.9 }, new TestGate("load_test"), new TestGate("integration_test"),
                new PreviousStageGate("Staging"), new StageTimeGate("Staging", TimeSpan.FromHours(24)), new ApprovalsGate(1, null, false),
            ],
            production.Gates);
    }

    [Fact]
    public void Governance_policies()
    {
        var (_, production) = Two("governance-policies");

        Assert.Equal((2, true, false), (production.Limit, production.ArchivesOldest, production.ArchivesExisting));
        Assert.Equal(
            [
                new TestGate("unit"), new TestGate("integration"), new TestGate("performance"),
                new PreviousStageGate("Staging"), new StageTimeGate("Staging", TimeSpan.FromHours(24)), new ApprovalsGate(1, null, false),
            ],
            production.Gates);
    }

    [Fact]
    public void Promotion_criteria()
    {
        var (staging, production) = Two("promotion-criteria");

        Assert.Equal([new MetricBoundGate("val_accuracy") { Min = 0.85 }, new MetricBoundGate("val_loss") { Max = 0.5 }, new TestGate("unit_tests"), new TestGate("integration_tests")], staging.Gates);
        Assert.Equal([new MetricBoundGate("val_accuracy") { Min = 0.88 }, new TestGate("a_b_test"), new PreviousStageGate("Staging"), new StageTimeGate("Staging", TimeSpan.FromHours(24))], production.Gates);
    }

    [Fact]
    public void Every_example_can_be_used() => Assert.All(Directory.GetFiles(Folder, "*.yaml"), file => Assert.NotEmpty(PipelineFile.Parse(File.ReadAllText(file), 1).Stages));

    private static string Folder => Path.Join(AppContext.BaseDirectory, "examples");

    private static (PipelineStage Staging, PipelineStage Production) Two(string name)
    {
        var pipeline = PipelineFile.Parse(File.ReadAllText(Path.Join(Folder, $"{name}.yaml")), 1);
        Assert.Equal(name, pipeline.Name);
        Assert.Equal(["Staging", "Production"], pipeline.Stages.Select(stage => stage.Name));
        return (pipeline.Stages[0], pipeline.Stages[1]);
    }
}
