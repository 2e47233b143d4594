using Slipway.Store.Auditing;

namespace Slipway.Store;

/// <summary>A change under way: its writes, its announcements and its audit entry commit together or not at all.</summary>
public sealed class Change : Writer
{
    private readonly List<OutboxEvent> _announced = [];
    private readonly List<string> _about = [];
    private readonly List<string> _effects = [];
    private readonly Dictionary<Type, object> _items = [];

    internal Change(Session session, Dialect dialect, ChangeInfo info)
        : base(session, dialect) => Info = info;

    public ChangeInfo Info { get; }

    internal IReadOnlyList<OutboxEvent> Announced => _announced;

    /// <summary>The promotion that the change belongs to, for its audit entry.</summary>
    public string? Promotion { get; set; }

    internal IReadOnlyList<string> AlsoAbout => _about;

    internal IReadOnlyList<string> Effects => _effects;

    internal string? Before { get; private set; }

    internal string? After { get; private set; }

    /// <summary>Tells those who listen, once the change is committed.</summary>
    public void Announce(string topic, string payload) =>
        _announced.Add(new OutboxEvent(Info.Sequence, _announced.Count, Info.At, topic, payload));

    /// <summary>Names another resource that the change is about; its history tells of the change too.</summary>
    public void About(string resource)
    {
        if (!_about.Contains(resource))
        {
            _about.Add(resource);
        }
    }

    /// <summary>Puts into the audit entry, as JSON, a stage or an alias that is written: the past is told from these alone.</summary>
    public void Effect(string effect) => _effects.Add(effect);

    /// <summary>Leaves something for those who take part in the change after this: a rule for what it is asked about, or the other way round.</summary>
    public void Set<T>(T item)
        where T : class => _items[typeof(T)] = item;

    /// <summary>What was left for the change's other parts; null when nothing was.</summary>
    public T? Find<T>()
        where T : class => _items.TryGetValue(typeof(T), out var item) ? (T)item : null;

    /// <summary>Puts into the audit entry what was and what is, both as JSON.</summary>
    public void Record(string? before, string? after) => (Before, After) = (before, after);
}

/// <summary>What is known of a change before it is applied.</summary>
/// <param name="Id">Names it, so that its fate can be looked up.</param>
/// <param name="Actor">Who makes it.</param>
/// <param name="Sequence">The number of its audit entry.</param>
/// <param name="At">Its time in milliseconds, never below the one before.</param>
public sealed record ChangeInfo(string Id, Actor Actor, long Sequence, long At);
