using System.Text;
using Slipway.Store.Auditing;
using Slipway.Testing;
using Xunit;

namespace Slipway.Store.Tests.Auditing;

/// <summary>What is promised of tampering with the log, by whoever can write to the database or to an export.</summary>
public abstract class TamperContract(Func<Task<Fresh>> freshDatabase) : IAsyncLifetime
{
    private const int Entries = 12;
    private const int CheckpointAt = 8;

    private OpenStore _store = null!;
    private string _folder = "";
    private CheckpointTrail _trail = null!;
    private List<string> _export = [];

    public async Task InitializeAsync()
    {
        _store = await OpenStore.OnAsync(freshDatabase);
        _folder = Directory.CreateTempSubdirectory("slipway-tamper-").FullName;
        for (var i = 1; i <= Entries; i++)
        {
            await _store.MakeAsync(new WriteNote($"note {i}"));
        }

        _export = await _store.Database.ReadAsync(Tampering.ExportAsync, CancellationToken.None);
        _trail = await WriteTrailAsync([4, CheckpointAt]);
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Promise]
    public async Task What_is_sound_is_found_sound_with_its_checkpoints()
    {
        var finding = await AuditVerification.VerifyAsync(_store.Database, _trail, CancellationToken.None);

        Assert.Equal((Entries, null, 2L, (long?)CheckpointAt), (finding.Entries, finding.Problem, finding.Checkpoints, finding.LastCheckpoint?.Sequence));
        Assert.Equal((Entries, null), Of(await VerifyExportAsync(_export)));
    }

    [Promise]
    public async Task Every_damage_to_the_database_is_found_at_its_first_entry()
    {
        await AssertFoundAsync(writer => writer.ExecuteAsync($"update audit set entry = (select entry from audit where seq = 6) where seq = 5", CancellationToken.None), 4, "Entry 5");
        await AssertFoundAsync(writer => writer.ExecuteAsync($"update audit set action = 'note.read' where seq = 5", CancellationToken.None), 4, "Entry 5 is found by another action");
        await AssertFoundAsync(writer => writer.ExecuteAsync($"delete from audit where seq = 5", CancellationToken.None), 4, "Entry 5 is missing");
        await AssertFoundAsync(Tampering.SwapAsync, 4, "Entry 5");
        await AssertFoundAsync(writer => writer.ExecuteAsync($"delete from audit where seq >= 11", CancellationToken.None), 10, "Entry 11 is missing");
        await AssertFoundAsync(writer => Tampering.CutAsync(writer, 7), 7, "Entry 8 was cut off");
        await AssertFoundAsync(writer => Tampering.RewriteAsync(writer, 6), 4, "between 5 and 8");
        await AssertFoundAsync(writer => Tampering.RewriteAsync(writer, 1), 0, "between 1 and 4");
    }

    [Promise]
    public async Task What_is_cut_off_behind_the_last_checkpoint_can_not_be_seen()
    {
        Assert.Null((await DamagedAsync(writer => Tampering.CutAsync(writer, CheckpointAt))).Problem);
        Assert.Null((await DamagedAsync(writer => Tampering.RewriteAsync(writer, CheckpointAt + 1))).Problem);
    }

    [Promise]
    public async Task Every_damage_to_an_export_is_found_at_its_first_entry()
    {
        await AssertExportAsync(lines => lines[4] = lines[4].Replace("note 5", "note 6", StringComparison.Ordinal), 4, "Entry 5");
        await AssertExportAsync(lines => lines.RemoveAt(4), 4, "Entry 5 is missing");
        await AssertExportAsync(lines => (lines[4], lines[5]) = (lines[5], lines[4]), 4, "Entry 5 is missing");
        await AssertExportAsync(lines => lines[4] = "?", 4, "Entry 5");
        await AssertExportAsync(lines => lines.RemoveAt(lines.Count - 1), Entries, "recorded end");
        await AssertExportAsync(lines => lines.RemoveRange(10, 2), 10, "Entry 11 is missing");
        await AssertExportAsync(lines => lines.RemoveRange(6, lines.Count - 7), 6, "Entry 7 is missing");
        await AssertExportAsync(lines => lines.Add(lines[0]), Entries, "follows the end");
        await AssertExportAsync(lines => Tampering.CutExport(lines, 6), 6, "Entry 7 was cut off");
        await AssertExportAsync(lines => Tampering.RewriteExport(lines, 6), 4, "between 5 and 8");
    }

    [Promise]
    public async Task An_older_export_in_place_of_the_right_one_is_found_by_the_checkpoints_alone()
    {
        var old = _export.Take(4).ToList();
        old.Add(Tampering.EndLine(old));

        var finding = await VerifyExportAsync(old);

        Assert.Equal(4, finding.Entries);
        Assert.Contains("Entry 5 was cut off", finding.Problem, StringComparison.Ordinal);
        Assert.Null((await AuditVerification.VerifyExportAsync(Stream(old), CheckpointTrail.None, CancellationToken.None)).Problem);
    }

