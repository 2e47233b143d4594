using Slipway.Server.Routing;

namespace Slipway.Server.Registry;

/// <summary>Looks at a version's files, outside of any transaction; null where no rule asks for them, or the caller may not do what they are asked for.</summary>
internal delegate Task<ObservedFiles?> FileObservation(Caller caller, string model, long version, CancellationToken cancellationToken);

/// <summary>Moves a version to another stage, which takes a while where the stage is served.</summary>
internal delegate Task<ModelVersionRow> StageMove(Caller caller, TransitionStage request, CancellationToken cancellationToken);
