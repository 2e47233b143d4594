using System.Globalization;
using Slipway.Wire.Auditing;

namespace Slipway.Server.Auditing;

/// <summary>Takes the entries of a model in their order, and knows after each what they came to.</summary>
internal sealed class ModelFold
{
    private readonly Dictionary<string, List<Stay>> _stays = [];
    private readonly Dictionary<string, string> _aliases = [];
    private readonly Dictionary<string, Yeses> _promotions = [];

    public IReadOnlyList<AliasPast> Aliases =>
        [.. _aliases.OrderBy(alias => alias.Key, StringComparer.Ordinal).Select(alias => new AliasPast(alias.Key, alias.Value))];

    /// <summary>The versions that are there, by number.</summary>
    public IReadOnlyList<VersionPast> Versions =>
        [.. _stays.Where(stays => stays.Value[^1].To is null).OrderBy(stays => long.Parse(stays.Key, CultureInfo.InvariantCulture)).Select(stays => Of(stays.Key, stays.Value[^1]))];

    /// <summary>Every stage that a version was in, from the first on; nothing when there never was such a version.</summary>
    public IReadOnlyList<Stay> StaysOf(string version) => _stays.GetValueOrDefault(version) ?? [];

    public void Take(AuditRecord entry)
    {
        if (entry.Promotion is { } promotion)
        {
            TakePromotion(entry, promotion);
        }

        foreach (var effect in entry.Effects ?? [])
        {
            if (effect.Alias is not null)
            {
                TakeAlias(effect);
            }
            else if (effect.Stage is null)
            {
                TakeDeletion(entry, effect.Version!);
            }
            else
            {
                TakeStage(entry, effect.Version!, effect.Stage);
            }
        }
    }

    private static VersionPast Of(string version, Stay stay) => new(version, stay.Stage, stay.From, stay.By, stay.Action, stay.Sequence)
    {
        Promotion = stay.Promotion,
        Approvals = stay.Approvals,
    };

    private void TakePromotion(AuditRecord entry, string promotion)
    {
        var yeses = _promotions.TryGetValue(promotion, out var known) ? known : _promotions[promotion] = new Yeses();
        yeses.Digest = AuditJson.Text(entry.After, "digest") ?? yeses.Digest;
        if (entry.Action == "promotion.approve")
        {
            yeses.Given[entry.Actor] = (yeses.Digest, new ApprovalPast(entry.Actor, entry.Time, entry.Sequence, AuditJson.Text(entry.After, "comment")));
        }
    }

    private void TakeAlias(AuditEffect effect)
    {
        if (effect.Version is null)
        {
            _aliases.Remove(effect.Alias!);
        }
        else
        {
            _aliases[effect.Alias!] = effect.Version;
        }
    }

    private void TakeDeletion(AuditRecord entry, string version)
    {
        End(entry, version);
        foreach (var alias in _aliases.Where(alias => alias.Value == version).Select(alias => alias.Key).ToList())
        {
            _aliases.Remove(alias);
        }
    }

    private void TakeStage(AuditRecord entry, string version, string stage)
    {
        var stays = _stays.TryGetValue(version, out var known) ? known : _stays[version] = [];
        if (stays.Count > 0 && stays[^1].Stage == stage && stays[^1].To is null)
        {
            return;
        }

        End(entry, version);
        stays.Add(new Stay(stage, entry.Time, entry.Actor, entry.Action, entry.Sequence)
        {
            Promotion = entry.Promotion,
            Approvals = entry.Promotion is { } promotion && _promotions[promotion].Counted is { Count: > 0 } counted ? counted : null,
        });
    }

    private void End(AuditRecord entry, string version)
    {
        if (_stays.TryGetValue(version, out var stays) && stays.Count > 0 && stays[^1].To is null)
        {
            stays[^1] = stays[^1] with { To = entry.Time, EndedBy = entry.Actor, EndedAction = entry.Action, EndedSequence = entry.Sequence };
        }
    }

    /// <summary>Who said yes to a promotion, and to what.</summary>
    private sealed class Yeses
    {
        /// <summary>Of the evidence as it was last.</summary>
        public string? Digest { get; set; }

        public Dictionary<string, (string? Digest, ApprovalPast Approval)> Given { get; } = [];

        /// <summary>Those that have not lapsed.</summary>
        public IReadOnlyList<ApprovalPast> Counted =>
            [.. Given.Values.Where(given => given.Digest == Digest).Select(given => given.Approval).OrderBy(approval => approval.Sequence)];
    }
}
