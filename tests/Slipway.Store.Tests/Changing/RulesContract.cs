using Slipway.Store.Auditing;
using Slipway.Testing;
using Xunit;

namespace Slipway.Store.Tests.Changing;

/// <summary>What the seam promises through which features have a say in each other's changes.</summary>
public abstract class RulesContract(Func<Task<Fresh>> freshDatabase) : IAsyncLifetime
{
    private readonly Rule _first = new();
    private readonly Rule _second = new();
    private OpenStore _store = null!;

    public async Task InitializeAsync() => _store = await OpenStore.OnAsync(freshDatabase, new StoreSetup { Rules = [_first, _second] });

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Promise]
    public async Task Every_rule_is_asked_before_and_after_each_change_in_order()
    {
        var asked = new List<string>();
        _first.Before = (_, request) => Note("first before", request);
        _second.Before = (_, request) => Note("second before", request);
        _first.After = (_, request) => Note("first after", request);
        _second.After = (_, request) => Note("second after", request);

        await _store.MakeAsync(new WriteNote("iris") { Then = (_, _) => Add("applied") });

        Assert.Equal(
            ["first before note.write notes/iris", "second before note.write notes/iris", "applied", "first after note.write notes/iris", "second after note.write notes/iris"],
            asked);

        Task Note(string what, ChangeRequest request) => Add($"{what} {request.Action} {request.Resource}");

        Task Add(string what)
        {
            asked.Add(what);
            return Task.CompletedTask;
        }
    }

    [Promise]
    public async Task A_rule_sees_the_effect_afterwards_that_nobody_else_sees_yet()
    {
        var seen = new List<long>();
        _first.Before = CountAsync;
        _first.After = async (change, request) =>
        {
            await CountAsync(change, request);
            seen.Add((await _store.NotesAsync()).Count);
        };

        await _store.MakeAsync(new WriteNote("iris"));

        Assert.Equal([0, 1, 0], seen);

        async Task CountAsync(Change change, ChangeRequest request) => seen.Add(await Notes.CountAsync(change, CancellationToken.None));
    }

    [Promise]
    public async Task What_a_rule_writes_and_announces_belongs_to_the_change()
    {
        _first.After = async (change, _) =>
        {
            await Notes.AddAsync(change, "from the rule", CancellationToken.None);
            change.Announce("rule.spoke", "{}");
        };

        await _store.MakeAsync(new WriteNote("iris"));

        Assert.Equal(["from the rule", "iris"], await _store.NotesAsync());
        Assert.Equal(["note.written", "rule.spoke"], await _store.ColumnAsync($"select topic from outbox order by seq, ordinal"));
    }

    [Promise]
    public async Task A_rule_may_refuse_beforehand_and_nothing_is_applied()
    {
        var applied = false;
        _second.Before = (_, _) => throw new RefusedException("frozen until Monday");

        await Assert.ThrowsAsync<RefusedException>(() => _store.MakeAsync(new WriteNote("iris") { Then = (_, _) => Task.FromResult(applied = true) }));

        Assert.False(applied);
        await AssertRefusedAsync();
    }

    [Promise]
    public async Task A_rule_may_refuse_afterwards_and_everything_is_taken_back()
    {
        _first.After = async (change, _) => await Notes.AddAsync(change, "from the rule", CancellationToken.None);
        _second.After = (_, _) => throw new RefusedException("frozen until Monday");

        await Assert.ThrowsAsync<RefusedException>(() => _store.MakeAsync(new WriteNote("iris")));

        await AssertRefusedAsync();
    }

    private async Task AssertRefusedAsync()
    {
        Assert.Empty(await _store.NotesAsync());
        Assert.Empty(await _store.ColumnAsync($"select topic from outbox"));
        Assert.Equal(["refused"], await _store.ColumnAsync($"select outcome from audit"));
        Assert.Equal(new AuditFinding(1, null), await _store.VerifyAsync());
    }

    private sealed class Rule : IRule
    {
        public Func<Change, ChangeRequest, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

        public Func<Change, ChangeRequest, Task> After { get; set; } = (_, _) => Task.CompletedTask;

        public Task BeforeAsync(Change change, ChangeRequest request, CancellationToken cancellationToken) => Before(change, request);

        public Task AfterAsync(Change change, ChangeRequest request, CancellationToken cancellationToken) => After(change, request);
    }
}

public sealed class RulesOnSqlite() : RulesContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class RulesOnPostgres() : RulesContract(Fresh.PostgresAsync);
