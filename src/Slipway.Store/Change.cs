using Slipway.Store.Auditing;

namespace Slipway.Store;

/// <summary>A change under way: its writes, its announcements and its audit entry commit together or not at all.</summary>
public sealed class Change : Writer
{
    private readonly List<OutboxEvent> _announced = [];

    internal Change(Session session, Dialect dialect, ChangeInfo info)
        : base(session, dialect) => Info = info;

    public ChangeInfo Info { get; }

    internal IReadOnlyList<OutboxEvent> Announced => _announced;

    internal string? Before { get; private set; }

    internal string? After { get; private set; }

    /// <summary>Tells those who listen, once the change is committed.</summary>
    public void Announce(string topic, string payload) =>
        _announced.Add(new OutboxEvent(Info.Sequence, _announced.Count, Info.At, topic, payload));

    /// <summary>Puts into the audit entry what was and what is, both as JSON.</summary>
    public void Record(string? before, string? after) => (Before, After) = (before, after);
}

/// <summary>What is known of a change before it is applied.</summary>
/// <param name="Id">Names it, so that its fate can be looked up.</param>
/// <param name="Actor">Who makes it.</param>
/// <param name="Sequence">The number of its audit entry.</param>
/// <param name="At">Its time in milliseconds, never below the one before.</param>
public sealed record ChangeInfo(string Id, Actor Actor, long Sequence, long At);
