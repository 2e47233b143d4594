using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Store;
using Slipway.Store.Auditing;
using Xunit;

namespace Slipway.Server.Tests.Governance;

/// <summary>All that a database tells of stages and promotions, and whether it holds together: a second opinion that shares no code with the server.</summary>
internal sealed class History
{
    private static readonly string[] Terminal = ["promotion.complete", "promotion.reject", "promotion.cancel", "promotion.expire", "promotion.fail"];

    private List<Entry> Entries { get; init; } = [];

    private List<Move> Moves { get; init; } = [];

    private List<Decided> Decisions { get; init; } = [];

    private List<Said> Saids { get; init; } = [];

    private Dictionary<long, Asked> Promotions { get; init; } = [];

    private Dictionary<long, string> Stages { get; init; } = [];

    private HashSet<long> Leads { get; init; } = [];

    private string? ChainProblem { get; init; }

    private long? Champion { get; init; }

    public IEnumerable<string> DoneActions => Entries.Where(entry => entry.IsDone).Select(entry => entry.Action).Distinct();

    public static async Task<History> ReadAsync(Database database)
    {
        var problem = (await AuditVerification.VerifyAsync(database, CancellationToken.None)).Problem;
        return await database.ReadAsync(async reader => new History
        {
            ChainProblem = problem,
            Entries = await ListAsync(reader, $"select seq, action, outcome, entry from audit order by seq", row => Entry.Read(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetFieldValue<byte[]>(3))),
            Moves = await ListAsync(reader, $"select seq, version, from_stage, to_stage from transitions order by seq, from_stage desc", row => new Move(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3))),
            Decisions = await ListAsync(reader, $"select seq, version, stage, kind, promotion, digest, gates from decisions order by seq", row =>
                new Decided(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetInt64(4), row.IsDBNull(5) ? null : row.GetString(5), JsonNode.Parse(row.GetString(6))!.AsArray())),
            Saids = await ListAsync(reader, $"select seq, promotion, approver, verdict, digest from approvals order by seq", row => new Said(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetString(3), row.GetString(4))),
            Promotions = (await ListAsync(reader, $"select id, version, stage, state, requester from promotions order by id", row => new Asked(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetInt64(4)))).ToDictionary(asked => asked.Id),
            Stages = (await ListAsync(reader, $"select id, stage from model_versions", row => (Id: row.GetInt64(0), Stage: row.GetString(1)))).ToDictionary(version => version.Id, version => version.Stage),
            Leads = [.. await ListAsync(reader, $"select m.member from group_members m join user_groups g on g.id = m.user_group where g.name = 'leads'", row => row.GetInt64(0))],
            Champion = await reader.FindAsync($"select version from model_aliases where alias = 'champion'", row => (long?)row.GetInt64(0), CancellationToken.None),
        }, CancellationToken.None);
    }

    /// <param name="limits">How many versions a stage may hold.</param>
    /// <param name="bounds">The least accuracy of each stage.</param>
    public void Check(IReadOnlyDictionary<string, int> limits, IReadOnlyDictionary<string, double> bounds)
    {
        Assert.Null(ChainProblem);
        CheckMoves(limits);
        CheckGrounds(bounds);
        CheckPromotions();
        Assert.Equal(Stages.Where(version => version.Value == "Production").Select(version => (long?)version.Key).SingleOrDefault(), Champion);
    }

    // Every version goes from where it was; at no entry are there more in a stage than it takes; and where all ended is where they are.
    private void CheckMoves(IReadOnlyDictionary<string, int> limits)
    {
        var now = Stages.Keys.ToDictionary(version => version, _ => "None");
        foreach (var step in Moves.GroupBy(move => move.Sequence))
        {
            Assert.True(Entries[(int)step.Key - 1] is { IsDone: true, Action: "version.transition" or "version.rollback" or "promotion.complete" or "promotion.reject" or "alias.set" }, $"Entry {step.Key} moved a version.");
            foreach (var move in step)
            {
                Assert.Equal(now[move.Version], move.From);
                now[move.Version] = move.To;
            }

            foreach (var (stage, most) in limits)
            {
                Assert.True(now.Values.Count(held => held == stage) <= most, $"After entry {step.Key} more than {most} are in {stage}.");
            }
        }

        Assert.Equal(now, Stages);
    }

    // Into a governed stage leads a decision of the same entry, whose gates were met by evidence that is on record, or a way back.
    private void CheckGrounds(IReadOnlyDictionary<string, double> bounds)
    {
        var held = new HashSet<(long Version, string Stage)>();
        foreach (var move in Moves.Where(move => bounds.ContainsKey(move.To)))
        {
            var decided = Assert.Single(Decisions, decision => decision.Sequence == move.Sequence && decision.Version == move.Version && decision.Stage == move.To);
            if (decided.Kind == "rollback")
            {
                Assert.Contains((move.Version, move.To), held);
            }
            else
            {
                Assert.All(decided.Gates, gate => Assert.True(gate!["met"]!.GetValue<bool>(), gate.ToString()));
                var accuracy = decided.Gates.Single(gate => gate!["gate"]!.GetValue<string>() == "metric accuracy")!["measured"]!.GetValue<string>();
                Assert.True(double.Parse(accuracy, CultureInfo.InvariantCulture) >= bounds[move.To], $"Entry {move.Sequence} let {accuracy} into {move.To}.");
                CheckApprovals(decided);
            }

            held.Add((move.Version, move.To));
        }
    }

    private void CheckApprovals(Decided decided)
    {
        if (decided.Stage != "Production")
        {
            return;
        }

        var promotion = Promotions[decided.Promotion!.Value];
        Assert.Equal((decided.Version, decided.Stage), (promotion.Version, promotion.Stage));
        Assert.Contains(Saids, said => said.Promotion == promotion.Id && said.Sequence < decided.Sequence && said.Verdict == "approved"
            && said.Digest == decided.Digest && said.Approver != promotion.Requester && Leads.Contains(said.Approver));
    }

    // A promotion begins once, ends once, nothing is said to it afterwards, and no two ask for the same at the same time.
    private void CheckPromotions()
    {
        var open = new Dictionary<(long, string), long>();
        var over = new HashSet<long>();
        foreach (var entry in Entries.Where(entry => entry.IsDone))
        {
            if (entry.Action == "version.rollback")
            {
                // Whoever asked for what the rollback brought about need not wait for it.
                foreach (var move in Moves.Where(move => move.Sequence == entry.Sequence))
                {
                    if (open.Remove((move.Version, move.To), out var needless))
                    {
                        over.Add(needless);
                    }
                }
            }

            if (entry.Promotion is not { } id || entry.Action == "version.rollback")
            {
                continue;
            }

            var promotion = Promotions[id];
            var what = (promotion.Version, promotion.Stage);
            Assert.DoesNotContain(promotion.Id, over);
            Assert.Equal(promotion.Id, open.TryGetValue(what, out var known) ? known : open[what] = promotion.Id);
            if (Terminal.Contains(entry.Action) || entry.Action is "version.transition" or "alias.set")
            {
                over.Add(promotion.Id);
                open.Remove(what);
            }
        }

        Assert.All(Promotions.Values, promotion => Assert.True(promotion.State is "requested" or "checking" or "awaiting_approval" or "approved" ^ over.Contains(promotion.Id), $"Promotion {promotion.Id} is {promotion.State}."));
    }

    private static async Task<List<T>> ListAsync<T>(Reader reader, Sql sql, Func<System.Data.Common.DbDataReader, T> map) => await reader.ListAsync(sql, map, CancellationToken.None);

    private sealed record Entry(long Sequence, string Action, bool IsDone, long? Promotion)
    {
        public static Entry Read(long sequence, string action, string outcome, byte[] bytes) =>
            new(sequence, action, outcome == "done", JsonNode.Parse(bytes)!["promotion"]?.GetValue<string>() is { } id ? long.Parse(id, CultureInfo.InvariantCulture) : null);
    }

    private sealed record Move(long Sequence, long Version, string From, string To);

    private sealed record Decided(long Sequence, long Version, string Stage, string Kind, long? Promotion, string? Digest, JsonArray Gates);

    private sealed record Said(long Sequence, long Promotion, long Approver, string Verdict, string Digest);

    private sealed record Asked(long Id, long Version, string Stage, string State, long Requester);
}
