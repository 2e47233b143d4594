namespace Slipway.Serving.Pickles;

/// <summary>Scans the files of a model.</summary>
internal static class ModelScan
{
    private const int FileLimit = 10_000;

    /// <summary>The reports of all files that are pickles by their names or first bytes, and of those that are named here.</summary>
    public static IReadOnlyDictionary<string, PickleReport> Folder(string root, IReadOnlyCollection<string> named, AllowedImports allowed)
    {
        var reports = new SortedDictionary<string, PickleReport>(StringComparer.Ordinal);
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };
        var files = 0;
        foreach (var path in Directory.EnumerateFiles(root, "*", options))
        {
            if (++files > FileLimit)
            {
                reports["…"] = new PickleReport(PickleForm.Plain, [], [new PickleFinding($"the model has more than {FileLimit} files", 0)]);
                break;
            }

            var relative = Path.GetRelativePath(root, path);
            using var file = File.OpenRead(path);
            if (named.Contains(relative) || PickleFile.IsLikely(relative, PickleFile.Head(file)))
            {
                reports[relative] = PickleFile.Scan(file, allowed);
            }
        }

        return reports;
    }

    /// <summary>One line for what is refused, at most so many of it; null when nothing is.</summary>
    public static string? Refusal(IEnumerable<KeyValuePair<string, PickleReport>> reports, int most = 5)
    {
        var findings = reports.SelectMany(report => report.Value.Findings.Select(finding => $"{report.Key}: {finding.Reason}")).Distinct().ToList();
        return findings.Count == 0 ? null : string.Join("; ", findings.Take(most)) + (findings.Count > most ? $"; and {findings.Count - most} more" : "");
    }
}
