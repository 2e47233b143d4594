namespace Slipway.Server.Registry;

/// <summary>Looks at a version's files, outside of any transaction; null where no rule asks for them.</summary>
internal delegate Task<ObservedFiles?> FileObservation(string model, long version, CancellationToken cancellationToken);
