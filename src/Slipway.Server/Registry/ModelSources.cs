using System.Globalization;
using System.Text.RegularExpressions;
using Slipway.Server.Artifacts;
using Slipway.Server.Tracking;
using Slipway.Store;

namespace Slipway.Server.Registry;

/// <summary>Finds out, before a version waits for its turn, where its files are and what they are.</summary>
internal sealed class ModelSources(Database database, ArtifactStore artifacts, Regex? pattern)
{
    private const string ModelsScheme = "models:/";

    public async Task<CreateModelVersion> ResolveAsync(CreateModelVersion request, CancellationToken cancellationToken)
    {
        if (RegistryTags.MarkPrompt(request.Tags))
        {
            ModelSource.CheckPrompt(request.Source, pattern);
            return request;
        }

        request = await database.ReadAsync(reader => ResolveAsync(reader, request, cancellationToken), cancellationToken);
        return ArtifactUri.Find(request.StorageLocation ?? request.Source) is { } held
            ? request with { Manifest = await artifacts.ManifestAsync(held, cancellationToken) }
            : request;
    }

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
