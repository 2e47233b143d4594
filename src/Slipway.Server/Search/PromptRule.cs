using Slipway.Server.Search.Grammar;

namespace Slipway.Server.Search;

/// <summary>Prompts are registered models with a tag; a search sees them only if it asks for them.</summary>
/// <param name="Clauses">What remains to be asked.</param>
/// <param name="HidesPrompts">Whether prompts are left out.</param>
internal sealed record PromptRule(IReadOnlyList<Clause> Clauses, bool HidesPrompts)
{
    public const string Tag = "mlflow.prompt.is_prompt";

    public const string Yes = "true";

    // A model has no such tag at all, so "is not 'true'" as an ordinary clause on a tag would find nothing: it is dropped.
    public static PromptRule Of(IReadOnlyList<Clause> clauses) => clauses.Any(AsksForPrompts)
        ? new PromptRule(clauses, HidesPrompts: false)
        : new PromptRule([.. clauses.Where(clause => !IsAboutPrompts(clause))], HidesPrompts: true);

    private static bool IsAboutPrompts(Clause clause) => clause is { Subject: Subject.Tag, Name: Tag };

    private static bool AsksForPrompts(Clause clause) => IsAboutPrompts(clause) && clause.Condition
        is TextCondition { Comparator: Comparator.Equal, Values: [Yes] }
        or TextCondition { Comparator: Comparator.NotEqual, Values: ["false"] };
}
