using System.CommandLine;
using System.Globalization;
using Slipway.Wire;
using Slipway.Wire.Identity;

namespace Slipway.Commands.People;

/// <summary>Looks after users.</summary>
internal static class UsersCommand
{
    public static Command Create() => new("users", "Looks after users: people, and services that act by tokens alone.")
    {
        Add(), List(), Show(), Remove(), SetPassword(), SetRoles(),
    };

    private static ServerCommand Add()
    {
        var name = Name();
        var admin = new Option<bool>("--admin") { Description = "An admin, who may do everything but approve. The first user has to be one." };
        var auditor = new Option<bool>("--auditor") { Description = "An auditor, who may read everything." };
        var service = new Option<bool>("--service") { Description = "A service: it has tokens and no password." };
        var setup = new Option<string?>("--setup-token") { Description = "Make the first user with the token that the server printed when it started.", HelpName = "TOKEN" };
        return new ServerCommand("add", """
            Makes a user. The password is asked from the terminal, or read from stdin as one line.
            While there is no user, the first one is made on the server's own machine, or with its setup token.

            Example: slipway users add ann --admin
            """) { name, admin, auditor, service, setup }.Runs(async (talk, cancellationToken) =>
        {
            var password = talk.Get(service) ? null : await Secrets.AskNewPasswordAsync(talk.Get(name));
            var made = talk.Get(setup) is { } token
                ? await talk.Client.SetUpAsync(new SetupRequest(token, talk.Get(name), password), cancellationToken)
                : await talk.Client.AddUserAsync(
                    new AddPersonRequest(talk.Get(name), password, talk.Get(service) ? Person.ServiceKind : Person.PersonKind, talk.Get(admin), talk.Get(auditor)),
                    cancellationToken);
            return await talk.AnswerAsync(made, Text);
        });
    }

    private static ServerCommand List() => new ServerCommand("list", """
        Lists users. Takes an admin or an auditor.

        Example: slipway users list
        """).Runs(async (talk, cancellationToken) =>
    {
        var all = new List<Person>();
        string? next = null;
        do
        {
            var page = await talk.Client.ListUsersAsync(next, cancellationToken);
            all.AddRange(page.Users);
            next = page.Next;
        }
        while (next is not null);

        return await talk.AnswerAsync(new PeopleResponse(all, null), people => TextTable.Of(
            ["NAME", "KIND", "ROLES", "SINCE"],
            people.Users.Select(user => new[] { user.Name, user.Kind, Roles(user), Moment.Of(user.CreatedAt) })));
    });

    private static ServerCommand Show()
    {
        var name = new Argument<string?>("NAME") { Description = "Whom; yourself unless told otherwise.", Arity = ArgumentArity.ZeroOrOne };
        return new ServerCommand("show", """
            Shows a user with their groups: yourself, or anybody for admins and auditors.

            Example: slipway users show ann
            """) { name }.Runs(async (talk, cancellationToken) =>
            await talk.AnswerAsync(talk.Get(name) is { } known ? await talk.Client.GetUserAsync(known, cancellationToken) : await talk.Client.GetMeAsync(cancellationToken), Text));
    }

    private static ServerCommand Remove()
    {
        var name = Name();
        return new ServerCommand("remove", """
            Removes a user with their tokens, memberships and permissions. Takes an admin; the last admin can't be removed.

            Example: slipway users remove ann
            """) { name }.Runs(async (talk, cancellationToken) =>
        {
            await talk.Client.RemoveUserAsync(talk.Get(name), cancellationToken);
            return await talk.AnswerAsync(EmptyResponse.Value, _ => $"Removed {talk.Get(name)}.");
        });
    }

    private static ServerCommand SetPassword()
    {
        var name = Name();
        return new ServerCommand("set-password", """
            Changes a password: your own, or anybody's for admins. Passwords are asked from the terminal, or read from
            stdin: for your own the current one in the first line and the new one in the second, else the new one.

            Example: slipway users set-password ann
            """) { name }.Runs(async (talk, cancellationToken) =>
        {
            var me = await talk.Client.GetMeAsync(cancellationToken);
            var current = me.Name == talk.Get(name) ? await Secrets.AskAsync("Current password: ") : null;
            await talk.Client.SetPasswordAsync(talk.Get(name), new SetPasswordRequest(await Secrets.AskNewPasswordAsync(talk.Get(name)), current), cancellationToken);
            return await talk.AnswerAsync(EmptyResponse.Value, _ => $"{talk.Get(name)} has a new password.");
        });
    }

    private static ServerCommand SetRoles()
    {
        var name = Name();
        var admin = new Option<bool?>("--admin") { Description = "Whether the user is an admin.", HelpName = "true|false" };
        var auditor = new Option<bool?>("--auditor") { Description = "Whether the user is an auditor.", HelpName = "true|false" };
        return new ServerCommand("set-roles", """
            Says whether a user is an admin or an auditor; what is not given stays. Takes an admin.

            Example: slipway users set-roles ann --auditor true
            """) { name, admin, auditor }.Runs(async (talk, cancellationToken) =>
        {
            await talk.Client.SetRolesAsync(talk.Get(name), new SetRolesRequest(talk.Get(admin), talk.Get(auditor)), cancellationToken);
            return await talk.AnswerAsync(await talk.Client.GetUserAsync(talk.Get(name), cancellationToken), Text);
        });
    }

    private static Argument<string> Name() => new("NAME") { Description = "The user's name." };

    private static string Roles(Person user) => string.Join(' ', new[] { user.IsAdmin ? "admin" : "", user.IsAuditor ? "auditor" : "" }.Where(role => role.Length > 0));

    private static string Text(Person user) => string.Create(CultureInfo.InvariantCulture, $"""
        {user.Name} ({user.Kind})
          roles   {(Roles(user) is { Length: > 0 } roles ? roles : "none")}
          groups  {(user.Groups is { Count: > 0 } groups ? string.Join(' ', groups) : "none")}
        """);
}
