using System.Text;
using Microsoft.AspNetCore.StaticFiles;

namespace Slipway.Server.Artifacts;

/// <summary>What a download says about a file, from its name alone. No browser shows it as a page.</summary>
internal static class ContentHeaders
{
    private const string PlainText = "text/plain";
    private const string AnyBytes = "application/octet-stream";

    private static readonly FileExtensionContentTypeProvider Known = new();

    private static readonly HashSet<string> TextExtensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".txt", ".log", ".err", ".cfg", ".conf", ".cnf", ".cf", ".ini", ".properties", ".prop", ".hocon", ".toml", ".yaml", ".yml",
        ".xml", ".json", ".js", ".py", ".py3", ".csv", ".tsv", ".md", ".rst",
    };

    public static string TypeOf(string name)
    {
        if (name is "MLmodel" or "MLproject" || TextExtensions.Contains(Path.GetExtension(name)))
        {
            return PlainText;
        }

        if (!Known.TryGetContentType(name, out var type))
        {
            return AnyBytes;
        }

        return CanRunScript(type) ? PlainText : type;
    }

    /// <summary>The header's value: the name as it is where that is safe, else quoted and encoded (RFC 6266, RFC 5987).</summary>
    public static string DispositionOf(string name)
    {
        if (name.All(IsTokenCharacter))
        {
            return $"attachment; filename={name}";
        }

        var plain = new StringBuilder(name.Length);
        foreach (var character in name)
        {
            plain.Append(char.IsAscii(character) && !char.IsControl(character) && character is not ('"' or '\\') ? character : '_');
        }

        return $"attachment; filename=\"{plain}\"; filename*=UTF-8''{Uri.EscapeDataString(name).Replace("'", "%27", StringComparison.Ordinal)}";
    }

    private static bool CanRunScript(string type) =>
        type.Contains("html", StringComparison.Ordinal) || type.EndsWith("xml", StringComparison.Ordinal) || type.Contains("script", StringComparison.Ordinal);

    private static bool IsTokenCharacter(char character) =>
        char.IsAsciiLetterOrDigit(character) || "!#$&+-.^_`|~".Contains(character, StringComparison.Ordinal);
}
