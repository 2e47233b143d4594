namespace Slipway.Wire.Identity;

/// <summary>A group of users.</summary>
/// <param name="Name">Unique among groups; case matters.</param>
/// <param name="CreatedAt">In milliseconds since 1970.</param>
public sealed record Group(string Name, long CreatedAt)
{
    /// <summary>The names of its members; absent in lists.</summary>
    public IReadOnlyList<string>? Members { get; init; }
}

/// <summary>POST groups.</summary>
/// <param name="Name">Required; the rules of a user's name.</param>
public sealed record AddGroupRequest(string? Name);

/// <summary>GET groups.</summary>
/// <param name="After">The last name of the page before.</param>
/// <param name="Limit">1 to 1000; absent means 100.</param>
public sealed record ListGroupsRequest(string? After, long? Limit);

/// <summary>A page of groups, by name.</summary>
/// <param name="Groups">May be empty.</param>
/// <param name="Next">What <c>after</c> is for the next page; absent on the last.</param>
public sealed record GroupsResponse(IReadOnlyList<Group> Groups, string? Next);

/// <summary>POST groups/{name}/members.</summary>
/// <param name="User">Required: who joins.</param>
public sealed record JoinGroupRequest(string? User);
