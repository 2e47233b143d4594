using Slipway.Server.Artifacts;
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
}
