using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Client;
using Slipway.Store.Auditing;
using Slipway.Testing;
using Slipway.Wire.Auditing;
using Xunit;

namespace Slipway.Server.Tests.Auditing;

/// <summary>What is promised of a part of the log that is exported, whatever the database.</summary>
public abstract class AuditPartContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    private const string Export = "/api/slipway/v1/audit/export";

    private readonly ManualTime _time = new();

    protected override TimeProvider? Clock => _time;

    // The first entry is that of the default experiment; each other one is about a model of its number.
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        for (var i = 2; i <= 120; i++)
        {
            await CreateModelAsync($"model {i}");
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Promise]
    public async Task A_part_is_verified_by_itself_and_says_that_it_is_one()
    {
        var lines = await LinesAsync(new ExportAuditRequest { First = 5, Last = 110 });

        Assert.Equal(4, lines[0]["after"]!["sequence"]!.GetValue<long>());
        Assert.Equal(Enumerable.Range(5, 106).Select(number => (long)number), lines[1..^1].Select(line => line["sequence"]!.GetValue<long>()));
        Assert.Equal(lines[^2]["hash"]!.ToString(), lines[^1]["until"]!["hash"]!.ToString());
        Assert.Equal(new AuditFinding(106, null) { Part = new AuditPart(5, 110) }, await VerifyAsync(lines));
    }

    [Promise]
    public async Task A_part_ends_where_it_was_asked_to_or_with_the_log()
    {
        var times = (await ColumnAsync($"select at from audit order by seq")).Select(at => long.Parse(at, CultureInfo.InvariantCulture)).ToList();

        Assert.Equal(new AuditPart(100, 120), (await VerifyAsync(await LinesAsync(new ExportAuditRequest { First = 100 }))).Part);
        Assert.Equal(new AuditPart(1, 3), (await VerifyAsync(await LinesAsync(new ExportAuditRequest { Last = 3 }))).Part);
        Assert.Null((await VerifyAsync(await LinesAsync(new ExportAuditRequest { First = 1, Last = 1000 }))).Part);
        Assert.Equal(new AuditPart(11, 20), (await VerifyAsync(await LinesAsync(new ExportAuditRequest { From = Text(times[10]), To = Text(times[19]) }))).Part);
        Assert.Equal(new AuditPart(11, 11), (await VerifyAsync(await LinesAsync(new ExportAuditRequest { From = Text(times[9] + 1), To = Text(times[11] - 1) }))).Part);
    }

    [Promise]
    public async Task Whatever_is_done_to_a_part_is_named()
    {
        var lines = await LinesAsync(new ExportAuditRequest { First = 5, Last = 10 });

        foreach (var (what, damaged) in new Dictionary<string, List<JsonNode>>
        {
            ["Entry 1 is missing"] = lines[1..],
            ["Entry 5 is missing"] = [lines[0], .. lines[2..]],
            ["Entry 8 is missing"] = [.. lines[..4], .. lines[5..]],
            ["Entry 10 is missing"] = [.. lines[..^2], lines[^1]],
            ["Entry 11 is missing"] = lines[..^1],
            ["Entry 6 is not what was written"] = [.. lines[..2], With(lines[2], line => line["entry"] = line["entry"]!.GetValue<string>().Replace("model 6", "model 7", StringComparison.Ordinal)), .. lines[3..]],
            ["Entry 5 does not follow entry 4"] = [With(lines[0], line => line["after"]!["hash"] = new string('0', 64)), .. lines[1..]],
            ["Entry 8 is not what was written: another part begins there"] = [.. lines[..4], lines[0], .. lines[4..]],
        })
        {
            Assert.Contains(what, (await VerifyAsync(damaged)).Problem, StringComparison.Ordinal);
        }
    }

    [Promise]
    public async Task A_part_is_compared_with_the_checkpoints_that_lie_in_it()
    {
        using var key = CheckpointKey.Create();
        var hashes = await ColumnAsync($"select hash from audit order by seq");
        var file = Path.Join(Place.Folder, "trail.jsonl");
        await File.WriteAllLinesAsync(file, [CheckpointLines.Introducing(key, key, 1), Line(4, hashes[3]), Line(8, hashes[7]), Line(120, hashes[119])]);
        var lines = await LinesAsync(new ExportAuditRequest { First = 5, Last = 10 });

        Assert.Equal((null, 2L, 8L), await FoundAsync());
        await File.WriteAllLinesAsync(file, [CheckpointLines.Introducing(key, key, 1), Line(4, hashes[4])]);
        Assert.Contains("which the part follows, is not the one that the checkpoint", (await FoundAsync()).Problem, StringComparison.Ordinal);
        await File.WriteAllLinesAsync(file, [CheckpointLines.Introducing(key, key, 1), Line(7, hashes[7])]);
        Assert.Contains("Entry 7 is not the one that the checkpoint", (await FoundAsync()).Problem, StringComparison.Ordinal);

        string Line(long sequence, string hash) => CheckpointLines.Of(new Checkpoint(sequence, hash, 1), key);

        async Task<(string? Problem, long Checkpoints, long? Last)> FoundAsync()
        {
            var found = await VerifyAsync(lines, await CheckpointTrail.ReadAsync([file], CancellationToken.None));
            return (found.Problem, found.Checkpoints, found.LastCheckpoint?.Sequence);
        }
    }

    [Promise]
    public async Task A_span_without_entries_is_not_found_and_nonsense_is_refused()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync(Export, ("first", "121"))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync(Export, ("first", "7"), ("last", "6"))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync(Export, ("to", "2001-01-01"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Client.GetAsync(Export, ("first", "0"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Client.GetAsync(Export, ("from", "yesterday"))).Status);
    }

    private static string Text(long time) => time.ToString(CultureInfo.InvariantCulture);

    private static JsonNode With(JsonNode line, Action<JsonNode> change)
    {
        var copy = line.DeepClone();
        change(copy);
        return copy;
    }

    private static async Task<AuditFinding> VerifyAsync(IEnumerable<JsonNode> lines, CheckpointTrail? trail = null)
    {
        using var export = new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line.ToJsonString() + "\n"))));
        return await AuditVerification.VerifyExportAsync(export, trail ?? CheckpointTrail.None, CancellationToken.None);
    }

    private async Task<List<JsonNode>> LinesAsync(ExportAuditRequest part)
    {
        using var client = new SlipwayClient(Address);
        using var export = new MemoryStream();
        await client.ExportAuditAsync(export, part);
        return [.. Encoding.UTF8.GetString(export.ToArray()).TrimEnd().Split('\n').Select(line => JsonNode.Parse(line)!)];
    }
}

public sealed class AuditPartsOnSqlite() : AuditPartContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class AuditPartsOnPostgres() : AuditPartContract(Fresh.PostgresAsync);
