using System.Globalization;

namespace Slipway.Server.Governance.Gates;

/// <summary>MAJOR.MINOR.PATCH, three numbers without leading zeros.</summary>
internal sealed record SemanticVersion(long Major, long Minor, long Patch)
{
    public static SemanticVersion? Find(string text) =>
        text.Split('.') is [var major, var minor, var patch] && Number(major) is { } first && Number(minor) is { } second && Number(patch) is { } third
            ? new SemanticVersion(first, second, third)
            : null;

    /// <summary>What orders them.</summary>
    public (long Major, long Minor, long Patch) Rank => (Major, Minor, Patch);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}");

    private static long? Number(string text) =>
        (text.Length == 1 || !text.StartsWith('0')) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
