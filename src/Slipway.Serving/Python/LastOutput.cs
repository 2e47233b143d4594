namespace Slipway.Serving.Python;

/// <summary>The last lines that a process wrote, within bounds; they are also passed on to our own.</summary>
internal sealed class LastOutput
{
    private const int LineLimit = 50;
    private const int LengthLimit = 500;

    private readonly Queue<string> _lines = [];

    public void Add(string? line)
    {
        if (line is null)
        {
            return;
        }

        line = line.Length > LengthLimit ? line[..LengthLimit] + "…" : line;
        Console.Error.WriteLine(line);
        lock (_lines)
        {
            _lines.Enqueue(line);
            while (_lines.Count > LineLimit)
            {
                _lines.Dequeue();
            }
        }
    }

    /// <summary>A sentence with the lines, or nothing.</summary>
    public override string ToString()
    {
        lock (_lines)
        {
            return _lines.Count == 0 ? "It wrote nothing." : $"It wrote last: {string.Join(" | ", _lines.TakeLast(10))}";
        }
    }
}
