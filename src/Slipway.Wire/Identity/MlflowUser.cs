namespace Slipway.Wire.Identity;

/// <summary>A user, as MLflow's clients read it.</summary>
/// <param name="Id">The user's number, which permissions name.</param>
/// <param name="Username">Unique; case matters.</param>
/// <param name="IsAdmin">May do everything but approve.</param>
public sealed record MlflowUser(long Id, string Username, bool IsAdmin)
{
    /// <summary>What is granted to the user on experiments; absent in lists of users.</summary>
    public IReadOnlyList<ExperimentPermission>? ExperimentPermissions { get; init; }

    /// <summary>What is granted to the user on registered models; absent in lists of users.</summary>
    public IReadOnlyList<ModelPermission>? RegisteredModelPermissions { get; init; }

    /// <summary>Always empty where the others are present: clients look for the key.</summary>
    public IReadOnlyList<string>? ScorerPermissions { get; init; }
}

/// <summary>What a user may do with an experiment.</summary>
/// <param name="ExperimentId">The experiment.</param>
/// <param name="UserId">The user's number.</param>
/// <param name="Permission">NO_PERMISSIONS, READ, USE, EDIT or MANAGE.</param>
public sealed record ExperimentPermission(string ExperimentId, long UserId, string Permission);

/// <summary>What a user may do with a registered model.</summary>
/// <param name="Name">The model.</param>
/// <param name="UserId">The user's number.</param>
/// <param name="Permission">NO_PERMISSIONS, READ, USE, EDIT or MANAGE.</param>
public sealed record ModelPermission(string Name, long UserId, string Permission);
