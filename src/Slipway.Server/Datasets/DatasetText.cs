using Slipway.Server.Checks;
using Slipway.Store;

namespace Slipway.Server.Datasets;

/// <summary>What people may write about datasets.</summary>
internal static class DatasetText
{
    private const int Limit = 10_000;

    public static string? Check(string? text, string name) => string.IsNullOrEmpty(text) ? null : Text.Within(text, Limit, name);

    /// <summary>A word that can point to a version.</summary>
    /// <exception cref="Fault">It can't; the message says what is allowed.</exception>
    public static string CheckAlias(string alias) =>
        alias.Equals(DatasetReference.Latest, StringComparison.OrdinalIgnoreCase)
            ? throw Fault.Invalid($"'{alias}' can't be an alias: it always means the version of the highest precedence.")
            : DatasetReference.CheckWord(alias);
}
