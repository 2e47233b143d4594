namespace Slipway.Server.Identity;

/// <summary>A person or a service whose word on who they are was checked.</summary>
/// <param name="Id">Of the row in <c>users</c>; null for whoever did not have to say who they are.</param>
/// <param name="Name">As it stands in the audit log.</param>
internal sealed record Principal(long? Id, string Name)
{
    /// <summary>Everyone, while nobody has to say who they are.</summary>
    public static readonly Principal Anonymous = new(null, "anonymous") { IsAdmin = true };

    public bool IsService { get; init; }

    /// <summary>May do everything but approve and break the glass.</summary>
    public bool IsAdmin { get; init; }

    /// <summary>May read everything.</summary>
    public bool IsAuditor { get; init; }

    /// <summary>The groups that they are in.</summary>
    public IReadOnlyList<long> Groups { get; init; } = [];

    /// <summary>What the credential may be used for.</summary>
    public TokenScope Scope { get; init; } = TokenScope.All;

    /// <summary>Whether nothing has to be looked up to know that they may do everything with every object.</summary>
    public bool IsFree => IsAdmin && Scope.IsAll;
}
