using System.Globalization;

namespace Slipway.Commands;

/// <summary>Times as the command line shows them.</summary>
internal static class TimeText
{
    public static string Of(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
