using Slipway.Server.Identity;
using Slipway.Server.Routing;
using Slipway.Store;

namespace Slipway.Server.Governance.Guarding;

/// <summary>Who may move versions, say yes to a promotion, and pass the gates: what the pipeline says, and what is granted.</summary>
internal sealed class PromotionRights(Rights rights)
{
    /// <exception cref="RefusedException">They may not promote there. The server itself may.</exception>
    public async Task RequirePromoteAsync(Reader reader, Actor actor, Gateway gateway, CancellationToken cancellationToken)
    {
        if (actor is Caller { Principal: var who } && !await MayPromoteAsync(reader, who, gateway, cancellationToken))
        {
            throw new RefusedException($"Permission denied: {who.Name} may not promote {gateway}. {Promoters(gateway)}");
        }
    }

    /// <summary>Without a pipeline whoever may edit the model; with one, those to whom it is granted and those of the stage's group.</summary>
    public async Task<bool> MayPromoteAsync(Reader reader, Principal who, Gateway gateway, CancellationToken cancellationToken)
    {
        if (!who.Scope.Allows(Permission.Promote))
        {
            return false;
        }

        var model = Securable.Model(gateway.Model);
        if (who.IsAdmin)
        {
            return true;
        }

        if (gateway.Pipeline is null)
        {
            return await rights.LevelAsync(reader, who, model, cancellationToken) >= AccessLevel.Edit;
        }

        return await Rights.AnyAsync(reader, who, model, grant => grant.MayPromote, cancellationToken)
            || await IsInAnyAsync(reader, who, gateway.Stages.Select(stage => stage.Promoters), cancellationToken);
    }

    /// <inheritdoc cref="MayPromoteAsync(Reader, Principal, Gateway, CancellationToken)"/>
    public Task<bool> MayPromoteAsync(Reader reader, Principal who, (long Model, Pipeline? Pipeline, PipelineStage? Stage) into, CancellationToken cancellationToken) =>
        MayPromoteAsync(reader, who, new Gateway(into.Model, "", into.Pipeline, into.Stage is null ? [] : [into.Stage]), cancellationToken);

    /// <exception cref="RefusedException">They may not edit the model.</exception>
    public async Task RequireEditAsync(Reader reader, Actor actor, long model, CancellationToken cancellationToken)
    {
        if (actor is Caller { Principal: var who })
        {
            await rights.RequireAsync(reader, who, (AccessLevel.Edit, Securable.Model(model)), cancellationToken);
        }
    }

    /// <summary>Whether somebody may read the model, without which no route lets them change anything about it.</summary>
    public async Task<bool> MayReadAsync(Reader reader, Principal who, long model, CancellationToken cancellationToken) =>
        who.IsAdmin || await rights.LevelAsync(reader, who, Securable.Model(model), cancellationToken) >= AccessLevel.Read;

    /// <exception cref="RefusedException">It is not granted to them by name, or to a group of theirs.</exception>
    public static async Task RequireBreakGlassAsync(Reader reader, Actor actor, Gateway gateway, CancellationToken cancellationToken)
    {
        if (actor is not Caller { Principal: var who } || !await MayBreakGlassAsync(reader, who, gateway, cancellationToken))
        {
            throw new RefusedException($"Permission denied: breaking the glass {gateway} has to be granted to {actor.Name} by name; not even admins may without.");
        }
    }

    /// <summary>Whether it is granted to them by name, or to a group of theirs.</summary>
    public static async Task<bool> MayBreakGlassAsync(Reader reader, Principal who, Gateway gateway, CancellationToken cancellationToken) =>
        who.Id is not null
        && who.Scope.Allows(Permission.BreakGlass)
        && await Rights.AnyAsync(reader, who, Securable.Model(gateway.Model), grant => grant.MayBreakGlass, cancellationToken);

    /// <summary>Why somebody may not say yes or no to a promotion; null when they may.</summary>
    public static async Task<string?> ObjectionToReviewerAsync(Reader reader, Principal who, (PromotionRow Promotion, ApprovalsGate Gate) what, CancellationToken cancellationToken)
    {
        if (who.Id is not { } id)
        {
            return "Approvals need people who say who they are, and this server lets everybody in as anonymous";
        }

        if (what.Promotion.Requester == id)
        {
            return $"{who.Name} asked for the promotion, and nobody reviews what they asked for";
        }

        if (who.IsService && !what.Gate.AllowsServices)
        {
            return $"{who.Name} is a service, and the pipeline takes approvals by people only";
        }

        if (what.Gate.Group is { } group)
        {
            return await IsInAnyAsync(reader, who, [group], cancellationToken) ? null : $"{who.Name} is not in the group {group}, whose members review this";
        }

        return await Rights.AnyAsync(reader, who, Securable.Model(what.Promotion.Model), grant => grant.MayApprove, cancellationToken)
            ? null
            : $"approving '{what.Promotion.ModelName}' is not granted to {who.Name}";
    }

    private static string Promoters(Gateway gateway)
    {
        if (gateway.Pipeline is null)
        {
            return "Whoever may edit the model may.";
        }

        var groups = gateway.Stages.Select(stage => stage.Promoters).OfType<string>().Distinct().ToList();
        return $"Whoever holds PROMOTE on the model may{(groups.Count == 0 ? "" : $", and the members of {string.Join(", ", groups)}")}.";
    }

    private static async Task<bool> IsInAnyAsync(Reader reader, Principal who, IEnumerable<string?> groups, CancellationToken cancellationToken)
    {
        var names = groups.OfType<string>().ToList();
        return names.Count > 0
            && who.Groups.Count > 0
            && await reader.AnyAsync($"select 1 from user_groups where name in {names} and id in {who.Groups}", cancellationToken);
    }
}

/// <summary>A way into stages of a model, or out of them.</summary>
/// <param name="Model">The model's internal id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Pipeline">The one in force; null when none is.</param>
/// <param name="Stages">The stages whose promoters decide: any of them is enough.</param>
internal sealed record Gateway(long Model, string Name, Pipeline? Pipeline, IReadOnlyList<PipelineStage> Stages)
{
    public static Gateway Into(long model, string name, Pipeline pipeline, PipelineStage stage) => new(model, name, pipeline, [stage]);

    /// <summary>Whatever stage it is.</summary>
    public static Gateway Any(long model, string name, Pipeline? pipeline) => new(model, name, pipeline, pipeline?.Stages ?? []);

    public override string ToString() => Stages.Count == 1 ? $"'{Name}' into or out of {Stages[0].Name}" : $"'{Name}'";
}
