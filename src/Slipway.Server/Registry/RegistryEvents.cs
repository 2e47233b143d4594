using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Store;

namespace Slipway.Server.Registry;

/// <summary>What changes of the registry announce, in the words of MLflow's webhooks and ours.</summary>
internal static class RegistryEvents
{
    public static void Announce(Change change, string topic, RegistryEvent what) =>
        change.Announce(topic, JsonSerializer.Serialize(what, RegistryJson.Default.RegistryEvent));

    /// <summary>Announces what has another name when it happens to a prompt.</summary>
    public static async Task AnnounceAsync(Change change, (long Model, string Noun, string Verb) about, RegistryEvent what, CancellationToken cancellationToken)
    {
        var isPrompt = await RegisteredModels.IsPromptAsync(change, about.Model, cancellationToken);
        Announce(change, $"{(isPrompt ? about.Noun.Replace("model_version", "prompt", StringComparison.Ordinal) : about.Noun)}.{about.Verb}", what);
    }

    /// <summary>Puts a stage or an alias that is written into the audit entry.</summary>
    public static void Effect(Change change, RegistryEffect effect) => change.Effect(JsonSerializer.Serialize(effect, RegistryJson.Default.RegistryEffect));

    public static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    public static string Digits(long version) => version.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What an event tells; what does not belong to it is absent.</summary>
internal sealed record RegistryEvent(string Name)
{
    public string? Version { get; init; }

    public string? Source { get; init; }

    public string? RunId { get; init; }

    public string? Description { get; init; }

    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    public string? Alias { get; init; }

    public string? Key { get; init; }

    public string? Value { get; init; }

    public string? From { get; init; }

    public string? To { get; init; }
}

/// <summary>A registered model as the audit log tells of it.</summary>
internal sealed record ModelState(string Name, string? Description);

/// <summary>A version as the audit log tells of it.</summary>
internal sealed record VersionState(string Version, string? Stage)
{
    public string? Description { get; init; }

    public string? Source { get; init; }

    public string? RunId { get; init; }

    public string? LoggedModelId { get; init; }

    public string? ManifestDigest { get; init; }

    /// <summary>The others that the change archived.</summary>
    public IReadOnlyList<string>? Archived { get; init; }
}

/// <summary>A tag or an alias as the audit log tells of it; null means that there is none.</summary>
internal sealed record NamedState(string Name, string? Value);

/// <summary>A stage that a version is in from now on, or none when it is deleted; or where an alias points from now on, if anywhere.</summary>
internal sealed record RegistryEffect
{
    public string? Version { get; init; }

    public string? Stage { get; init; }

    public string? Alias { get; init; }
}

/// <summary>An item of the tag by which a logged model knows its versions.</summary>
internal sealed record VersionName(string Name, long Version);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RegistryEvent))]
[JsonSerializable(typeof(ModelState))]
[JsonSerializable(typeof(VersionState))]
[JsonSerializable(typeof(NamedState))]
[JsonSerializable(typeof(VersionName))]
[JsonSerializable(typeof(RegistryEffect))]
internal sealed partial class RegistryJson : JsonSerializerContext;
