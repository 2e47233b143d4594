using System.CommandLine;
using System.Globalization;
using Slipway.Wire.Governance;

namespace Slipway.Commands;

/// <summary>Stops promotions for a time, and ends that.</summary>
internal static class FreezeCommands
{
    public static Command CreateFreeze()
    {
        var models = new Argument<string>("NAME") { Description = "A model, or a pattern such as 'iris-*', which takes an admin." };
        var stage = new Option<string?>("--stage") { Description = "Only this stage.", HelpName = "STAGE" };
        var reason = new Option<string>("--reason") { Description = "Why.", HelpName = "TEXT", Required = true };
        var until = new Option<string?>("--until") { Description = "When it ends by itself, such as 2026-01-02T08:00Z.", HelpName = "TIME" };
        var command = new ServerCommand("freeze", """
            Stops versions from entering the stages of models until it ends or is lifted. Rollbacks go on.

            Example: slipway freeze iris --reason "Year's end" --until 2026-01-02T08:00Z
            """);
        command.Arguments.Add(models);
        command.Options.Add(stage);
        command.Options.Add(reason);
        command.Options.Add(until);
        return command.Runs(async (talk, cancellationToken) =>
        {
            var freeze = await talk.Client.SetFreezeAsync(new SetFreezeRequest(talk.Get(models), talk.Get(stage), talk.Get(reason), Parse(talk.Get(until))), cancellationToken);
            return await talk.AnswerAsync(freeze, set => $"Freeze {set.Id}: nothing enters {set.Stage ?? "any stage"} of {set.Models}{(set.Until is { } end ? $" until {TimeText.Of(end)}" : "")}. Lift it with 'slipway unfreeze {set.Id}'.");
        });
    }

    public static Command CreateUnfreeze()
    {
        var id = new Argument<long>("ID") { Description = "The freeze's number." };
        var command = new ServerCommand("unfreeze", """
            Ends a freeze. 'slipway freezes' lists them.

            Example: slipway unfreeze 3
            """);
        command.Arguments.Add(id);
        return command.Runs(async (talk, cancellationToken) =>
            await talk.AnswerAsync(await talk.Client.LiftFreezeAsync(talk.Get(id), cancellationToken), lifted => $"Freeze {lifted.Id} of {lifted.Models} is lifted."));
    }

    public static Command CreateList()
    {
        var all = new Option<bool>("--all") { Description = "Also those that are over." };
        var command = new ServerCommand("freezes", """
            Lists the freezes that hold.

            Example: slipway freezes
            """);
        command.Options.Add(all);
        return command.Runs(async (talk, cancellationToken) =>
            await talk.AnswerAsync(await talk.Client.ListFreezesAsync(new ListFreezesRequest(talk.Get(all) ? true : null, null, null), cancellationToken), Text));
    }

    private static string Text(FreezesResponse page) => page.Freezes.Count == 0
        ? "No freezes."
        : TextTable.Of(["ID", "MODELS", "STAGE", "UNTIL", "BY", "REASON"], page.Freezes.Select(freeze => (IReadOnlyList<string>)
            [PromotionText.TextOf(freeze.Id), freeze.Models, freeze.Stage ?? "all", freeze.LiftedAt is { } lifted ? $"lifted {TimeText.Of(lifted)}" : freeze.Until is { } end ? TimeText.Of(end) : "lifted", freeze.By, freeze.Reason]));

    private static long? Parse(string? text) => text is null ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.ToUnixTimeMilliseconds()
        : throw new UsageException($"'{text}' is no time; it looks like 2026-01-02T08:00Z.");
}
