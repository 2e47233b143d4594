namespace Slipway.Server.Tests.Datasets;

/// <summary>Files with a few bytes lost, added or cut off, by chance.</summary>
internal static class Damage
{
    public const string Csv = "id,name,\"a \"\"b\"\"\"\n1,\"x,\ny\",2024-01-01\r\n2,,1.5e3\n-3,é🐎,nan\n";
    public const string JsonLines = "{\"a\":1,\"b\":[1.5,{\"x\":\"\\u00e9\\n\"}],\"c\":null}\n{\"a\":-2e3,\"d\":\"2024-01-01T10:00:00Z\",\"b\":true}\n";

    // Bytes that mean something to one of the readers.
    private static readonly byte[] _telling = [.. "\"',;\t\n\r\\{}[]:0.eE-"u8, 0, 0x80, 0xC3, 0xED, 0xFE, 0xFF];

    public static byte[] To(byte[] content, Random random)
    {
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            var at = random.Next(content.Length);
            content = random.Next(3) switch
            {
                0 => [.. content[..at], .. content[(at + 1)..]],
                1 => [.. content[..at], _telling[random.Next(_telling.Length)], .. content[at..]],
                _ => content[..Math.Max(at, 1)],
            };
        }

        return content;
    }
}
