using System.Globalization;
using System.Text.RegularExpressions;
using Slipway.Server.Artifacts;
using Slipway.Server.Identity;
using Slipway.Server.Routing;
using Slipway.Server.Tracking;
using Slipway.Store;

namespace Slipway.Server.Registry;

/// <summary>Finds out, before a version waits for its turn, where its files are and what they are.</summary>
internal sealed class ModelSources(Spine spine, Regex? pattern)
{
    private const string ModelsScheme = "models:/";

    /// <exception cref="Fault">The source is none, is not there, or the caller may not read it.</exception>
    public async Task<CreateModelVersion> ResolveAsync(Caller caller, CreateModelVersion request, CancellationToken cancellationToken)
    {
        if (RegistryTags.MarkPrompt(request.Tags))
        {
            ModelSource.CheckPrompt(request.Source, pattern);
            return request;
        }

        request = await spine.Database.ReadAsync(async reader =>
        {
            var resolved = await ResolveAsync(reader, request, cancellationToken);
            await JudgeSourceAsync(reader, caller, resolved, cancellationToken);
            return resolved;
        }, cancellationToken);
        await spine.Manifests.LookAsync(request.RunId, cancellationToken);
        return spine.Places.Find(request.StorageLocation ?? request.Source) is { } held
            ? request with { Manifest = await spine.Artifacts.ManifestAsync(held, cancellationToken) }
            : request;
    }

    // A version shows its files to all who may read the model, so whoever registers it must be one who may read them.
    private async Task JudgeSourceAsync(Reader reader, Caller caller, CreateModelVersion request, CancellationToken cancellationToken)
    {
        var sources = new List<Target>();
        if (spine.Places.Find(request.StorageLocation ?? request.Source) is { } held)
        {
            sources.Add(Target.Artifact(held));
        }

        if (request.RunId.Length > 0)
        {
            sources.Add(Target.Run(request.RunId));
        }

        if (request.LoggedModelId is { } id)
        {
            sources.Add(Target.LoggedModel(id));
        }

        if (ReferredModel(request.Source) is { } name)
        {
            sources.Add(Target.Model(name));
        }

        foreach (var source in sources)
        {
            await spine.Rights.JudgeAsync(reader, caller.For(new Demand(Permission.Read, () => source)), cancellationToken);
        }
    }

    private static string? ReferredModel(string source) =>
        source.StartsWith(ModelsScheme, StringComparison.Ordinal) && source[ModelsScheme.Length..].Trim('/').Split('/') is [var name, _] ? Uri.UnescapeDataString(name) : null;

    private async Task<CreateModelVersion> ResolveAsync(Reader reader, CreateModelVersion request, CancellationToken cancellationToken)
    {
        var logged = request.LoggedModelId is { } id ? await LoggedModels.GetAsync(reader, id, cancellationToken) : null;
        if (request.Source.StartsWith(ModelsScheme, StringComparison.Ordinal))
        {
            ModelSource.Check(request.Source, ownerLocation: null, pattern);
            return await FollowAsync(reader, request, logged, cancellationToken);
        }

        var owner = logged?.ArtifactUri ?? await RunLocationAsync(reader, request, cancellationToken);
        ModelSource.Check(request.Source, owner, pattern);
        return WithRunOf(request, logged);
    }

    // models:/NAME/VERSION or models:/LOGGED-MODEL-ID; a stage or an alias would point elsewhere tomorrow.
    private static async Task<CreateModelVersion> FollowAsync(Reader reader, CreateModelVersion request, LoggedModelRow? logged, CancellationToken cancellationToken)
    {
        var parts = request.Source[ModelsScheme.Length..].Trim('/').Split('/');
        if (parts.Length == 2 && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var version))
        {
            var source = await ModelVersions.GetAsync(reader, Uri.UnescapeDataString(parts[0]), version, cancellationToken);
            return WithRunOf(request with { StorageLocation = source.DownloadUri }, logged);
        }

        if (parts.Length != 1 || parts[0].Length == 0 || parts[0].Contains('@', StringComparison.Ordinal))
        {
            throw Fault.Invalid($"Invalid model version source: '{request.Source}': name a version as models:/NAME/VERSION or a logged model as models:/MODEL-ID.");
        }

        var target = await LoggedModels.GetAsync(reader, parts[0], cancellationToken);
        return WithRunOf(request with { StorageLocation = target.ArtifactUri }, target);
    }

    private static CreateModelVersion WithRunOf(CreateModelVersion request, LoggedModelRow? logged) =>
        request.RunId.Length == 0 && logged is not null ? request with { RunId = logged.SourceRunId } : request;

    // A run that is named is free text on the wire; only a local source needs it to be there.
    private static async Task<string?> RunLocationAsync(Reader reader, CreateModelVersion request, CancellationToken cancellationToken)
    {
        if (request.RunId.Length == 0)
        {
            return null;
        }

        var run = await Runs.FindAsync(reader, request.RunId, cancellationToken);
        return run is null && ArtifactUri.SchemeOf(request.Source) is null or "file" ? throw Runs.Unknown(request.RunId) : run?.ArtifactUri;
    }
}
