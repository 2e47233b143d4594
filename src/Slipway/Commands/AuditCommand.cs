using System.CommandLine;
using System.Globalization;
using Slipway.Store.Auditing;
using Slipway.Wire.Auditing;

namespace Slipway.Commands;

/// <summary>Looks at the audit log.</summary>
internal static class AuditCommand
{
    public static Command Create() => new("audit", "Looks at the audit log: what was done or refused, when and by whom.")
    {
        List(),
        Export(),
        Verify(),
        RotateKey(),
    };

    private static ServerCommand List()
    {
        var command = new ServerCommand("list", """
            Lists entries, the newest first. Auditors and admins may; whoever may read a model may with --history.

            Example: slipway audit list --model iris --action version.transition --from 2026-03-01
            """);
        var history = new Option<string?>("--history") { Description = "A model as it is called now: its entries under all its names." };
        var all = new List<Option<string?>>();
        foreach (var (name, description) in new[]
        {
            ("model", "Entries about what had this name."), ("version", "Entries about this version of the model."), ("actor", "Entries of what this person did."),
            ("action", "Such as version.transition."), ("outcome", "done or refused."), ("promotion", "Entries of this promotion."),
            ("from", "Not before: 2026-03-01T12:00Z."), ("to", "Not after."), ("order", "newest or oldest."), ("cursor", "What a page before gave as next."),
        })
        {
            all.Add(new Option<string?>($"--{name}") { Description = description });
        }

        var limit = new Option<long?>("--limit") { Description = "At most so many; 100 unless told otherwise." };
        all.Append(history).ToList().ForEach(command.Options.Add);
        command.Options.Add(limit);
        return command.Runs(async (talk, cancellationToken) =>
        {
            string? Given(string name) => talk.Get(all.Single(option => option.Name == $"--{name}"));
            var request = new AuditRequest
            {
                Model = Given("model"),
                Version = Given("version"),
                Actor = Given("actor"),
                Action = Given("action"),
                Outcome = Given("outcome"),
                Promotion = Given("promotion"),
                From = Given("from"),
                To = Given("to"),
                Order = Given("order"),
                Cursor = Given("cursor"),
                MaxResults = talk.Get(limit),
            };
            var page = talk.Get(history) is { } model
                ? await talk.Client.FindModelHistoryAsync(model, request, cancellationToken)
                : await talk.Client.FindAuditAsync(request, cancellationToken);
            return await talk.AnswerAsync(page, Text);
        });
    }

