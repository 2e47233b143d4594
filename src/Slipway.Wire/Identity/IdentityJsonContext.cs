using System.Text.Json.Serialization;

namespace Slipway.Wire.Identity;

/// <summary>The records about people, of MLflow's endpoints and of the native API.</summary>
[JsonSerializable(typeof(CreateUserRequest))]
[JsonSerializable(typeof(UserRequest))]
[JsonSerializable(typeof(UserResponse))]
[JsonSerializable(typeof(UsersResponse))]
[JsonSerializable(typeof(UpdatePasswordRequest))]
[JsonSerializable(typeof(UpdateAdminRequest))]
[JsonSerializable(typeof(ExperimentPermissionRequest))]
[JsonSerializable(typeof(ExperimentPermissionResponse))]
[JsonSerializable(typeof(ModelPermissionRequest))]
[JsonSerializable(typeof(ModelPermissionResponse))]
[JsonSerializable(typeof(Person))]
[JsonSerializable(typeof(AddPersonRequest))]
[JsonSerializable(typeof(ListPeopleRequest))]
[JsonSerializable(typeof(PeopleResponse))]
[JsonSerializable(typeof(SetPasswordRequest))]
[JsonSerializable(typeof(SetRolesRequest))]
[JsonSerializable(typeof(SetupRequest))]
[JsonSerializable(typeof(CreateTokenRequest))]
[JsonSerializable(typeof(CreateTokenResponse))]
[JsonSerializable(typeof(TokensResponse))]
[JsonSerializable(typeof(Group))]
[JsonSerializable(typeof(AddGroupRequest))]
[JsonSerializable(typeof(ListGroupsRequest))]
[JsonSerializable(typeof(GroupsResponse))]
[JsonSerializable(typeof(JoinGroupRequest))]
[JsonSerializable(typeof(GrantsResponse))]
[JsonSerializable(typeof(GrantRequest))]
[JsonSerializable(typeof(HeldGrantsResponse))]
internal sealed partial class IdentityJsonContext : JsonSerializerContext;
