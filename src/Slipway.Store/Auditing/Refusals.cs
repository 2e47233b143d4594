namespace Slipway.Store.Auditing;

/// <summary>
/// Who was refused something lately. One entry a minute for each person and address, failed logins apart, so that nobody can
/// flood the log; what is refused meanwhile is counted, and told by their next entry.
/// </summary>
/// <remarks>Used by one group of changes at a time; only <see cref="IsOwing"/> may be asked by others.</remarks>
internal sealed class Refusals
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>More than so many people and addresses within a minute share one entry.</summary>
    private const int Capacity = 256;

    private readonly Dictionary<RefusalKey, RefusalCount> _counts = [];
    private volatile bool _isOwing;

    /// <summary>Whether something was counted that no entry tells yet.</summary>
    public bool IsOwing => _isOwing;

    /// <summary>What one transaction sees and adds; nothing of it is kept before it is committed.</summary>
    public RefusalTally Begin() => new(this);

    internal RefusalCount? Find(RefusalKey key) => _counts.GetValueOrDefault(key);

    internal IEnumerable<KeyValuePair<RefusalKey, RefusalCount>> Owing => _counts.Where(count => count.Value.Counted > 0);

    internal bool HasRoom(int more, long at)
    {
        if (_counts.Count + more < Capacity)
        {
            return true;
        }

        foreach (var key in _counts.Where(count => count.Value.Counted == 0 && !count.Value.IsRecent(at)).Select(count => count.Key).ToList())
        {
            _counts.Remove(key);
        }

        return _counts.Count + more < Capacity;
    }

    internal void Keep(IReadOnlyDictionary<RefusalKey, RefusalCount> changed)
    {
        foreach (var (key, count) in changed)
        {
            _counts[key] = count;
        }

        _isOwing = _counts.Values.Any(count => count.Counted > 0);
    }
}

/// <summary>The refusals of one transaction.</summary>
internal sealed class RefusalTally(Refusals kept)
{
    private readonly Dictionary<RefusalKey, RefusalCount> _changed = [];

    /// <summary>How many refusals the entry stands for that is to be written now; null when this one is only counted.</summary>
    public long? Take(Refusal refusal, long at)
    {
        var key = KeyOf(refusal, at);
        var before = Find(key);
        if (before is not null && before.IsRecent(at))
        {
            _changed[key] = before with { Counted = before.Counted + refusal.Times, Last = refusal };
            return null;
        }

        _changed[key] = new RefusalCount(at, 0, null);
        return (before?.Counted ?? 0) + refusal.Times;
    }

    /// <summary>Takes out what was counted and has waited for its minute; all of it at the end.</summary>
    public IReadOnlyList<RefusalCount> TakeOwing(long at, bool all)
    {
        var owing = kept.Owing.Where(count => !_changed.ContainsKey(count.Key)).Concat(_changed.Where(count => count.Value.Counted > 0))
            .Where(count => all || !count.Value.IsRecent(at))
            .ToList();
        foreach (var (key, _) in owing)
        {
            _changed[key] = new RefusalCount(at, 0, null);
        }

        return [.. owing.Select(count => count.Value)];
    }

    public void Commit() => kept.Keep(_changed);

    private RefusalKey KeyOf(Refusal refusal, long at)
    {
        var key = new RefusalKey(refusal.Actor.Name, refusal.Actor.Address, refusal.Action == Refusal.FailedLogin);
        return Find(key) is not null || kept.HasRoom(_changed.Count, at) ? key : RefusalKey.Others;
    }

    private RefusalCount? Find(RefusalKey key) => _changed.GetValueOrDefault(key) ?? kept.Find(key);
}

/// <summary>Something that was refused.</summary>
internal sealed record Refusal(Actor Actor, string Action, string Resource, string Reason)
{
    public const string FailedLogin = "login.fail";

    /// <inheritdoc cref="RefusedException.Times"/>
    public long Times { get; init; } = 1;
}

/// <summary>Whose refusals are counted together.</summary>
internal readonly record struct RefusalKey(string Actor, string? Address, bool IsLogin)
{
    public static readonly RefusalKey Others = new("", null, IsLogin: false);
}

/// <summary>When an entry was written for somebody, and what was refused them since.</summary>
internal sealed record RefusalCount(long WrittenAt, long Counted, Refusal? Last)
{
    public bool IsRecent(long at) => at - WrittenAt < (long)Refusals.Window.TotalMilliseconds;
}