    private static ServerCommand Export()
    {
        var command = new ServerCommand("export", """
            Copies the log, or a part of it, as JSON Lines, to a file or to stdout. 'slipway audit verify FILE' verifies it
            without a server; a part from its first entry on.

            Example: slipway audit export --output audit.jsonl
            Example: slipway audit export --from 2026-03-01 --to 2026-04-01 --output march.jsonl
            """);
        var from = new Option<string?>("--from") { Description = "Not before: the number of an entry, or a time such as 2026-03-01T12:00Z.", HelpName = "ENTRY|TIME" };
        var to = new Option<string?>("--to") { Description = "Not after.", HelpName = "ENTRY|TIME" };
        command.Options.Add(from);
        command.Options.Add(to);
        var output = new Option<string?>("--output") { Description = "The file to write; it must not exist. Without it: stdout.", HelpName = "FILE" };
        command.Options.Add(output);
        return command.Runs(async (talk, cancellationToken) =>
        {
            var part = Part(talk.Get(from), talk.Get(to));
            if (talk.Get(output) is not { } file)
            {
                await using var stdout = Console.OpenStandardOutput();
                await talk.Client.ExportAuditAsync(stdout, part, cancellationToken);
                return ExitCode.Done;
            }

            await using (var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write))
            {
                await talk.Client.ExportAuditAsync(stream, part, cancellationToken);
            }

            await Conversation.SayAsync(part == new ExportAuditRequest() ? $"The audit log was written to {file}." : $"A part of the audit log was written to {file}.");
            return ExitCode.Done;
        });
    }

    // A plain number is that of an entry: nobody types milliseconds.
    private static ExportAuditRequest Part(string? from, string? to)
    {
        var (first, last) = (Entry(from), Entry(to));
        return new ExportAuditRequest { First = first, Last = last, From = first is null ? from : null, To = last is null ? to : null };

        static long? Entry(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static ServerCommand Verify()
    {
        var command = new ServerCommand("verify", """
            Verifies the audit log of a running server, or an export, and names the first entry that was changed, removed,
            reordered or cut off at the end. Exit codes: 0 it is sound, 1 it is not.

            Example: slipway audit verify audit.jsonl --checkpoints slipway-data/checkpoints/1.jsonl
            """);
        var export = new Argument<string?>("FILE") { Description = "An export; without it the server verifies its own log.", Arity = ArgumentArity.ZeroOrOne };
        var checkpoints = new Option<string[]>("--checkpoints") { Description = "Checkpoint files to compare the export with.", HelpName = "FILE" };
        command.Arguments.Add(export);
        command.Options.Add(checkpoints);
        return command.Runs(async (talk, cancellationToken) =>
        {
            var given = talk.Get(checkpoints) ?? [];
            if (talk.Get(export) is null && given.Length > 0)
            {
                throw new UsageException("--checkpoints goes with an export; a server knows its own.");
            }

            var verdict = talk.Get(export) is { } file
                ? await VerifyFileAsync(file, given, cancellationToken)
                : await talk.Client.VerifyAuditAsync(cancellationToken);
            await talk.AnswerAsync(verdict, Text);
            return verdict.Sound ? ExitCode.Done : ExitCode.Failed;
        });
    }

    private static ServerCommand RotateKey() => new ServerCommand("rotate-key", """
        Has every process of the server sign checkpoints with a new key from now on, within seconds; the old key signs the
        line that introduces it. Admins may.

        Example: slipway audit rotate-key
        """).Runs(async (talk, cancellationToken) => await talk.AnswerAsync(await talk.Client.RotateCheckpointKeyAsync(cancellationToken), key => $"Checkpoints are signed with key {key.Key} from now on."));

    private static async Task<AuditVerdict> VerifyFileAsync(string file, string[] checkpoints, CancellationToken cancellationToken)
    {
        var trail = await CheckpointTrail.ReadAsync(checkpoints, cancellationToken);
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var finding = await AuditVerification.VerifyExportAsync(stream, trail, cancellationToken);
        return new AuditVerdict(finding.Problem is null, finding.Entries, finding.Checkpoints)
        {
            First = finding.Part?.First,
            Last = finding.Part?.Last,
            Problem = finding.Problem,
            LastCheckpoint = finding.LastCheckpoint?.Sequence,
            LastCheckpointTime = finding.LastCheckpoint?.Time,
        };
    }

    private static string Text(AuditVerdict verdict)
    {
        var seen = verdict.LastCheckpoint is { } last
            ? string.Create(CultureInfo.InvariantCulture, $"{verdict.Checkpoints} checkpoints were compared, the last of entry {last} at {TimeText.Of(verdict.LastCheckpointTime!.Value)}; what was cut off behind it can't be seen.")
            : "No checkpoints were compared, so what was cut off at the end can't be seen.";
        if (verdict is { First: { } first, Last: { } end })
        {
            seen = string.Create(CultureInfo.InvariantCulture, $"{seen}\nThis is a part of the log, entries {first} to {end}: what is before and behind it was not looked at.");
        }

        return verdict.Sound ? $"All {verdict.Entries} entries are sound.\n{seen}" : $"{verdict.Problem}\n{verdict.Entries} entries before that are sound.\n{seen}";
    }

    private static string Text(AuditPage page)
    {
        var table = TextTable.Of(
            ["ENTRY", "TIME", "ACTOR", "ACTION", "RESOURCE", "OUTCOME", "REASON"],
            page.Entries.Select(entry => (IReadOnlyList<string>)
            [
                entry.Sequence.ToString(CultureInfo.InvariantCulture), TimeText.Of(entry.Time), entry.Actor, entry.Action, entry.Resource,
                entry.Count is { } count ? string.Create(CultureInfo.InvariantCulture, $"{entry.Outcome} ×{count}") : entry.Outcome, OneLine(entry.Reason),
            ]));
        return page.Next is null ? table : $"{table}There are more: --cursor {page.Next}";
    }

    private static string OneLine(string? reason) => reason is null ? "" : reason.ReplaceLineEndings(" ") is { Length: > 80 } text ? text[..79] + "…" : reason.ReplaceLineEndings(" ");
}
