using System.Text;
using System.Text.Json;
using Slipway.Server.Checks;
using Slipway.Store;
using Slipway.Wire.Registry;

namespace Slipway.Server.Registry;

/// <summary>Points an alias to a version; it leaves the one it pointed to.</summary>
internal sealed record SetAlias(string Name, string Alias, long Version) : ChangeRequest<bool>
{
    public override string Action => "alias.set";

    public override string Resource => $"models/{Name}/aliases/{Alias}";

    public static SetAlias Decode(SetAliasRequest wire) => new(Require.Text(wire.Name, "name"), AliasName.CheckNew(wire.Alias), ModelName.Version(wire.Version));

    public override async Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var version = await ModelVersions.GetAsync(change, Name, Version, cancellationToken);
        var before = await ModelAliases.FindVersionAsync(change, version.Model, Alias, cancellationToken) is { } id ? await ModelVersions.FindAsync(change, id, cancellationToken) : null;
        await ModelAliases.SetAsync(change, version, Alias, cancellationToken);
        change.Record(before is null ? null : State(before.Version), State(Version));
        var what = new RegistryEvent(Name) { Alias = Alias, Version = RegistryEvents.Digits(Version) };
        await RegistryEvents.AnnounceAsync(change, (version.Model, "model_version_alias", "created"), what, cancellationToken);
        return true;
    }

    private string State(long version) => JsonSerializer.Serialize(new NamedState(Alias, RegistryEvents.Digits(version)), RegistryJson.Default.NamedState);
}

/// <summary>Takes an alias away; one that is not there is a success.</summary>
internal sealed record DeleteAlias(string Name, string Alias) : ChangeRequest<bool>
{
    public override string Action => "alias.delete";

    public override string Resource => $"models/{Name}/aliases/{Alias}";

    public static DeleteAlias Decode(AliasRequest wire) => new(Require.Text(wire.Name, "name"), AliasName.Check(wire.Alias));

    public override async Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        var model = await RegisteredModels.GetAsync(change, Name, cancellationToken);
        await ModelAliases.DeleteAsync(change, model.Id, Alias, cancellationToken);
        await RegistryEvents.AnnounceAsync(change, (model.Id, "model_version_alias", "deleted"), new RegistryEvent(Name) { Alias = Alias }, cancellationToken);
        return true;
    }
}

/// <summary>Which names an alias may have.</summary>
internal static class AliasName
{
    public const string Latest = "latest";
    private const int Limit = 255;

    public static string Check(string? alias)
    {
        Text.Within(Require.Text(alias, "alias"), Limit, "alias");
        return alias!.EnumerateRunes().All(character => character.Value is '_' or '-' || Rune.IsLetterOrDigit(character))
            ? alias!
            : throw Fault.Invalid($"Invalid alias name: '{Text.Shorten(alias!)}'. It may only hold letters, digits, underscores and dashes.");
    }

    public static string CheckNew(string? alias)
    {
        Check(alias);
        if (alias!.Equals(Latest, StringComparison.OrdinalIgnoreCase))
        {
            throw Fault.Invalid($"'{alias}' alias name (case insensitive) is reserved: it always means the highest version.");
        }

        return alias.Length > 1 && alias[0] is 'v' or 'V' && !alias.AsSpan(1).ContainsAnyExceptInRange('0', '9')
            ? throw Fault.Invalid($"Version alias name '{alias}' is reserved: it reads like a version number.")
            : alias;
    }
}
