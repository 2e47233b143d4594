using System.CommandLine;
using Slipway.Wire;
using Slipway.Wire.Identity;

namespace Slipway.Commands.People;

/// <summary>Says who may do what.</summary>
internal static class PermissionsCommand
{
    private const string Words = "NO_PERMISSIONS, READ, USE, EDIT, MANAGE, promote, approve or break-glass";

    public static Command Create() => new("permissions", "Says who may do what with an experiment or a registered model.")
    {
        Set("grant", "Grants a permission.", grants: true), Set("revoke", "Takes a permission back.", grants: false), List(),
    };

    private static ServerCommand Set(string verb, string summary, bool grants)
    {
        var permission = new Argument<string>("PERMISSION") { Description = $"{Words}." };
        var (model, experiment, user, group) = (Model(), Experiment(), User(), new Option<string?>("--group") { Description = "A group.", HelpName = "NAME" });
        return new ServerCommand(verb, $"""
            {summary} Levels take MANAGE on the object; promote, approve and break-glass take an admin.

            Example: slipway permissions {verb} EDIT --model iris --user ann
            """) { permission, model, experiment, user, group }.Runs(async (talk, cancellationToken) =>
        {
            var request = new GrantRequest(talk.Get(user), talk.Get(group), talk.Get(permission));
            await (One(talk.Get(model), talk.Get(experiment)) switch
            {
                ({ } name, _) => grants ? talk.Client.GrantOnModelAsync(name, request, cancellationToken) : talk.Client.RevokeOnModelAsync(name, request, cancellationToken),
                (_, var id) => grants ? talk.Client.GrantOnExperimentAsync(id!, request, cancellationToken) : talk.Client.RevokeOnExperimentAsync(id!, request, cancellationToken),
            });
            return await talk.AnswerAsync(EmptyResponse.Value, _ => "Done.");
        });
    }

    private static ServerCommand List()
    {
        var (model, experiment, user) = (Model(), Experiment(), User());
        return new ServerCommand("list", """
            Lists what is granted on a model or an experiment, or to a user and their groups.

            Example: slipway permissions list --model iris
            """) { model, experiment, user }.Runs(async (talk, cancellationToken) =>
        {
            if (talk.Get(user) is { } person)
            {
                return await talk.AnswerAsync(new HeldGrantsResponse(await talk.Client.ListUserPermissionsAsync(person, cancellationToken)), TextOfHeld);
            }

            var granted = One(talk.Get(model), talk.Get(experiment)) switch
            {
                ({ } name, _) => await talk.Client.ListModelPermissionsAsync(name, cancellationToken),
                (_, var id) => await talk.Client.ListExperimentPermissionsAsync(id!, cancellationToken),
            };
            return await talk.AnswerAsync(new GrantsResponse(granted), TextOf);
        });
    }

    private static Option<string?> Model() => new("--model") { Description = "A registered model.", HelpName = "NAME" };

    private static Option<string?> Experiment() => new("--experiment") { Description = "An experiment.", HelpName = "ID" };

    private static Option<string?> User() => new("--user") { Description = "A user.", HelpName = "NAME" };

    private static (string? Model, string? Experiment) One(string? model, string? experiment) =>
        model is null != experiment is null ? (model, experiment) : throw new UsageException("Name either a model with --model or an experiment with --experiment.");

    private static string TextOf(GrantsResponse granted) => TextTable.Of(
        ["WHO", "PERMISSIONS"],
        granted.Permissions.Select(grant => new[] { grant.User ?? $"group {grant.Group}", Rights(grant.Level, grant.Promote, grant.Approve, grant.BreakGlass) }));

    private static string TextOfHeld(HeldGrantsResponse held) => TextTable.Of(
        ["ON", "PERMISSIONS", "BY"],
        held.Permissions.Select(grant => new[] { $"{grant.Kind} {grant.Object}", Rights(grant.Level, grant.Promote, grant.Approve, grant.BreakGlass), grant.Group is { } group ? $"group {group}" : "user" }));

    private static string Rights(string? level, bool promote, bool approve, bool breakGlass) =>
        string.Join(' ', new[] { level ?? "", promote ? "promote" : "", approve ? "approve" : "", breakGlass ? "break-glass" : "" }.Where(word => word.Length > 0));
}
