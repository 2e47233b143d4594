using System.CommandLine;
using Slipway.Wire.Governance;

namespace Slipway.Commands;

/// <summary>Lists promotions, shows one, takes one back.</summary>
internal static class PromotionsCommand
{
    public static Command Create() => new Command("promotions", "Promotions: what is asked for, what it waits for, and how it ended.")
    {
        CreateList(),
        CreateShow(),
        CreateCancel(),
    };

    private static ServerCommand CreateList()
    {
        var state = new Option<string?>("--state") { Description = "Only those in this state, such as awaiting_approval; open for all that are not over.", HelpName = "STATE" };
        var model = new Option<string?>("--model") { Description = "Only those of this model.", HelpName = "NAME" };
        var mine = new Option<bool>("--mine") { Description = "Only those that you asked for." };
        var forMe = new Option<bool>("--for-me") { Description = "Only those that wait for your approval." };
        var limit = new Option<long?>("--limit") { Description = "How many at most; 50 unless told otherwise." };
        var cursor = new Option<string?>("--cursor") { Description = "Where the page before ended." };
        var command = new ServerCommand("list", """
            Lists promotions, the last one first.

            Example: slipway promotions list --for-me
            """);
        foreach (var option in new Option[] { state, model, mine, forMe, limit, cursor })
        {
            command.Options.Add(option);
        }

        return command.Runs(async (talk, cancellationToken) =>
        {
            var page = await talk.Client.ListPromotionsAsync(new ListPromotionsRequest
            {
                State = talk.Get(state),
                Model = talk.Get(model),
                Mine = talk.Get(mine) ? true : null,
                ForMe = talk.Get(forMe) ? true : null,
                Limit = talk.Get(limit),
                Cursor = talk.Get(cursor),
            }, cancellationToken);
            if (page.Next is { } next && !talk.IsJson)
            {
                await Conversation.SayAsync($"There are more: --cursor {next}");
            }

            return await talk.AnswerAsync(page, PromotionText.Of);
        });
    }

    private static ServerCommand CreateShow()
    {
        var id = new Argument<long>("ID") { Description = "The promotion's number." };
        var command = new ServerCommand("show", """
            Shows a promotion: every gate, and what people said.

            Example: slipway promotions show 7
            """);
        command.Arguments.Add(id);
        return command.Runs(async (talk, cancellationToken) => await talk.AnswerAsync(await talk.Client.GetPromotionAsync(talk.Get(id), cancellationToken), PromotionText.Of));
    }

    private static ServerCommand CreateCancel()
    {
        var id = new Argument<long>("ID") { Description = "The promotion's number." };
        var reason = new Option<string?>("--reason") { Description = "Why.", HelpName = "TEXT" };
        var command = new ServerCommand("cancel", """
            Takes a promotion back: its requester may, and whoever may promote there.

            Example: slipway promotions cancel 7 --reason "Superseded by version 4"
            """);
        command.Arguments.Add(id);
        command.Options.Add(reason);
        return command.Runs(async (talk, cancellationToken) => await talk.AnswerAsync(await talk.Client.CancelPromotionAsync(talk.Get(id), talk.Get(reason), cancellationToken), PromotionText.Of));
    }
}
