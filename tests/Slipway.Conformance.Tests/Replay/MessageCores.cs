using System.Text.RegularExpressions;

namespace Slipway.Conformance.Tests.Replay;

/// <summary>The few sentences that clients look for in error messages. All other wording is free.</summary>
internal static partial class MessageCores
{
    /// <summary>What of the recorded message must stand in ours, too; null if its wording is free.</summary>
    public static string? Of(string message) => Cores().Match(message) is { Success: true } core ? core.Value : null;

    // W-14; T-7; artifacts §5; artifacts §3; registry §9.
    [GeneratedRegex("""
        Missing\ value\ for\ required\ parameter\ '[^']*'
        | must\ be\ in\ the\ 'active'\ state
        | ^Invalid\ path
        | ^Multipart\ upload\ is\ not\ supported\ for\ the\ current\ artifact\ repository
        | Registered\ Model\ \(name=[^)]*\)\ already\ exists
        | Registered\ model\ alias\ .*\ not\ found
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Cores();
}
