using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Slipway.Store.Auditing;

/// <summary>Takes the entries from the first on, or of a part of the log, until one does not fit.</summary>
internal sealed class ChainWalk(CheckpointTrail trail)
{
    private string _hash = "";
    private long _begin;
    private long _entries;
    private long _confirmed;
    private string? _problem;

    public bool IsSound => _problem is null;

    /// <summary>The last entry that fits.</summary>
    public long Entries => _entries;

    /// <summary>Says that a part of the log is walked, which follows this entry.</summary>
    public void Begin(ChainEnd before)
    {
        if (_entries > 0 || before.Sequence < 1)
        {
            Stumble($"Entry {_entries + 1} is not what was written: another part begins there.");
            return;
        }

        (_begin, _entries, _confirmed, _hash) = (before.Sequence, before.Sequence, before.Sequence, before.Hash);
        if (trail.Find(_begin) is { } seen && seen.Hash != _hash)
        {
            Stumble(string.Create(CultureInfo.InvariantCulture, $"Entry {_begin}, which the part follows, is not the one that the checkpoint of {Text(seen.Time)} saw."));
        }
    }

    /// <param name="sequence">The number under which the entry was found.</param>
    /// <param name="entry">Its bytes.</param>
    /// <param name="hash">The hash that is kept with it.</param>
    /// <param name="check">Says what else is wrong with it.</param>
    public void Take(long sequence, byte[] entry, string hash, Func<JsonElement, string?>? check = null)
    {
        _problem ??= Check(sequence, entry, hash, check);
        if (_problem is null)
        {
            (_entries, _hash) = (sequence, hash);
            Confirm();
        }
    }

    /// <summary>Says that nothing can be read where the next entry should be.</summary>
    public void Stumble(string problem) => _problem ??= problem;

    /// <summary>Ends the walk at the last entry of a part, behind which the log goes on.</summary>
    public AuditFinding EndBefore(ChainEnd until)
    {
        RequireEnd(until);
        return Found(new AuditPart(_begin + 1, until.Sequence));
    }

    /// <summary>Ends the walk where the log says that it ends.</summary>
    public AuditFinding End(ChainEnd? end)
    {
        RequireEnd(end);
        if (trail.Last is { } last && last.Sequence > _entries)
        {
            _problem ??= string.Create(CultureInfo.InvariantCulture, $"Entry {_entries + 1} was cut off: the log ends at entry {_entries}, but the checkpoint of {Text(last.Time)} saw entry {last.Sequence}.");
        }

        return Found(_begin == 0 ? null : new AuditPart(_begin + 1, end?.Sequence ?? _entries));
    }

    private void RequireEnd(ChainEnd? end) => _problem ??= end is null || end.Sequence != _entries || end.Hash != _hash
        ? string.Create(CultureInfo.InvariantCulture, $"Entry {_entries + 1} is missing: the log ends at entry {_entries}, but its recorded end is entry {end?.Sequence}.")
        : null;

    private AuditFinding Found(AuditPart? part)
    {
        var seen = trail.Within(_begin, part?.Last ?? long.MaxValue);
        return new AuditFinding(_entries - _begin, _problem ?? trail.Problem) { Part = part, Checkpoints = seen.Count, LastCheckpoint = seen.Last };
    }

    private static string Text(long time) => DateTimeOffset.FromUnixTimeMilliseconds(time).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private string? Check(long sequence, byte[] entry, string hash, Func<JsonElement, string?>? check)
    {
        if (sequence != _entries + 1)
        {
            return $"Entry {_entries + 1} is missing: the next one is {sequence}.";
        }

        if (Convert.ToHexStringLower(SHA256.HashData(entry)) != hash)
        {
            return $"Entry {sequence} is not what was written: its bytes do not have its hash.";
        }

        try
        {
            using var json = JsonDocument.Parse(entry);
            var root = json.RootElement;
            return root.GetProperty("previous").GetString() != _hash || root.GetProperty("sequence").GetInt64() != sequence
                ? $"Entry {sequence} does not follow entry {sequence - 1}."
                : check?.Invoke(root);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return $"Entry {sequence} is not what was written: it is no entry.";
        }
    }

    private void Confirm()
    {
        if (trail.Find(_entries) is not { } seen)
        {
            return;
        }

        if (seen.Hash == _hash)
        {
            _confirmed = _entries;
            return;
        }

        _problem = string.Create(CultureInfo.InvariantCulture, $"Entry {_entries} is not the one that the checkpoint of {Text(seen.Time)} saw: the log was written anew from an entry between {_confirmed + 1} and {_entries} on.");
        _entries = _confirmed;
    }
}
