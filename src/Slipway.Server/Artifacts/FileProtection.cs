using Slipway.Store;

namespace Slipway.Server.Artifacts;

/// <summary>Refuses to write at a name where something lies that must stay as it is.</summary>
/// <exception cref="RefusedException">It must.</exception>
internal delegate Task FileProtection(Reader reader, ArtifactPath path, CancellationToken cancellationToken);

/// <summary>Looks at a file that was stored, before that is answered.</summary>
internal delegate Task FileNotice(ArtifactPath path, CancellationToken cancellationToken);
