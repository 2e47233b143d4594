using System.CommandLine;
using Slipway.Wire;
using Slipway.Wire.Identity;

namespace Slipway.Commands.People;

/// <summary>Says who may do what.</summary>
internal static class PermissionsCommand
{
    private enum Kind
    {
        Model,
        Experiment,
        Dataset,
    }

    private const string Words = "NO_PERMISSIONS, READ, USE, EDIT, MANAGE, promote, approve or break-glass";

    public static Command Create() => new("permissions", "Says who may do what with an experiment, a registered model or a dataset.")
    {
        Set("grant", "Grants a permission.", grants: true), Set("revoke", "Takes a permission back.", grants: false), List(),
    };

    private static ServerCommand Set(string verb, string summary, bool grants)
    {
        var permission = new Argument<string>("PERMISSION") { Description = $"{Words}." };
        var (model, experiment, dataset, user, group) = (Model(), Experiment(), Dataset(), User(), new Option<string?>("--group") { Description = "A group.", HelpName = "NAME" });
        return new ServerCommand(verb, $"""
            {summary} Levels take MANAGE on the object; promote, approve and break-glass take an admin.

            Example: slipway permissions {verb} EDIT --model iris --user ann
            """) { permission, model, experiment, dataset, user, group }.Runs(async (talk, cancellationToken) =>
        {
            var request = new GrantRequest(talk.Get(user), talk.Get(group), talk.Get(permission));
            await (One(talk.Get(model), talk.Get(experiment), talk.Get(dataset)) switch
            {
                (Kind.Model, var name) => grants ? talk.Client.GrantOnModelAsync(name, request, cancellationToken) : talk.Client.RevokeOnModelAsync(name, request, cancellationToken),
                (Kind.Dataset, var name) => grants ? talk.Client.GrantOnDatasetAsync(name, request, cancellationToken) : talk.Client.RevokeOnDatasetAsync(name, request, cancellationToken),
                (_, var id) => grants ? talk.Client.GrantOnExperimentAsync(id, request, cancellationToken) : talk.Client.RevokeOnExperimentAsync(id, request, cancellationToken),
            });
            return await talk.AnswerAsync(EmptyResponse.Value, _ => "Done.");
        });
    }

    private static ServerCommand List()
    {
        var (model, experiment, dataset, user) = (Model(), Experiment(), Dataset(), User());
        return new ServerCommand("list", """
            Lists what is granted on a model, an experiment or a dataset, or to a user and their groups.

            Example: slipway permissions list --model iris
            """) { model, experiment, dataset, user }.Runs(async (talk, cancellationToken) =>
        {
            if (talk.Get(user) is { } person)
            {
                return await talk.AnswerAsync(new HeldGrantsResponse(await talk.Client.ListUserPermissionsAsync(person, cancellationToken)), TextOfHeld);
            }

            var granted = await (One(talk.Get(model), talk.Get(experiment), talk.Get(dataset)) switch
            {
                (Kind.Model, var name) => talk.Client.ListModelPermissionsAsync(name, cancellationToken),
                (Kind.Dataset, var name) => talk.Client.ListDatasetPermissionsAsync(name, cancellationToken),
                (_, var id) => talk.Client.ListExperimentPermissionsAsync(id, cancellationToken),
            });
            return await talk.AnswerAsync(new GrantsResponse(granted), TextOf);
        });
    }

    private static Option<string?> Model() => new("--model") { Description = "A registered model.", HelpName = "NAME" };

    private static Option<string?> Experiment() => new("--experiment") { Description = "An experiment.", HelpName = "ID" };

    private static Option<string?> Dataset() => new("--dataset") { Description = "A dataset.", HelpName = "NAME" };

    private static Option<string?> User() => new("--user") { Description = "A user.", HelpName = "NAME" };

    private static (Kind Kind, string Named) One(string? model, string? experiment, string? dataset)
    {
        var named = new[] { (Kind.Model, model), (Kind.Experiment, experiment), (Kind.Dataset, dataset) }.Where(one => one.Item2 is not null).ToList();
        return named is [var one] ? (one.Item1, one.Item2!) : throw new UsageException("Name one thing: a model with --model, an experiment with --experiment, or a dataset with --dataset.");
    }

    private static string TextOf(GrantsResponse granted) => TextTable.Of(
        ["WHO", "PERMISSIONS"],
        granted.Permissions.Select(grant => new[] { grant.User ?? $"group {grant.Group}", Rights(grant.Level, grant.Promote, grant.Approve, grant.BreakGlass) }));

    private static string TextOfHeld(HeldGrantsResponse held) => TextTable.Of(
        ["ON", "PERMISSIONS", "BY"],
        held.Permissions.Select(grant => new[] { $"{grant.Kind} {grant.Object}", Rights(grant.Level, grant.Promote, grant.Approve, grant.BreakGlass), grant.Group is { } group ? $"group {group}" : "user" }));

    private static string Rights(string? level, bool promote, bool approve, bool breakGlass) =>
        string.Join(' ', new[] { level ?? "", promote ? "promote" : "", approve ? "approve" : "", breakGlass ? "break-glass" : "" }.Where(word => word.Length > 0));
}
