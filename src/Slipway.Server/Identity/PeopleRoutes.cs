using System.Globalization;
using Microsoft.AspNetCore.Http;
using Slipway.Server.Checks;
using Slipway.Server.Native;
using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Wire;
using Slipway.Wire.Identity;

namespace Slipway.Server.Identity;

/// <summary>The native endpoints of users and tokens.</summary>
internal static class PeopleRoutes
{
    public static void Map(NativeRoutes native, Spine spine, FrontDesk desk)
    {
        MapUsers(native, spine, desk);
        MapTokens(native, spine, desk);
        native.Add(HttpMethods.Post, new NativePath("setup", "Makes the first user, an admin, with the token that the server printed when it started."), Permission.None, (_, _) => Target.Server, async (context, _, _) =>
            await Answer.WriteAsync(context, await SetUpAsync(desk, context, await RequestDecoder.ReadAsync<SetupRequest>(context))));
    }

    private static void MapUsers(NativeRoutes native, Spine spine, FrontDesk desk)
    {
        native.Get(new NativePath("users", "Lists users by name."), Permission.Audit, (_, _) => Target.Server, (RouteValues _, ListPeopleRequest wire, Caller caller, CancellationToken cancellationToken) =>
            spine.ReadAsync(caller, reader => ListAsync(reader, wire, cancellationToken), cancellationToken));
        native.Post(new NativePath("users", "Makes a user; the first one on the server's own machine."), Permission.Admin, (_, _) => Target.Server, async (RouteValues _, AddPersonRequest wire, Caller caller, CancellationToken cancellationToken) =>
            (await desk.MakeAsync(caller, await DecodeAsync(desk, wire, cancellationToken), cancellationToken)).ToWire([]));
        native.Get(new NativePath("me", "Tells who is asking."), Permission.Known, (_, _) => Target.Server, (RouteValues _, EmptyResponse _, Caller caller, CancellationToken cancellationToken) =>
            spine.ReadAsync(caller, reader => MeAsync(reader, caller, cancellationToken), cancellationToken));
        native.Get(new NativePath("users/{name}", "Shows a user and their groups."), Permission.Known, (_, _) => Target.Server, (RouteValues values, EmptyResponse _, Caller caller, CancellationToken cancellationToken) =>
        {
            OwnAccount.RequireToSee(caller, values.First);
            return spine.ReadAsync(caller, async reader => await ShowAsync(reader, await Users.GetAsync(reader, values.First, cancellationToken), cancellationToken), cancellationToken);
        });
        native.Delete(new NativePath("users/{name}", "Removes a user with their tokens, memberships and permissions."), Permission.Admin, (_, _) => Target.Server, (RouteValues values, EmptyResponse _, Caller caller, CancellationToken cancellationToken) =>
            desk.DoneAsync(caller, new DeleteUser(values.First), cancellationToken));
        native.Put(new NativePath("users/{name}/password", "Changes a password: one's own, or by an admin."), Permission.Known, (_, _) => Target.Server, (RouteValues values, SetPasswordRequest wire, Caller caller, CancellationToken cancellationToken) =>
            new PasswordChange(desk, caller, values.First).MakeAsync(wire.Password, wire.CurrentPassword, cancellationToken));
        native.Put(new NativePath("users/{name}/roles", "Says whether a user is an admin or an auditor."), Permission.Admin, (_, _) => Target.Server, (RouteValues values, SetRolesRequest wire, Caller caller, CancellationToken cancellationToken) =>
            desk.DoneAsync(caller, new SetRoles(values.First, wire.IsAdmin, wire.IsAuditor), cancellationToken));
    }

