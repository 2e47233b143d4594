namespace Slipway.Wire.Identity;

/// <summary>POST experiments/permissions/create and its kin.</summary>
/// <param name="ExperimentId">Required.</param>
/// <param name="Username">Required.</param>
/// <param name="Permission">Required to create and update: NO_PERMISSIONS, READ, USE, EDIT or MANAGE.</param>
public sealed record ExperimentPermissionRequest(string? ExperimentId, string? Username, string? Permission);

/// <summary>What is granted to a user on an experiment.</summary>
/// <param name="ExperimentPermission">The grant.</param>
public sealed record ExperimentPermissionResponse(ExperimentPermission ExperimentPermission);

/// <summary>POST registered-models/permissions/create and its kin.</summary>
/// <param name="Name">Required.</param>
/// <param name="Username">Required.</param>
/// <param name="Permission">Required to create and update: NO_PERMISSIONS, READ, USE, EDIT or MANAGE.</param>
public sealed record ModelPermissionRequest(string? Name, string? Username, string? Permission);

/// <summary>What is granted to a user on a registered model.</summary>
/// <param name="RegisteredModelPermission">The grant.</param>
public sealed record ModelPermissionResponse(ModelPermission RegisteredModelPermission);
