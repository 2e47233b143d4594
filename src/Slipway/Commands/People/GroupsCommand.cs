using System.CommandLine;
using Slipway.Wire;
using Slipway.Wire.Identity;

namespace Slipway.Commands.People;

/// <summary>Looks after groups.</summary>
internal static class GroupsCommand
{
    public static Command Create() => new("groups", "Looks after groups of users, to which permissions are granted and which pipelines name.")
    {
        Add(), List(), Show(), Remove(), Member("add-member", "Takes a user into a group.", joins: true), Member("remove-member", "Takes a user out of a group.", joins: false),
    };

    private static ServerCommand Add()
    {
        var name = Name();
        return new ServerCommand("add", """
            Makes a group. Takes an admin.

            Example: slipway groups add ml-leads
            """) { name }.Runs(async (talk, cancellationToken) => await talk.AnswerAsync(await talk.Client.AddGroupAsync(talk.Get(name), cancellationToken), Text));
    }

    private static ServerCommand List() => new ServerCommand("list", """
        Lists groups. Takes an admin or an auditor.

        Example: slipway groups list
        """).Runs(async (talk, cancellationToken) =>
    {
        var all = new List<Group>();
        string? next = null;
        do
        {
            var page = await talk.Client.ListGroupsAsync(next, cancellationToken);
            all.AddRange(page.Groups);
            next = page.Next;
        }
        while (next is not null);

        return await talk.AnswerAsync(new GroupsResponse(all, null), groups => TextTable.Of(["NAME", "SINCE"], groups.Groups.Select(group => new[] { group.Name, Moment.Of(group.CreatedAt) })));
    });

    private static ServerCommand Show()
    {
        var name = Name();
        return new ServerCommand("show", """
            Shows a group with its members. Takes an admin or an auditor.

            Example: slipway groups show ml-leads
            """) { name }.Runs(async (talk, cancellationToken) => await talk.AnswerAsync(await talk.Client.GetGroupAsync(talk.Get(name), cancellationToken), Text));
    }

    private static ServerCommand Remove()
    {
        var name = Name();
        return new ServerCommand("remove", """
            Removes a group with its memberships and permissions. Takes an admin.

            Example: slipway groups remove ml-leads
            """) { name }.Runs(async (talk, cancellationToken) =>
        {
            await talk.Client.RemoveGroupAsync(talk.Get(name), cancellationToken);
            return await talk.AnswerAsync(EmptyResponse.Value, _ => $"Removed the group {talk.Get(name)}.");
        });
    }

    private static ServerCommand Member(string verb, string summary, bool joins)
    {
        var name = Name();
        var user = new Argument<string>("USER") { Description = "Whom." };
        return new ServerCommand(verb, $"""
            {summary} Takes an admin.

            Example: slipway groups {verb} ml-leads ann
            """) { name, user }.Runs(async (talk, cancellationToken) =>
        {
            await (joins ? talk.Client.AddMemberAsync(talk.Get(name), talk.Get(user), cancellationToken) : talk.Client.RemoveMemberAsync(talk.Get(name), talk.Get(user), cancellationToken));
            return await talk.AnswerAsync(await talk.Client.GetGroupAsync(talk.Get(name), cancellationToken), Text);
        });
    }

    private static Argument<string> Name() => new("NAME") { Description = "The group's name." };

    private static string Text(Group group) => $"{group.Name}: {(group.Members is { Count: > 0 } members ? string.Join(' ', members) : "no members")}";
}