    [Promise]
    public async Task Each_byte_of_an_export_counts()
    {
        var text = string.Join('\n', _export) + "\n";
        var random = new Random(7);
        for (var i = 0; i < 300; i++)
        {
            var place = random.Next(text.Length - 1);
            var other = (char)(text[place] == 'x' ? 'y' : 'x');
            var damaged = text[..place] + other + text[(place + 1)..];

            var finding = await AuditVerification.VerifyExportAsync(new MemoryStream(Encoding.UTF8.GetBytes(damaged)), _trail, CancellationToken.None);

            Assert.True(finding.Problem is not null || IsEndTime(text, place), $"{place}: {text[place]} became {other}");
        }
    }

    [Promise]
    public async Task A_checkpoint_that_was_changed_or_put_in_by_another_key_is_found()
    {
        var file = Path.Join(_folder, "trail.jsonl");
        var lines = await File.ReadAllLinesAsync(file);
        using var stranger = CheckpointKey.Create();
        foreach (var damaged in new[]
        {
            [lines[0], lines[1].Replace("\"sequence\":4", "\"sequence\":5", StringComparison.Ordinal), lines[2]],
            [lines[0], lines[1].Replace("\"time\":", "\"time\":1", StringComparison.Ordinal), lines[2]],
            [lines[1], lines[2]],
            [lines[0], CheckpointLines.Of(new Checkpoint(4, "00", 1), stranger)],
            new[] { lines[0], CheckpointLines.Introducing(stranger, stranger, 1), CheckpointLines.Of(new Checkpoint(4, "00", 1), stranger) },
        })
        {
            await File.WriteAllLinesAsync(file, damaged);

            Assert.NotNull((await CheckpointTrail.ReadAsync([file], CancellationToken.None)).Problem);
        }
    }

    [Promise]
    public async Task A_key_that_the_one_before_introduced_is_believed_and_half_a_line_is_none()
    {
        var file = Path.Join(_folder, "rotated.jsonl");
        using var first = CheckpointKey.Create();
        using var second = CheckpointKey.Create();
        string[] lines = [CheckpointLines.Introducing(first, first, 1), CheckpointLines.Of(new Checkpoint(1, "aa", 2), first), CheckpointLines.Introducing(second, first, 3), CheckpointLines.Of(new Checkpoint(2, "bb", 4), second)];
        await File.WriteAllTextAsync(file, string.Join('\n', lines) + "\n" + lines[1][..20]);

        var trail = await CheckpointTrail.ReadAsync([file], CancellationToken.None);

        Assert.Equal((null, 2L, 2L), (trail.Problem, trail.Count, trail.Last!.Sequence));
    }

    private static (long Entries, string? Problem) Of(AuditFinding finding) => (finding.Entries, finding.Problem);

    // The recorded end's time is in no hash; its number and its hash are compared.
    private static bool IsEndTime(string text, int place) => place > text.LastIndexOf("{\"end\"", StringComparison.Ordinal);

    private static MemoryStream Stream(IEnumerable<string> lines) => new(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));

    private async Task<CheckpointTrail> WriteTrailAsync(IReadOnlyList<long> places)
    {
        using var key = CheckpointKey.Create();
        var lines = new List<string> { CheckpointLines.Introducing(key, key, 1) };
        foreach (var place in places)
        {
            var hash = (await _store.ColumnAsync($"select hash from audit where seq = {place}"))[0];
            lines.Add(CheckpointLines.Of(new Checkpoint(place, hash, 1_700_000_000_000 + place), key));
        }

        var file = Path.Join(_folder, "trail.jsonl");
        await File.WriteAllLinesAsync(file, lines);
        return await CheckpointTrail.ReadAsync([file], CancellationToken.None);
    }

    private Task<AuditFinding> VerifyExportAsync(List<string> lines) => AuditVerification.VerifyExportAsync(Stream(lines), _trail, CancellationToken.None);

    private async Task AssertExportAsync(Action<List<string>> damage, long sound, string problem)
    {
        var lines = _export.ToList();
        damage(lines);

        var finding = await VerifyExportAsync(lines);

        Assert.Equal(sound, finding.Entries);
        Assert.Contains(problem, finding.Problem, StringComparison.Ordinal);
    }

    private async Task AssertFoundAsync(Func<Writer, Task> damage, long sound, string problem)
    {
        var finding = await DamagedAsync(damage);

        Assert.Equal(sound, finding.Entries);
        Assert.Contains(problem, finding.Problem, StringComparison.Ordinal);
    }

    // Does the damage, looks, and takes it back.
    private async Task<AuditFinding> DamagedAsync(Func<Writer, Task> damage)
    {
        await using var session = await _store.Database.OpenWriterAsync(CancellationToken.None);
        await session.BeginAsync(CancellationToken.None);
        var writer = new Writer(session, _store.Database.Dialect);
        await damage(writer);
        var finding = await AuditVerification.VerifyAsync(writer, _trail, CancellationToken.None);
        await session.RollBackAsync();
        return finding;
    }
}

public sealed class TamperOnSqlite() : TamperContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class TamperOnPostgres() : TamperContract(Fresh.PostgresAsync);
