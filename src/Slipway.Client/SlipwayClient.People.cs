using System.Globalization;
using Slipway.Wire;
using Slipway.Wire.Identity;

namespace Slipway.Client;

/// <content>Users, tokens, groups and permissions.</content>
public sealed partial class SlipwayClient
{
    /// <summary>Who the server takes this client for.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<Person> GetMeAsync(CancellationToken cancellationToken = default) => AskAsync<Person>("me", cancellationToken);

    /// <summary>Makes a user. Takes an admin; the first user is made on the server's own machine.</summary>
    /// <param name="request">Whom to make; a taken name fails with <c>RESOURCE_ALREADY_EXISTS</c>.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task<Person> AddUserAsync(AddPersonRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<AddPersonRequest, Person>(HttpMethod.Post, "users", request, cancellationToken);

    /// <summary>Makes the first user, an admin, with the token that the server printed when it started.</summary>
    /// <param name="request">Whom to make, and the token.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task<Person> SetUpAsync(SetupRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<SetupRequest, Person>(HttpMethod.Post, "setup", request, cancellationToken);

    /// <summary>One page of users, by name. Takes an admin or an auditor.</summary>
    /// <param name="after">The last name of the page before; null begins.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<PeopleResponse> ListUsersAsync(string? after = null, CancellationToken cancellationToken = default) =>
        AskAsync<PeopleResponse>($"users{After(after)}", cancellationToken);

    /// <summary>A user with their groups.</summary>
    /// <param name="name">Whom; unknown fails with <c>RESOURCE_DOES_NOT_EXIST</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<Person> GetUserAsync(string name, CancellationToken cancellationToken = default) => AskAsync<Person>($"users/{Uri.EscapeDataString(name)}", cancellationToken);

    /// <summary>Removes a user with their tokens, memberships and permissions. Takes an admin.</summary>
    /// <param name="name">Whom; the last admin can't be removed.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task RemoveUserAsync(string name, CancellationToken cancellationToken = default) =>
        CallAsync<EmptyResponse, EmptyResponse>(HttpMethod.Delete, $"users/{Uri.EscapeDataString(name)}", null, cancellationToken);

    /// <summary>Changes a password: one's own, or by an admin.</summary>
    /// <param name="name">Whose.</param>
    /// <param name="request">The new one, and where it is one's own and the client has a token, the current one.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task SetPasswordAsync(string name, SetPasswordRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<SetPasswordRequest, EmptyResponse>(HttpMethod.Put, $"users/{Uri.EscapeDataString(name)}/password", request, cancellationToken);

    /// <summary>Says whether a user is an admin or an auditor. Takes an admin.</summary>
    /// <param name="name">Whom.</param>
    /// <param name="request">What is absent stays.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task SetRolesAsync(string name, SetRolesRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<SetRolesRequest, EmptyResponse>(HttpMethod.Put, $"users/{Uri.EscapeDataString(name)}/roles", request, cancellationToken);

    /// <summary>Makes a token: of one's own, or of a service by an admin.</summary>
    /// <param name="owner">Whose rights it carries.</param>
    /// <param name="request">What it is for and may be used for.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task<CreateTokenResponse> CreateTokenAsync(string owner, CreateTokenRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<CreateTokenRequest, CreateTokenResponse>(HttpMethod.Post, $"users/{Uri.EscapeDataString(owner)}/tokens", request, cancellationToken);

    /// <summary>The tokens of a user, without their secrets.</summary>
    /// <param name="owner">Oneself, or anybody for admins and auditors.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<AccessToken>> ListTokensAsync(string owner, CancellationToken cancellationToken = default) =>
        (await AskAsync<TokensResponse>($"users/{Uri.EscapeDataString(owner)}/tokens", cancellationToken)).Tokens;

    /// <summary>Ends a token before its time.</summary>
    /// <param name="id">The token's number.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task RevokeTokenAsync(long id, CancellationToken cancellationToken = default) =>
        CallAsync<EmptyResponse, EmptyResponse>(HttpMethod.Delete, $"tokens/{id.ToString(CultureInfo.InvariantCulture)}", null, cancellationToken);

    private static string After(string? name) => name is null ? "" : $"?after={Uri.EscapeDataString(name)}";
}
