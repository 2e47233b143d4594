using Slipway.Store.Auditing;
using Slipway.Testing;
using Xunit;
using static Slipway.Store.Tests.OnPostgres.CuttingProxy;

namespace Slipway.Store.Tests.OnPostgres;

/// <summary>What is promised when the connection dies during a commit, and nobody knows whether it took effect.</summary>
[Needs("postgres")]
public sealed class LostCommitTests : IAsyncLifetime
{
    private CuttingProxy _proxy = null!;
    private OpenStore _store = null!;

    public async Task InitializeAsync()
    {
        var fresh = await Fresh.PostgresAsync();
        _proxy = new CuttingProxy(fresh);
        _store = await OpenStore.OnAsync(() => Task.FromResult(fresh), new StoreSetup { Through = _proxy.ConnectionString, Time = new HurriedTime() });
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await _proxy.DisposeAsync();
    }

    [PromiseTheory]
    [InlineData("BeforeCommit")]
    [InlineData("AfterCommit")]
    public async Task A_change_is_looked_up_and_answered_and_made_once(string cut)
    {
        var applied = 0;
        _proxy.CutNext(Enum.Parse<Cut>(cut));

        Assert.Equal("iris", await _store.MakeAsync(new WriteNote("iris") { Then = (_, _) => Task.FromResult(++applied) }));

        Assert.Equal(1, _proxy.Cuts);
        Assert.Equal(cut == "AfterCommit" ? 1 : 2, applied);
        Assert.Equal(["iris"], await _store.NotesAsync());
        Assert.Equal(["iris"], (await _store.ColumnAsync($"select resource from audit")).Select(resource => resource["notes/".Length..]));
        Assert.Equal(new AuditFinding(1, null), await _store.VerifyAsync());
    }

    [PromiseTheory]
    [InlineData("BeforeCommit")]
    [InlineData("AfterCommit")]
    public async Task Each_change_of_a_group_is_answered_by_its_own_fate(string cut)
    {
        List<Task<string>> changes;
        await using (await _store.HoldChangesAsync())
        {
            changes =
            [
                _store.MakeAsync(new WriteNote("a")),
                _store.MakeAsync(new WriteNote("b") { Then = (_, _) => throw Fault.Invalid("No.") }),
                _store.MakeAsync(new WriteNote("c") { Then = (_, _) => throw new RefusedException("Not now.") }),
                _store.MakeAsync(new WriteNote("d")),
            ];
            _proxy.CutNext(Enum.Parse<Cut>(cut));
        }

        Assert.Equal("a", await changes[0]);
        await Assert.ThrowsAsync<Fault>(() => changes[1]);
        await Assert.ThrowsAsync<RefusedException>(() => changes[2]);
        Assert.Equal("d", await changes[3]);
        Assert.Equal(1, _proxy.Cuts);
        Assert.Equal(["a", "d"], await _store.NotesAsync());
        Assert.Equal(new AuditFinding(3, null), await _store.VerifyAsync());
    }

    [PromiseTheory]
    [InlineData("BeforeCommit")]
    [InlineData("AfterCommit")]
    public async Task A_change_is_looked_up_again_while_the_server_is_away(string cut)
    {
        _proxy.CutNext(Enum.Parse<Cut>(cut), refusals: 2);

        Assert.Equal("iris", await _store.MakeAsync(new WriteNote("iris")));

        Assert.Equal(["iris"], await _store.NotesAsync());
        Assert.Equal(new AuditFinding(1, null), await _store.VerifyAsync());
    }

    [PromiseTheory]
    [InlineData("BeforeCommit", 0)]
    [InlineData("AfterCommit", 0)]
    [InlineData("BeforeCommit", 2)]
    [InlineData("AfterCommit", 2)]
    public async Task A_write_of_the_hot_path_is_looked_up_too_and_done_once(string cut, int refusals)
    {
        var written = 0;
        _proxy.CutNext(Enum.Parse<Cut>(cut), refusals);

        Assert.True(await _store.Ingest.WriteAsync((writer, token) => Notes.AddAsync(writer, $"note {++written}", token), CancellationToken.None));

        Assert.Equal(1, _proxy.Cuts);
        Assert.Equal([cut == "AfterCommit" ? "note 1" : "note 2"], await _store.NotesAsync());
    }

    [Promise]
    public async Task What_nobody_can_know_is_not_tried_again_and_said()
    {
        _proxy.CutNext(Cut.AfterCommit, refusals: int.MaxValue);
        var change = await Assert.ThrowsAnyAsync<Fault>(() => _store.MakeAsync(new WriteNote("iris")));
        _proxy.CutNext(Cut.Nothing);
        await _store.MakeAsync(new WriteNote("next"));
        _proxy.CutNext(Cut.AfterCommit, refusals: int.MaxValue);
        var write = await Assert.ThrowsAnyAsync<Fault>(() => _store.Ingest.WriteAsync((writer, token) => Notes.AddAsync(writer, "rose", token), CancellationToken.None));
        _proxy.CutNext(Cut.Nothing);

        Assert.All([change, write], fault => Assert.Equal(FaultKind.Unavailable, fault.Kind));
        Assert.All([change, write], fault => Assert.Contains("not known whether", fault.Message, StringComparison.Ordinal));
        Assert.Equal(["iris", "next", "rose"], await _store.NotesAsync());
        Assert.Equal(new AuditFinding(2, null), await _store.VerifyAsync());
    }
}
