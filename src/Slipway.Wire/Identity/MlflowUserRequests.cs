namespace Slipway.Wire.Identity;

/// <summary>POST users/create.</summary>
/// <param name="Username">Required; up to 128 characters, without <c>:</c>, <c>/</c> and control characters.</param>
/// <param name="Password">Required; at least 12 characters.</param>
public sealed record CreateUserRequest(string? Username, string? Password);

/// <summary>GET users/get and DELETE users/delete.</summary>
/// <param name="Username">Required.</param>
public sealed record UserRequest(string? Username);

/// <summary>An answer with one user.</summary>
/// <param name="User">The user.</param>
public sealed record UserResponse(MlflowUser User);

/// <summary>The answer of GET users/list.</summary>
/// <param name="Users">All of them, by name.</param>
public sealed record UsersResponse(IReadOnlyList<MlflowUser> Users);

/// <summary>PATCH users/update-password.</summary>
/// <param name="Username">Required.</param>
/// <param name="Password">Required; at least 12 characters.</param>
/// <param name="CurrentPassword">One's own, where one's own is changed; may be absent when the request itself was made with it.</param>
public sealed record UpdatePasswordRequest(string? Username, string? Password, string? CurrentPassword);

/// <summary>PATCH users/update-admin.</summary>
/// <param name="Username">Required.</param>
/// <param name="IsAdmin">Required.</param>
public sealed record UpdateAdminRequest(string? Username, bool? IsAdmin);
