using System.Text;
using Xunit;

namespace Slipway.Server.Tests.Artifacts;

/// <summary>Names that must never be taken for a place in the artifact store.</summary>
public static class AttackPaths
{
    /// <summary>As they are after the HTTP layer's own decoding. Some are still encoded then.</summary>
    public static TheoryData<string> Decoded { get; } =
    [
        "/path", "/etc/passwd", "//etc/passwd", "../path", "../../path", "./../path", "path/../to/file", "path/../../to/file",
        "..", "a/..", "a/../../b", ".", "./a", "a/.", "a/./b", "a//b", "a//", "/",
        "%2E%2E%2Fpath", "%2E%2E%2F%2E%2E%2Fpath", "..%2fetc", "%2e%2e/etc", "..%252f..%252fetc",
        "%25252e%25252e%25252fetc", "%2%0952e%2%0952e/%2%0A52e%2%0A52e/path", "%2\t52e%2\t52e/%2\n52e%2\n52e/path",
        "file:///etc/passwd", "file:/etc/passwd", "file://a#/..//tmp", "file://a%23/..//tmp/", "/file://etc/passwd", "/file:c:/passwd",
        "FILE:etc/passwd", "a/file:b",
        "/etc/passwd%00.jpg", "/etc/passwd%00.html", "a%00b", "a\0b", "a%0ab", "a\nb", "a\rb", "a\u007fb", "a\u0085b", "a%23b", "a#b",
        "C:path", "C:/path", @"C:\path\to\file", "C:../path", "C:/Windows/../Windows/System32/", @"/Windows\../etc/passwd",
        @"..\path", @"..\..\path", @".\..\path", @"path\..\to\file", "a%5c..%5cb", @"\\server\share", @"\\?\C:\Windows", @"\\.\C:\x", @"\\127.0.0.1\c$\",
        "file://c:/boot.ini", "file:///d:/windows/repair/sam", "file:///proc/version", "/file://../windows/win.ini", @"::Windows\System32",
        "%c0%ae%c0%ae/etc", "%ff", "a%ed%a0%80b", Nested("../etc", 10), Nested("harmless name", 11), Nested("..", 3),
    ];

    /// <summary>The same as they are sent in a URL: as they stand where a URL can carry that, and encoded once.</summary>
    public static TheoryData<string> Raw
    {
        get
        {
            var raw = new TheoryData<string>();
            foreach (var path in Decoded)
            {
                raw.Add(Uri.EscapeDataString(path));
                if (path.All(character => char.IsAscii(character) && !char.IsControl(character) && character is not (' ' or '#' or '?')))
                {
                    raw.Add(path);
                }
            }

            return raw;
        }
    }

    private static string Nested(string path, int times)
    {
        for (var i = 0; i < times; i++)
        {
            path = string.Concat(Encoding.UTF8.GetBytes(path).Select(value => i == 0 || value == '%' ? $"%{value:x2}" : $"{(char)value}"));
        }

        return path;
    }
}
