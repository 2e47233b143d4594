namespace Slipway.Serving.Scoring;

/// <summary>Base64 as Python reads it: characters that don't belong to it are passed over.</summary>
internal static class LenientBase64
{
    public static byte[] Decode(string text, string what)
    {
        var kept = string.Concat(text.Where(character => char.IsAsciiLetterOrDigit(character) || character is '+' or '/' or '='));
        try
        {
            return Convert.FromBase64String(kept);
        }
        catch (FormatException)
        {
            throw JsonCast.Failed(what, ElementType.Bytes, "it is no base64.");
        }
    }
}
