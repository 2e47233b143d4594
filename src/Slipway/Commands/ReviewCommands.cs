using System.CommandLine;
using Slipway.Client;
using Slipway.Wire;
using Slipway.Wire.Governance;

namespace Slipway.Commands;

/// <summary>Says yes or no to a promotion.</summary>
internal static class ReviewCommands
{
    public static Command CreateApprove()
    {
        var comment = new Option<string?>("--comment") { Description = "What you say to it.", HelpName = "TEXT" };
        return Create("approve", """
            Approves the open promotion of a version, by the evidence that there is now: the approval lapses when that changes.
            Exit codes: 0 approved, 1 refused, 2 wrong usage, 3 the server is not reachable.

            Example: slipway approve iris 3 --comment "Looks good on the holdout set"
            """, comment, talk => new ReviewPromotionRequest("approved", talk.Get(comment)));
    }

    public static Command CreateReject()
    {
        var reason = new Option<string>("--reason") { Description = "Why not.", HelpName = "TEXT", Required = true };
        return Create("reject", """
            Rejects the open promotion of a version.
            Exit codes: 0 rejected, 1 refused, 2 wrong usage, 3 the server is not reachable.

            Example: slipway reject iris 3 --reason "Worse on rare species"
            """, reason, talk => new ReviewPromotionRequest("rejected", talk.Get(reason)));
    }

    private static ServerCommand Create(string name, string description, Option words, Func<Conversation, ReviewPromotionRequest> review)
    {
        var version = new ModelVersionArguments();
        var stage = new Option<string?>("--to") { Description = "The stage, where promotions into several are open.", HelpName = "STAGE" };
        var command = new ServerCommand(name, description);
        version.AddTo(command);
        command.Options.Add(stage);
        command.Options.Add(words);
        return command.Runs(async (talk, cancellationToken) =>
        {
            var open = await FindOpenAsync(talk.Client, (version.Name(talk), await version.NumberAsync(talk, cancellationToken)), talk.Get(stage), cancellationToken);
            return await talk.AnswerAsync(await talk.Client.ReviewPromotionAsync(open.Id, review(talk), cancellationToken), PromotionText.Of);
        });
    }

    private static async Task<Promotion> FindOpenAsync(SlipwayClient client, (string Name, string Number) version, string? stage, CancellationToken cancellationToken)
    {
        var (name, number) = version;
        var page = await client.ListPromotionsAsync(new ListPromotionsRequest { State = "open", Model = name, Version = number }, cancellationToken);
        var open = page.Promotions.Where(promotion => stage is null || promotion.Stage.Equals(stage, StringComparison.OrdinalIgnoreCase)).ToList();
        return open switch
        {
            [var one] => one,
            [] => throw new SlipwayException(ErrorCode.ResourceDoesNotExist, $"No promotion of {name} {number}{(stage is null ? "" : $" to {stage}")} is open. Somebody asks for one with 'slipway promote {name} {number} --to STAGE'."),
            _ => throw new UsageException($"Promotions of {name} {number} to {string.Join(" and ", open.Select(promotion => promotion.Stage))} are open; say which one with --to."),
        };
    }
}
