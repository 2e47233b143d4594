using System.Text;

namespace Slipway.Serving.Workers;

/// <summary>The end of what a process wrote. It is bounded by characters, for a process may write without ever ending a line.</summary>
internal sealed class LastOutput
{
    private const int Kept = 16 << 10;

    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();

    /// <summary>The last lines; the first of them may be cut.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
            {
                return _text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            }
        }
    }

    public void Add(ReadOnlySpan<char> text)
    {
        lock (_gate)
        {
            _text.Append(text);
            if (_text.Length > Kept)
            {
                _text.Remove(0, _text.Length - Kept);
            }
        }
    }

    /// <summary>Reads to the end.</summary>
    public async Task ReadAsync(StreamReader reader)
    {
        var buffer = new char[4096];
        int count;
        while ((count = await reader.ReadAsync(buffer)) > 0)
        {
            Add(buffer.AsSpan(0, count));
        }
    }
}
