using Slipway.Store;

namespace Slipway.Server.Artifacts;

/// <summary>Refuses to write at a name where something lies that must stay as it is.</summary>
/// <exception cref="RefusedException">It must.</exception>
internal delegate Task FileProtection(Reader reader, ArtifactPath path, CancellationToken cancellationToken);

/// <summary>Looks at a file that was stored, before that is answered.</summary>
internal delegate Task FileNotice(ArtifactPath path, CancellationToken cancellationToken);

/// <summary>Tells which registered versions that a pipeline governs consist of a file, among others, and of what bytes.</summary>
/// <param name="reader">The session.</param>
/// <param name="path">The file.</param>
/// <param name="version">The internal id of the only version that counts, governed or not; null for all.</param>
/// <param name="cancellationToken">Ends the wait.</param>
internal delegate Task<IReadOnlyList<RegisteredFile>> FileExpectation(Reader reader, ArtifactPath path, long? version, CancellationToken cancellationToken);

/// <summary>What a file was when a version was registered; no hash when the version did not have it.</summary>
internal sealed record RegisteredFile(string Version, string? Sha256);

/// <summary>Those who look after stored files.</summary>
internal sealed record FileWatch(FileProtection Protect, FileNotice Notice, FileExpectation Expect);
