using System.CommandLine;
using System.Globalization;
using Slipway.Wire.Content;

namespace Slipway.Commands;

/// <summary>Has the server remove stored content that nothing refers to.</summary>
internal static class GarbageCommand
{
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Only tell what would be removed." };

    private static readonly Option<string> Grace = new("--grace")
    {
        Description = "What nothing refers to stays for so long: 0, or a number with s, m, h or d.",
        DefaultValueFactory = _ => "1d",
        HelpName = "TIME",
    };

    private static readonly Option<bool> Runs = new("--runs") { Description = "Also remove for good the runs, logged models and experiments that were deleted long ago. What a model version came from stays." };

    private static readonly Option<string> OlderThan = new("--older-than")
    {
        Description = "With --runs: deleted that long ago at least.",
        DefaultValueFactory = _ => "30d",
        HelpName = "TIME",
    };

    public static Command Create() => new ServerCommand("gc", """
        Removes stored content that no artifact and no model version refers to, and moves artifacts of older versions of
        Slipway into the store. It may run beside everything else. Exit codes: 0 done, 1 refused or failed, 2 wrong usage,
        3 the server is not reachable.

        Example: slipway gc --dry-run --grace 7d
        Example: slipway gc --runs --older-than 90d
        """)
    {
        DryRun,
        Grace,
        Runs,
        OlderThan,
    }.Runs(async (talk, cancellationToken) =>
    {
        var request = new CollectGarbageRequest(talk.Get(DryRun), Seconds("--grace", talk.Get(Grace)!))
        {
            Runs = talk.Get(Runs) ? true : null,
            OlderThanSeconds = talk.Get(Runs) ? Seconds("--older-than", talk.Get(OlderThan)!) : null,
        };
        return await talk.AnswerAsync(await talk.Client.CollectGarbageAsync(request, cancellationToken), Tell);
    });

    private static long Seconds(string option, string text)
    {
        var (digits, unit) = text == "0" ? ("0", 1) : text[..^1] is var number && text[^1] is var letter
            ? (number, letter switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 24 * 3600, _ => 0 })
            : default;
        return unit > 0 && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count < 100_000_000
            ? count * unit
            : throw new UsageException($"{option} can't be '{text}': 0, or a number with s, m, h or d.");
    }

    private static string Tell(CollectGarbageResponse done)
    {
        var would = done.DryRun ? "would be " : "";
        var lines = new List<string>();
        if (done.Runs is not null)
        {
            lines.Add($"{done.Runs:N0} runs, {done.LoggedModels:N0} logged models and {done.Experiments:N0} experiments {would}removed for good; {done.Kept:N0} stay, because model versions came from them{(done.More == true ? "; there are more, run it again" : "")}");
        }

        lines.AddRange(
        [
            $"{done.Contents:N0} contents ({done.ContentBytes:N0} bytes) and {done.Chunks:N0} chunks ({done.ChunkBytes:N0} bytes stored) {would}removed",
            $"{done.Packs:N0} packs ({done.PackBytes:N0} bytes) and {done.Orphans:N0} that uploads left ({done.OrphanBytes:N0} bytes) {would}removed, {done.Repacked:N0} of them copied together",
            $"{done.MovedFiles:N0} artifacts of the old layout ({done.MovedBytes:N0} bytes) {would}moved into the store",
        ]);
        if (done.WaitingChunks > 0)
        {
            lines.Add($"{done.WaitingChunks:N0} chunks wait for uploads that are under way; the next run removes them");
        }

        lines.AddRange(done.Problems ?? []);
        return string.Join('\n', lines);
    }
}
