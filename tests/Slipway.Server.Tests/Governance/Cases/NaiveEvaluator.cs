using System.Globalization;

namespace Slipway.Server.Tests.Governance.Cases;

/// <summary>Says of each gate whether it is met, and who leaves, in the plainest way and without a database.</summary>
internal sealed class NaiveEvaluator(World world)
{
    /// <summary>The names of the gates with their verdicts.</summary>
    public SortedDictionary<string, bool> Judge(CaseVersion version, Rules rules, bool isLooked)
    {
        var verdicts = new SortedDictionary<string, bool>(StringComparer.Ordinal);
        foreach (var (key, min, max, equal) in rules.Bound)
        {
            verdicts[$"metric {key}"] = Metric(version, key) is { } value && !(min > value) && !(max < value) && (equal is null || equal == value);
        }

        foreach (var (key, against, higher, tolerance) in rules.Compared)
        {
            var others = Holders(version.Model, against).Where(other => other != version);
            verdicts[$"metric {key} against {against}"] = Metric(version, key) is { } own
                && others.All(other => Metric(other, key) is { } theirs && (higher ? theirs - own : own - theirs) <= tolerance);
        }

        foreach (var (key, value) in rules.Tags)
        {
            verdicts[$"tag {key}"] = version.Tags.TryGetValue(key, out var found) && found.Length > 0 && (value is null || found == value);
        }

        foreach (var test in rules.Tests)
        {
            verdicts[$"test {test}"] = version.Tests.Where(result => result.Name == test).Select(result => result.Outcome).LastOrDefault() == "passed";
        }

        if (rules.Previous is { } previous)
        {
            verdicts["stage"] = version.Stage == previous;
        }

        if (rules.Hours is { } hours)
        {
            verdicts[$"time in {rules.Previous}"] = version.Stage == rules.Previous && version.Moves[^1].At <= World.Now - hours * 3_600_000L;
        }

        if (rules.AsksVersion)
        {
            verdicts["semantic version in the tag version"] = IsNewest(version, rules.Stage);
        }

        if (rules.Refuses && !Archives(rules))
        {
            verdicts["other versions in the stage"] = Holders(version.Model, rules.Stage).Count(other => other != version) < rules.Limit;
        }

        verdicts["artifacts"] = isLooked && version.Manifest is not null && version.Observed > 2;
        verdicts["revocation"] = !version.IsRevoked;
        return verdicts;
    }

    /// <summary>The numbers of those that would leave.</summary>
    public List<long> Leaving(CaseVersion version, Rules rules)
    {
        var others = Holders(version.Model, rules.Stage).Where(other => other != version).OrderBy(other => other.Moves[^1].Order).ToList();
        var keep = Archives(rules) ? 0 : rules.Limit is { } limit && !rules.Refuses ? limit - 1 : others.Count;
        return [.. others.Take(Math.Max(others.Count - keep, 0)).Select(other => other.Number).Order()];
    }

    private static bool Archives(Rules rules) => rules.Archive ?? rules.Limit is null;

    private static double? Metric(CaseVersion version, string key)
    {
        var counts = version is { RunExists: true, RunDeleted: false, NamesRun: true, Place: 0 or 1 or 2 };
        return counts && version.Metrics.TryGetValue(key, out var value) && !double.IsNaN(value) ? value : null;
    }

    private IEnumerable<CaseVersion> Holders(long model, string stage) => world.Versions.Where(other => other.Model == model && other.Stage == stage);

    private bool IsNewest(CaseVersion version, string stage)
    {
        if (Number(version) is not { } own)
        {
            return false;
        }

        foreach (var other in world.Versions.Where(other => other.Model == version.Model && other != version))
        {
            if (Number(other) is not { } theirs)
            {
                continue;
            }

            var wasThere = other.Stage == stage || other.Moves.Exists(move => move.To == stage || move.From == stage);
            if ((other.Stage is not null && theirs == own) || (wasThere && theirs >= own))
            {
                return false;
            }
        }

        return true;
    }

    // The values at hand have parts of at most two digits, so that one number orders them.
    private static long? Number(CaseVersion version)
    {
        var parts = version.Tags.GetValueOrDefault("version", "").Split('.');
        if (parts.Length != 3 || parts.Any(part => part.Length == 0 || (part.Length > 1 && part[0] == '0')))
        {
            return null;
        }

        return parts.Aggregate(0L, (sum, part) => sum * 1000 + long.Parse(part, CultureInfo.InvariantCulture));
    }
}
