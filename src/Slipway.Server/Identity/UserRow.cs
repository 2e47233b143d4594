using Slipway.Wire.Identity;

namespace Slipway.Server.Identity;

/// <summary>A user as kept.</summary>
internal sealed record UserRow(long Id, string Name, string Kind, bool IsAdmin, bool IsAuditor, long CreatedAt)
{
    /// <summary>The hash of the password; null for services and for those whom an identity provider vouches for.</summary>
    public string? Password { get; init; }

    public string? Issuer { get; init; }

    public string? Subject { get; init; }

    public bool IsService => Kind == Person.ServiceKind;

    public Principal ToPrincipal(IReadOnlyList<long> groups, TokenScope scope) => new(Id, Name)
    {
        IsService = IsService,
        IsAdmin = IsAdmin,
        IsAuditor = IsAuditor,
        Groups = groups,
        Scope = scope,
    };

    public Person ToWire(IReadOnlyList<string>? groups) => new(Name, Kind, IsAdmin, IsAuditor, CreatedAt) { Issuer = Issuer, Groups = groups };
}
