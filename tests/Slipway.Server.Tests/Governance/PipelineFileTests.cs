using Slipway.Server.Governance.Files;
using Slipway.Server.Governance.Gates;
using Slipway.Store;
using Xunit;

namespace Slipway.Server.Tests.Governance;

/// <summary>What a pipeline's file may say, and what is said of one that can't be used.</summary>
public sealed class PipelineFileTests
{
    private const string Head = "pipeline: iris\nmodels: iris-*\n";

    [Fact]
    public void A_whole_file_is_read()
    {
        var pipeline = PipelineFile.Parse("""
            pipeline: iris
            models: "iris-*"
            description: flowers
            stages:
              - name: Staging
                archive_existing: true
                gates:
                  metrics: {accuracy: {min: 0.85}, val_loss: {max: 5e-1}}
                  tags: [validation_status, team]
                  tests: [schema_test, inference_test]
              - name: Production
                promoters: ml-leads
                alias: champion
                limit: {versions: 2, oldest: refuse}
                on_rejection: archive
                expires: 3d
                gates:
                  metrics:
                    f1: {no_worse_than: Production, tolerance: 0.01, direction: higher}
                  tags: {team: iris, reviewed: true}
                  previous_stage: Staging
                  time_in_previous_stage: 24h
                  semantic_version: {tag: model_version}
                  approvals: {count: 2, group: ml-leads, services: true}
            """, 7);

        Assert.Equal(("iris", 7L, "iris-*", "flowers"), (pipeline.Name, pipeline.Version, pipeline.Models, pipeline.Description));
        var (staging, production) = (pipeline.Stages[0], pipeline.Stages[1]);
        Assert.Equal(
            [
                new MetricBoundGate("accuracy") { Min = 0.85 }, new MetricBoundGate("val_loss") { Max = 0.5 },
                new TagGate("validation_status", null), new TagGate("team", null), new TestGate("schema_test"), new TestGate("inference_test"),
            ],
            staging.Gates);
        Assert.Equal((true, null, false, TimeSpan.FromDays(14)), (staging.ArchivesExisting, staging.Limit, staging.OnRegistration, staging.Expiry));
        Assert.Equal(
            [
                new MetricComparisonGate("f1", "Production") { Tolerance = 0.01, IsHigherBetter = true }, new TagGate("team", "iris"), new TagGate("reviewed", "true"),
                new PreviousStageGate("Staging"), new StageTimeGate("Staging", TimeSpan.FromHours(24)), new SemanticVersionGate("model_version"),
                new Server.Governance.ApprovalsGate(2, "ml-leads", AllowsServices: true),
            ],
            production.Gates);
        Assert.Equal(("ml-leads", "champion", 2, false, false), (production.Promoters, production.Alias, production.Limit, production.ArchivesOldest, production.ArchivesExisting));
        Assert.Equal((true, TimeSpan.FromDays(3)), (production.ArchivesRejected, production.Expiry));
    }

