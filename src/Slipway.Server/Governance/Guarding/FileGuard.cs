using Slipway.Server.Artifacts;
using Slipway.Server.Registry;
using Slipway.Store;

namespace Slipway.Server.Governance.Guarding;

/// <summary>The files of a registered version stay what they are while a pipeline applies to its model.</summary>
internal sealed class FileGuard : IRule
{
    public Task BeforeAsync(Change change, ChangeRequest request, CancellationToken cancellationToken) =>
        request is DeleteArtifact deleted ? RefuseAsync(change, deleted.Path, cancellationToken) : Task.CompletedTask;

    public Task AfterAsync(Change change, ChangeRequest request, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <exception cref="RefusedException">A governed version's files are there.</exception>
    public static async Task RefuseAsync(Reader reader, ArtifactPath path, CancellationToken cancellationToken)
    {
        if (path.IsRoot)
        {
            return;
        }

        foreach (var (model, version) in await VersionRoots.FindAsync(reader, path, cancellationToken))
        {
            if (await Pipelines.FindForAsync(reader, model, cancellationToken) is { } pipeline)
            {
                throw new RefusedException($"'{path}' belongs to version {version} of '{model}', and while the pipeline {pipeline.Name} applies, the files of its registered versions can't be written or deleted. Log other files, and register them as the next version.");
            }
        }
    }

    /// <summary>What the file has to be, by the versions whose files are at the path or above it.</summary>
    /// <param name="reader">The session.</param>
    /// <param name="path">The file.</param>
    /// <param name="version">The internal id of the only version that counts, governed or not; null for all that are governed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<IReadOnlyList<RegisteredFile>> ExpectAsync(Reader reader, ArtifactPath path, long? version, CancellationToken cancellationToken)
    {
        var expected = new List<RegisteredFile>();
        foreach (var root in await VersionRoots.AboveAsync(reader, path, cancellationToken))
        {
            if (version is null ? await Pipelines.FindForAsync(reader, root.Model, cancellationToken) is not null : root.Id == version)
            {
                var file = root.Path == path ? path.Name : path.From(root.Path);
                expected.Add(new RegisteredFile($"version {root.Version} of '{root.Model}'", await VersionFiles.FindAsync(reader, root.Id, file, cancellationToken)));
            }
        }

        return expected;
    }
}
