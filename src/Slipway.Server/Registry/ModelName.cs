using System.Globalization;
using Slipway.Server.Checks;
using Slipway.Store;

namespace Slipway.Server.Registry;

/// <summary>How models and versions are named in requests.</summary>
internal static class ModelName
{
    private const int Limit = 256;

    /// <summary>The name of a model that is to be.</summary>
    public static string CheckNew(string? name, string parameter)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            throw Fault.Invalid($"Missing value for required parameter '{parameter}'.");
        }

        Text.Within(name, Limit, parameter);
        return name.Contains('/', StringComparison.Ordinal) || name.Contains(':', StringComparison.Ordinal) || name == "." || name.StartsWith("..", StringComparison.Ordinal)
            ? throw Fault.Invalid($"Invalid model name: '{Text.Shorten(name)}'. It must not hold '/' or ':', be '.', or start with '..'.")
            : name;
    }

    /// <summary>A version's number; one that no version can have is simply not found.</summary>
    public static long Version(string? version)
    {
        var text = Require.Text(version, "version");
        var digits = text.AsSpan(text[0] is '-' or '+' ? 1 : 0);
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9'))
        {
            throw Fault.Invalid($"Model version must be an integer, got '{Text.Shorten(text)}'.");
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : -1;
    }
}