    [Theory]
    [InlineData("stages: [{name: A}]\ncolour: red", 4, "a pipeline has no 'colour'; it may have pipeline, models, stages, description")]
    [InlineData("stages: []", 3, "'stages' must be a list of 1 to 50 stages")]
    [InlineData("stages: [{name: A, gates: {metrics: {x: {min: high}}}}]", 3, "'min' must be a finite number, not 'high'")]
    [InlineData("stages: [{name: A, gates: {metrics: {x: {min: \"0.5\"}}}}]", 3, "'min' must be a finite number, not '0.5'")]
    [InlineData("stages: [{name: A, gates: {metrics: {x: {min: .nan}}}}]", 3, "'min' must be a finite number")]
    [InlineData("stages: [{name: A, gates: {metrics: {x: {max: .inf}}}}]", 3, "'max' must be a finite number")]
    [InlineData("stages: [{name: A, gates: {metrics: {x: {max: 1e999}}}}]", 3, "'max' must be a finite number")]
    [InlineData("stages: [{name: A, gates: {metrics: {x: {min: 2, max: 1}}}}]", 3, "'min' is above 'max'")]
    [InlineData("stages: [{name: A, gates: {metrics: {x: {}}}}]", 3, "needs one of min, max, equal or no_worse_than")]
    [InlineData("stages: [{name: A, gates: {metrics: {x: {equal: 1, min: 0}}}}]", 3, "'equal' stands without")]
    [InlineData("stages: [{name: A, gates: {metrics: {x: {no_worse_than: A}}}}]", 3, "needs a 'direction'")]
    [InlineData("stages: [{name: A, gates: {metrics: {x: {no_worse_than: A, direction: up}}}}]", 3, "'direction' must be higher or lower, not 'up'")]
    [InlineData("stages: [{name: A, gates: {metrics: {x: {no_worse_than: A, direction: higher, tolerance: -0.1}}}}]", 3, "'tolerance' must not be negative")]
    [InlineData("stages: [{name: A, gates: {metrics: {x: {no_worse_than: B, direction: higher}}}}]", 3, "there is no stage 'B'")]
    [InlineData("stages: [{name: A, gates: {metrics: {x: {min: 1, direction: higher}}}}]", 3, "'direction' belongs to 'no_worse_than'")]
    [InlineData("stages: [{name: A, gates: {previous_stage: B}}, {name: B}]", 3, "the first stage has no previous one")]
    [InlineData("stages: [{name: A, gates: {dataset: {}}}]", 3, "'dataset' needs one of required: true, not_recalled: true or drift")]
    [InlineData("stages: [{name: A, gates: {dataset: {required: false}}}]", 3, "'dataset' needs one of required: true")]
    [InlineData("stages: [{name: A, gates: {dataset: {required: yes please}}}]", 3, "'required' must be true or false")]
    [InlineData("stages: [{name: A, gates: {dataset: {recalled: false}}}]", 3, "dataset has no 'recalled'; it may have required, not_recalled, drift")]
    [InlineData("stages: [{name: A, gates: {dataset: {drift: {against: A}}}}]", 3, "'drift' needs 'below', a number above zero such as 0.2")]
    [InlineData("stages: [{name: A, gates: {dataset: {drift: {below: 0.2}}}}]", 3, "drift needs 'against'")]
    [InlineData("stages: [{name: A, gates: {dataset: {drift: {below: 0.2, against: B}}}}]", 3, "there is no stage 'B' in this file")]
    [InlineData("stages: [{name: A}, {name: B, gates: {previous_stage: C}}]", 3, "must be a stage that is listed above, A, not 'C'")]
    [InlineData("stages: [{name: A}, {name: B, gates: {time_in_previous_stage: 1h}}]", 3, "needs 'previous_stage'")]
    [InlineData("stages: [{name: A}, {name: B, gates: {previous_stage: A, time_in_previous_stage: 24}}]", 3, "a time such as 90s, 30m, 24h, 14d or 2w")]
    [InlineData("stages: [{name: A, expires: 0h}]", 3, "'expires' must be a time")]
    [InlineData("stages: [{name: A}, {name: a}]", 3, "the stage 'a' is there twice")]
    [InlineData("stages: [{name: A, alias: x}, {name: B, alias: x}]", 3, "the alias 'x' is there twice")]
    [InlineData("stages: [{name: A, alias: latest}]", 3, "reserved")]
    [InlineData("stages: [{name: None}]", 3, "the stage None is always there")]
    [InlineData("stages: [{name: archived}]", 3, "the stage Archived is always there")]
    [InlineData("stages: [{name: production}]", 3, "is written Production")]
    [InlineData("stages: [{name: 3}]", 3, "must begin with a letter")]
    [InlineData("stages: [{alias: x}]", 3, "a stage needs 'name'")]
    [InlineData("stages: [{name: A, limit: {oldest: archive}}]", 3, "'limit' needs 'versions'")]
    [InlineData("stages: [{name: A, limit: {versions: 0}}]", 3, "a whole number from 1 to 1000, not '0'")]
    [InlineData("stages: [{name: A, limit: {versions: 2, oldest: delete}}]", 3, "'oldest' must be archive or refuse")]
    [InlineData("stages: [{name: A, archive_existing: true, limit: {versions: 2}}]", 3, "so a limit of 2 is never reached")]
    [InlineData("stages: [{name: A, archive_existing: yes}]", 3, "must be true or false, not 'yes'")]
    [InlineData("stages: [{name: A, gates: {approvals: {count: 1.5}}}]", 3, "'count' must be a whole number")]
    [InlineData("stages: [{name: A, gates: {tests: schema_test}}]", 3, "'tests' is a list of names, not 'schema_test'")]
    [InlineData("stages: [{name: A, gates: {tests: [a, a]}}]", 3, "'a' is there twice")]
    [InlineData("stages: [{name: A, gates: {tags: [production_approved]}}]", 3, "only mirrors approvals")]
    [InlineData("stages: [{name: A, gates: {tags: {approval_request: x}}}]", 3, "only mirrors approvals")]
    [InlineData("stages: [{name: A, gates: {semantic_version: {}}}]", 3, "needs 'tag'")]
    [InlineData("stages: [{name: A, gates: [x]}]", 3, "gates is a map, not a list")]
    [InlineData("stages: [{name: A, name: B}]", 3, "'name' is there twice")]
    [InlineData("stages: [{name: !!str A}]", 3, "type tags (!) are not allowed")]
    [InlineData("stages: [&a {name: A}, *a]", 3, "aliases (*) are not allowed")]
    [InlineData("stages: [{name: A}]\n---\nb: 1", 4, "a second document begins")]
    [InlineData("stages: [{name: A", 4, "this is not YAML")]
    public void What_is_wrong_is_told_with_its_line(string rest, int line, string problem) =>
        Assert.Contains(ProblemsOf(Head + rest), told => told.StartsWith($"line {line}: ", StringComparison.Ordinal) && told.Contains(problem, StringComparison.Ordinal));