    private static void MapTokens(NativeRoutes native, Spine spine, FrontDesk desk)
    {
        native.Get(new NativePath("users/{name}/tokens", "Lists a user's tokens, without their secrets."), Permission.Known, (_, _) => Target.Server, (RouteValues values, EmptyResponse _, Caller caller, CancellationToken cancellationToken) =>
        {
            OwnAccount.RequireToSee(caller, values.First);
            return spine.ReadAsync(caller, async reader =>
            {
                var owner = await Users.GetAsync(reader, values.First, cancellationToken);
                return new TokensResponse([.. (await Tokens.OfAsync(reader, owner.Id, cancellationToken)).Select(token => token.ToWire(owner.Name))]);
            }, cancellationToken);
        });
        native.Post(new NativePath("users/{name}/tokens", "Makes a token and shows its secret this once."), Permission.Known, (_, _) => Target.Server, async (RouteValues values, CreateTokenRequest wire, Caller caller, CancellationToken cancellationToken) =>
        {
            var secret = TokenSecret.Make();
            var made = await desk.MakeAsync(caller, CreateToken.Decode(values.First, wire, TokenSecret.Hash(secret)), cancellationToken);
            return new CreateTokenResponse(made.ToWire(values.First), secret);
        });
        native.Delete(new NativePath("tokens/{id}", "Revokes a token."), Permission.Known, (_, _) => Target.Server, (RouteValues values, EmptyResponse _, Caller caller, CancellationToken cancellationToken) =>
            desk.DoneAsync(caller, new RevokeToken(long.TryParse(values.First, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw Fault.Invalid("A token's id is a number.")), cancellationToken));
    }

    private static async Task<PeopleResponse> ListAsync(Reader reader, ListPeopleRequest wire, CancellationToken cancellationToken)
    {
        var size = NamePage.Size(wire.Limit);
        var (rows, next) = NamePage.Cut(await Users.ListAsync(reader, wire.After ?? "", size + 1, cancellationToken), size, row => row.Name);
        return new PeopleResponse([.. rows.Select(row => row.ToWire(groups: null))], next);
    }

    private static async Task<Person> ShowAsync(Reader reader, UserRow row, CancellationToken cancellationToken) =>
        row.ToWire([.. (await UserGroups.OfAsync(reader, row.Id, cancellationToken)).Select(group => group.Name)]);

    private static async Task<Person> MeAsync(Reader reader, Caller caller, CancellationToken cancellationToken) =>
        caller.Principal.Id is { } id && await Users.FindAsync(reader, id, cancellationToken) is { } row
            ? await ShowAsync(reader, row, cancellationToken)
            : new Person(caller.Name, Person.PersonKind, caller.Principal.IsAdmin, caller.Principal.IsAuditor, CreatedAt: 0) { Groups = [] };

    private static async Task<CreateUser> DecodeAsync(FrontDesk desk, AddPersonRequest wire, CancellationToken cancellationToken)
    {
        var name = UserName.Check(wire.Name, "name");
        var isService = (wire.Kind ?? Person.PersonKind) switch
        {
            Person.PersonKind => false,
            Person.ServiceKind => true,
            _ => throw Fault.Invalid($"'kind' must be {Person.PersonKind} or {Person.ServiceKind}, not '{Text.Shorten(wire.Kind!)}'."),
        };
        if (isService && wire.Password is not null)
        {
            throw Fault.Invalid("A service has tokens, not a password.");
        }

        return new CreateUser(name, isService ? null : await desk.Passwords.HashAsync(wire.Password, cancellationToken))
        {
            IsService = isService,
            IsAdmin = wire.IsAdmin ?? false,
            IsAuditor = wire.IsAuditor ?? false,
        };
    }

    private static async Task<Person> SetUpAsync(FrontDesk desk, HttpContext context, SetupRequest wire)
    {
        var address = CallerAddress.Of(context);
        if (desk.Setup?.Matches(wire.SetupToken) != true)
        {
            desk.Failures.Add("setup", "wrong setup token", address);
            throw Fault.Unauthenticated("The setup token is wrong, or no longer valid. The server prints one when it starts without a user and with --authentication required.");
        }

        var first = new CreateUser(UserName.Check(wire.Name, "name"), await desk.Passwords.HashAsync(wire.Password, context.RequestAborted)) { IsAdmin = true };
        return (await desk.MakeAsync(new Actor("setup", FrontDesk.BySetupToken, address), first, context.RequestAborted)).ToWire([]);
    }
}
