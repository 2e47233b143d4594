using System.CommandLine;
using Slipway.Wire.Governance;

namespace Slipway.Commands;

/// <summary>Asks that a version be let into a stage.</summary>
internal static class PromoteCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly string[] Open = ["requested", "checking", "awaiting_approval", "approved", "deploying"];

    public static Command Create()
    {
        var version = new ModelVersionArguments();
        var stage = new Option<string>("--to") { Description = "The stage.", HelpName = "STAGE", Required = true };
        var justification = new Option<string?>("--justification") { Description = "Why, for those who approve.", HelpName = "TEXT" };
        var hold = new Option<bool>("--hold") { Description = "Do not go through by itself: somebody promotes it again once everything is met." };
        var wait = new Option<bool>("--wait") { Description = "Wait until it is over; exit code 1 unless it is completed." };
        var glass = new Option<string?>("--break-glass") { Description = "Pass the gates, for this reason. It has to be granted to you, and stands out in the audit log.", HelpName = "REASON" };
        var command = new ServerCommand("promote", """
            Asks that a version be let into a stage. If every gate is met it goes there at once, else it waits for what is
            missing and goes through by itself. Asking again joins what is under way.
            Exit codes: 0 asked for (with --wait: completed), 1 refused or ended otherwise, 2 wrong usage, 3 the server is not reachable.

            Example: slipway promote iris 3 --to Production --justification "Better on rare species" --wait
            """);
        version.AddTo(command);
        foreach (var option in new Option[] { stage, justification, hold, wait, glass })
        {
            command.Options.Add(option);
        }

        return command.Runs(async (talk, cancellationToken) =>
        {
            var (name, number) = (version.Name(talk), await version.NumberAsync(talk, cancellationToken));
            if (talk.Get(glass) is { } reason)
            {
                var change = await talk.Client.BreakGlassAsync(name, number, new BreakGlassRequest(talk.Get(stage), reason), cancellationToken);
                return await talk.AnswerAsync(change, entered => $"{entered.Model} {entered.Version} is in {entered.Stage}, past its gates.");
            }

            var promotion = await talk.Client.RequestPromotionAsync(name, number, new RequestPromotionRequest(talk.Get(stage), talk.Get(justification), talk.Get(hold) ? true : null), cancellationToken);
            if (!talk.Get(wait))
            {
                return await talk.AnswerAsync(promotion, PromotionText.Of);
            }

            promotion = await WaitAsync(talk, promotion, cancellationToken);
            await talk.AnswerAsync(promotion, PromotionText.Of);
            return promotion.State == "completed" ? ExitCode.Done : ExitCode.Failed;
        });
    }

    private static async Task<Promotion> WaitAsync(Conversation talk, Promotion promotion, CancellationToken cancellationToken)
    {
        if (Open.Contains(promotion.State))
        {
            await Conversation.SayAsync($"Promotion {promotion.Id} is {promotion.State.Replace('_', ' ')}; waiting.");
        }

        while (Open.Contains(promotion.State))
        {
            await Task.Delay(Pause, cancellationToken);
            promotion = await talk.Client.GetPromotionAsync(promotion.Id, cancellationToken);
        }

        return promotion;
    }
}