    [Fact]
    public void Every_problem_is_told_at_once()
    {
        var problems = ProblemsOf("""
            pipeline: not a name
            stages:
              - name: None
                gates:
                  metrics:
                    accuracy: {min: nan}
                  tests: 3
              - name: Production
                limitt: 3
            """);

        Assert.Equal([1, 1, 3, 6, 7, 9], problems.Select(problem => int.Parse(problem[5..problem.IndexOf(':', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("- a")]
    [InlineData("just words")]
    [InlineData("{")]
    [InlineData("\t")]
    [InlineData("? [a]\n: b")]
    [InlineData("%YAML 9.9\n---\na: b")]
    public void What_is_no_pipeline_at_all_is_a_fault_too(string text) => Assert.NotEmpty(ProblemsOf(text));

    [Fact]
    public void Size_and_depth_have_limits()
    {
        Assert.Contains("the limit is 65536", Assert.Single(ProblemsOf(Head + new string('#', 70_000))), StringComparison.Ordinal);
        Assert.Contains(ProblemsOf("a: " + new string('[', 30_000)), problem => problem.Contains("deeper than 16", StringComparison.Ordinal));
        Assert.Contains(ProblemsOf("a: " + string.Concat(Enumerable.Repeat("{b: ", 10_000))), problem => problem.Contains("deeper than 16", StringComparison.Ordinal));
    }

    private static List<string> ProblemsOf(string text)
    {
        var fault = Assert.Throws<Fault>(() => PipelineFile.Parse(text, 1));
        Assert.Equal(FaultKind.Invalid, fault.Kind);
        return [.. fault.Message.Split('\n').Skip(1)];
    }
}
