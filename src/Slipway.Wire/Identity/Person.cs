namespace Slipway.Wire.Identity;

/// <summary>A user: somebody, or a service that acts by tokens alone.</summary>
/// <param name="Name">Unique; case matters.</param>
/// <param name="Kind"><c>person</c> or <c>service</c>.</param>
/// <param name="IsAdmin">May do everything but approve and break the glass, which is only ever granted by name.</param>
/// <param name="IsAuditor">May read everything, the audit log included.</param>
/// <param name="CreatedAt">In milliseconds since 1970.</param>
public sealed record Person(string Name, string Kind, bool IsAdmin, bool IsAuditor, long CreatedAt)
{
    /// <summary>The kind of somebody.</summary>
    public const string PersonKind = "person";

    /// <summary>The kind of a service: it has no password.</summary>
    public const string ServiceKind = "service";

    /// <summary>The issuer of an identity provider that vouches for the user; absent for local users.</summary>
    public string? Issuer { get; init; }

    /// <summary>The names of the user's groups; absent in lists.</summary>
    public IReadOnlyList<string>? Groups { get; init; }
}

/// <summary>POST users.</summary>
/// <param name="Name">Required; up to 128 characters, without <c>:</c>, <c>/</c> and control characters.</param>
/// <param name="Password">At least 12 characters; required for persons, refused for services.</param>
/// <param name="Kind"><c>person</c> unless told otherwise, or <c>service</c>.</param>
/// <param name="IsAdmin">False unless told otherwise; the first user has to be one.</param>
/// <param name="IsAuditor">False unless told otherwise.</param>
public sealed record AddPersonRequest(string? Name, string? Password, string? Kind, bool? IsAdmin, bool? IsAuditor);

/// <summary>GET users.</summary>
/// <param name="After">The last name of the page before.</param>
/// <param name="Limit">1 to 1000; absent means 100.</param>
public sealed record ListPeopleRequest(string? After, long? Limit);

/// <summary>A page of users, by name.</summary>
/// <param name="Users">May be empty.</param>
/// <param name="Next">What <c>after</c> is for the next page; absent on the last.</param>
public sealed record PeopleResponse(IReadOnlyList<Person> Users, string? Next);

/// <summary>PUT users/{name}/password.</summary>
/// <param name="Password">Required; at least 12 characters.</param>
/// <param name="CurrentPassword">One's own, where one's own is changed; may be absent when the request itself was made with it.</param>
public sealed record SetPasswordRequest(string? Password, string? CurrentPassword);

/// <summary>PUT users/{name}/roles.</summary>
/// <param name="IsAdmin">Absent leaves it.</param>
/// <param name="IsAuditor">Absent leaves it.</param>
public sealed record SetRolesRequest(bool? IsAdmin, bool? IsAuditor);

/// <summary>POST setup: makes the first user, an admin, on a server that asks for authentication and has no user.</summary>
/// <param name="SetupToken">What the server printed when it started.</param>
/// <param name="Name">The admin's name.</param>
/// <param name="Password">At least 12 characters.</param>
public sealed record SetupRequest(string? SetupToken, string? Name, string? Password);
