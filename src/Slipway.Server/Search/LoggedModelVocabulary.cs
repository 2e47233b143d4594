using Slipway.Server.Search.Grammar;

namespace Slipway.Server.Search;

/// <summary>The words of logged-model searches.</summary>
internal static class LoggedModelVocabulary
{
    public const string Created = "creation_timestamp";
    public const string Updated = "last_updated_timestamp";

    /// <summary>What an order may name besides metrics.</summary>
    public static readonly IReadOnlyDictionary<string, string> Orders = new Dictionary<string, string>
    {
        ["name"] = "name",
        ["model_id"] = "model_id",
        ["model_type"] = "model_type",
        ["status"] = "status",
        ["source_run_id"] = "source_run_id",
        ["experiment_id"] = "experiment_id",
        [Created] = Created,
        ["creation_time"] = Created,
        ["creation_timestamp_ms"] = Created,
        ["creation_time_ms"] = Created,
        [Updated] = Updated,
        ["last_updated_time"] = Updated,
        ["last_updated_timestamp_ms"] = Updated,
        ["last_updated_time_ms"] = Updated,
    };

    public static readonly Vocabulary Words = new()
    {
        Entities = new Dictionary<string, Subject>
        {
            ["attributes"] = Subject.Attribute,
            ["metrics"] = Subject.Metric,
            ["params"] = Subject.Param,
            ["tags"] = Subject.Tag,
        },
        Attributes = Orders.ToDictionary(word => word.Key, word => word.Value switch
        {
            Created or Updated => Operand.Number(word.Value),
            "status" => new StatusOperand(),
            _ => new LooseTextOperand(word.Value),
        }),
        Keyed = new Dictionary<Subject, Operand>
        {
            [Subject.Metric] = Operand.Number(),
            [Subject.Param] = new LooseTextOperand(null),
            [Subject.Tag] = new LooseTextOperand(null),
        },
        Orders = Orders,
    };

    /// <summary>Text that may stand without quotes: this kind's clients rely on it.</summary>
    private record LooseTextOperand(string? Name) : TextOperand(Name, Grammar.Comparators.TextsAndLists)
    {
        protected override Condition ReadValue(Comparison comparison, Literal value) => base.ReadValue(comparison, value switch
        {
            NumberLiteral number => new TextLiteral(number.Digits),
            BareLiteral word => new TextLiteral(word.Text),
            _ => value,
        });
    }

    /// <summary>A status by its whole name, its short name or its number.</summary>
    private sealed record StatusOperand() : LooseTextOperand("status")
    {
        protected override Condition ReadValue(Comparison comparison, Literal value)
        {
            var condition = (TextCondition)base.ReadValue(comparison, value);
            return condition with { Values = [.. condition.Values.Select(LoggedModelStatus.WholeName)] };
        }
    }
}
