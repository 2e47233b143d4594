using Slipway.Store;

namespace Slipway.Server.Tests.Auditing;

/// <summary>A change that only tells something, as features do that are not under test here.</summary>
internal sealed record Told(string What, string To) : ChangeRequest<bool>
{
    public override string Action => What;

    public override string Resource => To;

    public string? Promotion { get; init; }

    public string? After { get; init; }

    public IReadOnlyList<string> Effects { get; init; } = [];

    public Func<Change, Task> Then { get; init; } = _ => Task.CompletedTask;

    public override async Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        change.Promotion = Promotion;
        change.Record(null, After);
        Effects.ToList().ForEach(change.Effect);
        await Then(change);
        return true;
    }

    public async Task MakeAsync(Database database, string actor)
    {
        await using var changes = new Changes(database, [], TimeProvider.System);
        await changes.MakeAsync(new Actor(actor, "token", null), this, CancellationToken.None);
    }
}
