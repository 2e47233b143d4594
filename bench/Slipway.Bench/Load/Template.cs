using System.Globalization;
using System.Text;

namespace Slipway.Bench.Load;

/// <summary>The bytes of a request. What differs from one to the next is written over what stood there, so its length never changes.</summary>
internal sealed class Template
{
    /// <summary>A run of these is a hole.</summary>
    private const char Mark = '#';

    private readonly byte[] _bytes;
    private readonly List<Range> _holes = [];

    private Template(string text)
    {
        _bytes = Encoding.ASCII.GetBytes(text);
        for (var start = text.IndexOf(Mark, StringComparison.Ordinal); start >= 0; start = text.IndexOf(Mark, _holes[^1].End.Value))
        {
            var end = start;
            while (end < text.Length && text[end] == Mark)
            {
                end++;
            }

            _holes.Add(start..end);
        }
    }

    public ReadOnlySpan<byte> Bytes => _bytes;

    public int Holes => _holes.Count;

    public int Width(int hole) => _holes[hole].End.Value - _holes[hole].Start.Value;

    public static Template Get(string target) => new($"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n");

    public static Template Post(string target, string json) => Send("POST", target, json);

    public static Template Put(string target, string json) => Send("PUT", target, json);

    private static Template Send(string method, string target, string json) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{method} {target} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n{json}"));

    /// <summary>Writes a number with leading zeros, so JSON takes it inside a text or behind another digit only.</summary>
    public void Write(int hole, long number)
    {
        var span = _bytes.AsSpan(_holes[hole]);
        for (var i = span.Length - 1; i >= 0; i--, number /= 10)
        {
            span[i] = (byte)('0' + (number % 10));
        }
    }

    public void Write(int hole, ReadOnlySpan<byte> text) => text.CopyTo(_bytes.AsSpan(_holes[hole]));
}
