using Slipway.Store;

namespace Slipway.Server.Registry;

/// <summary>The stage of a model that a text names, in the stage's own spelling.</summary>
/// <exception cref="Fault">The model has no such stage.</exception>
internal delegate Task<string> StageReading(Reader reader, string model, string text, CancellationToken cancellationToken);
