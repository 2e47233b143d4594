using Slipway.Bench.Load;

namespace Slipway.Bench.Cases;

/// <summary>What comparing runs does: a hundred of twenty thousand are found.</summary>
internal sealed class SearchCases(Material material)
{
    private const int RunsInOne = 20_000;
    private const int RunsInEachOther = 1250;
    private const int Others = 4;
    private const string Filter = "metrics.metric_0 > 0.3 and params.param_0 != 'value-007' and tags.tag_0 = 'value-03'";

    private static readonly TimeSpan Goal = TimeSpan.FromMilliseconds(15);

    private readonly Lazy<List<string>> _experiments = new(() => Fill(material));

    public IEnumerable<Case> All =>
    [
        new("search-experiment", () => Search(_experiments.Value[..1], Filter, "metrics.metric_1 DESC")) { Median = Goal },
        new("search-everywhere", () => Search(_experiments.Value, Filter, "metrics.metric_1 DESC")) { Median = Goal },
        new("search-newest", () => Search(_experiments.Value[..1], "", "attributes.start_time DESC")) { Median = Goal },
    ];

    private static List<string> Fill(Material material)
    {
        List<string> experiments = [material.CreateExperiment("searched")];
        FillOne(material, experiments[0], RunsInOne);
        for (var i = 1; i <= Others; i++)
        {
            experiments.Add(material.CreateExperiment($"searched-too-{i}"));
            FillOne(material, experiments[i], RunsInEachOther);
        }

        return experiments;
    }

    private static void FillOne(Material material, string experiment, int count) =>
        material.LogToEach(material.CreateRuns(experiment, count), Contents.Template(metrics: 20, parameters: 20, tags: 5), Contents.Fill);

    private static Operation Search(IEnumerable<string> experiments, string filter, string order) => new(
        Template.Post(Material.Api + "runs/search", $$"""
            {"experiment_ids":[{{string.Join(',', experiments.Select(id => $"\"{id}\""))}}],"filter":"{{filter}}","order_by":["{{order}}"],"max_results":100}
            """),
        (_, _) => { });
}
