namespace Slipway.Wire;

/// <summary>Answer to GET /api/3.0/mlflow/server-info.</summary>
/// <param name="StoreType">The kind of store: <c>SqlStore</c>.</param>
/// <param name="WorkspacesEnabled">Whether workspaces exist here; never.</param>
public sealed record ServerInfoResponse(string StoreType, bool WorkspacesEnabled);
