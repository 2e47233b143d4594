namespace Slipway.Server.Routing;

/// <summary>What a caller must be allowed to do to use a route. No route can be mapped without one.</summary>
internal enum Permission
{
    /// <summary>Nothing: probes, and what shows no one's data.</summary>
    None,

    /// <summary>To be known; what is listed is filtered.</summary>
    Known,

    Read,
    Edit,
    Manage,

    /// <summary>To move versions between stages. The pipeline of the model says who may; without one, whoever may edit.</summary>
    Promote,

    /// <summary>To say yes or no to a promotion. Never implied by anything else.</summary>
    Approve,

    /// <summary>To pass the gates with a reason. Never implied by anything else.</summary>
    BreakGlass,

    /// <summary>To read everything, the whole audit log included.</summary>
    Audit,

    /// <summary>To look after people, pipelines and the server itself.</summary>
    Admin,
}
