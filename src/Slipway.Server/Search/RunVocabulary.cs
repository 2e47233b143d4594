using Slipway.Server.Search.Grammar;
using Slipway.Server.Tracking;

namespace Slipway.Server.Search;

/// <summary>The words of run searches.</summary>
internal static class RunVocabulary
{
    /// <summary>A run's name as filters see it.</summary>
    public const string NameTag = RunTags.RunName;

    public const string RunId = "run_id";
    public const string RunName = "run_name";
    public const string StartTime = "start_time";
    public const string EndTime = "end_time";
    public const string DatasetContext = "context";

    public static readonly Vocabulary Words = new()
    {
        Entities = new Dictionary<string, Subject>
        {
            ["metric"] = Subject.Metric,
            ["metrics"] = Subject.Metric,
            ["parameter"] = Subject.Param,
            ["parameters"] = Subject.Param,
            ["param"] = Subject.Param,
            ["params"] = Subject.Param,
            ["tag"] = Subject.Tag,
            ["tags"] = Subject.Tag,
            ["attribute"] = Subject.Attribute,
            ["attributes"] = Subject.Attribute,
            ["attr"] = Subject.Attribute,
            ["run"] = Subject.Attribute,
            ["dataset"] = Subject.Dataset,
            ["datasets"] = Subject.Dataset,
        },
        Attributes = new Dictionary<string, Operand>
        {
            [RunId] = Operand.Text(Comparators.TextsAndLists, RunId),
            [RunName] = Operand.Text(Comparators.Texts, RunName),
            ["run name"] = Operand.Text(Comparators.Texts, RunName),
            ["Run name"] = Operand.Text(Comparators.Texts, RunName),
            ["Run Name"] = Operand.Text(Comparators.Texts, RunName),
            ["status"] = Operand.Text(Comparators.Texts, "status"),
            ["user_id"] = Operand.Text(Comparators.Texts, "user_id"),
            ["artifact_uri"] = Operand.Text(Comparators.Texts, "artifact_uri"),
            [StartTime] = Operand.Number(StartTime),
            ["created"] = Operand.Number(StartTime),
            ["Created"] = Operand.Number(StartTime),
            [EndTime] = Operand.Number(EndTime),
        },
        Keyed = new Dictionary<Subject, Operand>
        {
            [Subject.Metric] = Operand.Number(),
            [Subject.Param] = Operand.Text(Comparators.TextsAndPresence),
            [Subject.Tag] = Operand.Text(Comparators.TextsAndPresence),
        },
        DatasetFields = new Dictionary<string, Operand>
        {
            ["name"] = Operand.Text(Comparators.TextsAndLists, "name"),
            ["digest"] = Operand.Text(Comparators.TextsAndLists, "digest"),
            [DatasetContext] = Operand.Text(Comparators.TextsAndLists, DatasetContext),
        },
        Orders = new Dictionary<string, string>
        {
            [RunId] = RunId,
            [RunName] = RunName,
            ["status"] = "status",
            ["user_id"] = "user_id",
            ["artifact_uri"] = "artifact_uri",
            [StartTime] = StartTime,
            ["created"] = StartTime,
            ["Created"] = StartTime,
            [EndTime] = EndTime,
        },
        KeyedOrders = [Subject.Metric, Subject.Param, Subject.Tag],
    };
}
