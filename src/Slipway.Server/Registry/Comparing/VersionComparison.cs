using Slipway.Wire.Auditing;

namespace Slipway.Server.Registry.Comparing;

/// <summary>Sets two versions side by side.</summary>
internal static class VersionComparison
{
    public static VersionDiff Of(VersionContents a, VersionContents b) => new(
        a.Version.Name,
        RegistryEvents.Digits(a.Version.Version),
        RegistryEvents.Digits(b.Version.Version),
        [.. VersionContents.Sections.Select(section => Compare(section, a, b))]);

    private static DiffSection Compare(string section, VersionContents a, VersionContents b)
    {
        var (left, right) = (a.Of(section), b.Of(section));
        var all = left.Keys.Union(right.Keys).Order(StringComparer.Ordinal)
            .Select(key => new Difference(key, left.GetValueOrDefault(key), right.GetValueOrDefault(key)))
            .ToList();
        var different = all.Where(item => item.A != item.B).ToList();
        var notes = new[] { a.NoteOn(section), b.NoteOn(section) }.OfType<string>().Distinct().ToList();
        return new DiffSection(section, all.Count - different.Count, different) { Note = notes.Count == 0 ? null : string.Join("; ", notes) };
    }
}
