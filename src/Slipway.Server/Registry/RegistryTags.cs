using Slipway.Server.Checks;
using Slipway.Server.Search;
using Slipway.Wire;

namespace Slipway.Server.Registry;

/// <summary>Tags of models and versions.</summary>
internal static class RegistryTags
{
    private const int ValueLimit = 100_000;
    private static readonly string[] Internal = [PromptRule.Tag, "mlflow.prompt.text", "_mlflow_prompt_type"];

    public static IReadOnlyList<Pair> Decode(IReadOnlyList<KeyValue>? tags) =>
        [.. TagList.Decode(tags, "tags").Select(tag => Check(tag.Key, tag.Value, "tags.key", "tags.value"))];

    public static Pair Check(string? key, string? value) => Check(key, value, "key", "value");

    public static bool MarkPrompt(IReadOnlyList<Pair> tags) =>
        tags.Any(tag => tag.Key == PromptRule.Tag && tag.Value == PromptRule.Yes);

    /// <summary>The tags that a listener sees: not those that only make a prompt a prompt.</summary>
    public static IReadOnlyDictionary<string, string> ForEvent(IReadOnlyList<Pair> tags) =>
        tags.Where(tag => !MarkPrompt(tags) || !Internal.Contains(tag.Key)).ToDictionary(tag => tag.Key, tag => tag.Value);

    private static Pair Check(string? key, string? value, string keyName, string valueName) => new(Keys.Check(key, keyName), Text.Within(value ?? "", ValueLimit, valueName));
}
