using System.Text.Json;

namespace Slipway.Wire;

/// <summary>How the values of enums are called on the wire.</summary>
public static class WireEnum
{
    /// <summary>The name in capitals with underscores: <c>ActiveOnly</c> is <c>ACTIVE_ONLY</c>.</summary>
    /// <param name="value">The value.</param>
    public static string NameOf<T>(T value)
        where T : struct, Enum => Names<T>.Of[value];

    private static class Names<T>
        where T : struct, Enum
    {
        public static readonly Dictionary<T, string> Of = Enum.GetValues<T>().ToDictionary(value => value, value => JsonNamingPolicy.SnakeCaseUpper.ConvertName(value.ToString()));
    }
}
