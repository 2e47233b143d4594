using Slipway.Wire;
using Slipway.Wire.Identity;

namespace Slipway.Client;

/// <content>Groups and permissions.</content>
public sealed partial class SlipwayClient
{
    /// <summary>Makes a group. Takes an admin.</summary>
    /// <param name="name">A taken one fails with <c>RESOURCE_ALREADY_EXISTS</c>.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task<Group> AddGroupAsync(string name, CancellationToken cancellationToken = default) =>
        CallAsync<AddGroupRequest, Group>(HttpMethod.Post, "groups", new AddGroupRequest(name), cancellationToken);

    /// <summary>One page of groups, by name. Takes an admin or an auditor.</summary>
    /// <param name="after">The last name of the page before; null begins.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<GroupsResponse> ListGroupsAsync(string? after = null, CancellationToken cancellationToken = default) =>
        AskAsync<GroupsResponse>($"groups{After(after)}", cancellationToken);

    /// <summary>A group with its members. Takes an admin or an auditor.</summary>
    /// <param name="name">Unknown fails with <c>RESOURCE_DOES_NOT_EXIST</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<Group> GetGroupAsync(string name, CancellationToken cancellationToken = default) => AskAsync<Group>($"groups/{Uri.EscapeDataString(name)}", cancellationToken);

    /// <summary>Removes a group with its memberships and permissions. Takes an admin.</summary>
    /// <param name="name">Which.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task RemoveGroupAsync(string name, CancellationToken cancellationToken = default) =>
        CallAsync<EmptyResponse, EmptyResponse>(HttpMethod.Delete, $"groups/{Uri.EscapeDataString(name)}", null, cancellationToken);

    /// <summary>Takes a user into a group. Takes an admin.</summary>
    /// <param name="group">Which.</param>
    /// <param name="user">Whom.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task AddMemberAsync(string group, string user, CancellationToken cancellationToken = default) =>
        CallAsync<JoinGroupRequest, EmptyResponse>(HttpMethod.Post, $"groups/{Uri.EscapeDataString(group)}/members", new JoinGroupRequest(user), cancellationToken);

    /// <summary>Takes a user out of a group. Takes an admin.</summary>
    /// <param name="group">Which.</param>
    /// <param name="user">Whom.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task RemoveMemberAsync(string group, string user, CancellationToken cancellationToken = default) =>
        CallAsync<EmptyResponse, EmptyResponse>(HttpMethod.Delete, $"groups/{Uri.EscapeDataString(group)}/members/{Uri.EscapeDataString(user)}", null, cancellationToken);

    /// <summary>What is granted on a registered model. Takes MANAGE there, or an auditor.</summary>
    /// <param name="name">The model.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<Grant>> ListModelPermissionsAsync(string name, CancellationToken cancellationToken = default) =>
        (await AskAsync<GrantsResponse>(OnModel(name), cancellationToken)).Permissions;

    /// <summary>Grants a permission on a registered model. Takes MANAGE there for levels, and an admin for the rest.</summary>
    /// <param name="name">The model.</param>
    /// <param name="request">What, to whom.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task GrantOnModelAsync(string name, GrantRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<GrantRequest, EmptyResponse>(HttpMethod.Post, OnModel(name), request, cancellationToken);

    /// <summary>Takes a permission on a registered model back.</summary>
    /// <param name="name">The model.</param>
    /// <param name="request">What, from whom; none fails with <c>RESOURCE_DOES_NOT_EXIST</c>.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task RevokeOnModelAsync(string name, GrantRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<GrantRequest, EmptyResponse>(HttpMethod.Delete, OnModel(name), request, cancellationToken);

    /// <summary>What is granted on an experiment. Takes MANAGE there, or an auditor.</summary>
    /// <param name="id">The experiment.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<Grant>> ListExperimentPermissionsAsync(string id, CancellationToken cancellationToken = default) =>
        (await AskAsync<GrantsResponse>(OnExperiment(id), cancellationToken)).Permissions;

    /// <summary>Grants a permission on an experiment. Takes MANAGE there for levels, and an admin for the rest.</summary>
    /// <param name="id">The experiment.</param>
    /// <param name="request">What, to whom.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task GrantOnExperimentAsync(string id, GrantRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<GrantRequest, EmptyResponse>(HttpMethod.Post, OnExperiment(id), request, cancellationToken);

    /// <summary>Takes a permission on an experiment back.</summary>
    /// <param name="id">The experiment.</param>
    /// <param name="request">What, from whom; none fails with <c>RESOURCE_DOES_NOT_EXIST</c>.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task RevokeOnExperimentAsync(string id, GrantRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<GrantRequest, EmptyResponse>(HttpMethod.Delete, OnExperiment(id), request, cancellationToken);

    /// <summary>What is granted to a user and to their groups.</summary>
    /// <param name="user">Oneself, or anybody for admins and auditors.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<HeldGrant>> ListUserPermissionsAsync(string user, CancellationToken cancellationToken = default) =>
        (await AskAsync<HeldGrantsResponse>($"users/{Uri.EscapeDataString(user)}/permissions", cancellationToken)).Permissions;

    private static string OnModel(string name) => $"models/{Uri.EscapeDataString(name)}/permissions";

    private static string OnExperiment(string id) => $"experiments/{Uri.EscapeDataString(id)}/permissions";
}
