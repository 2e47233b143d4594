namespace Slipway.Testing;

/// <summary>What a process has said so far, line by line.</summary>
internal sealed class Transcript
{
    private readonly Lock _gate = new();
    private readonly List<(string Text, bool IsError)> _lines = [];
    private readonly List<(Func<string, bool> Wanted, TaskCompletionSource<string?> Found)> _waiting = [];
    private bool _ended;

    public override string ToString()
    {
        lock (_gate)
        {
            return string.Join('\n', _lines.Select(line => line.Text));
        }
    }

    /// <summary>A copy of the lines of stdout, or of stderr.</summary>
    public IReadOnlyList<string> Lines(bool errors)
    {
        lock (_gate)
        {
            return [.. _lines.Where(line => line.IsError == errors).Select(line => line.Text)];
        }
    }

    public void Add(string text, bool isError)
    {
        lock (_gate)
        {
            _lines.Add((text, isError));
            _waiting.RemoveAll(waiting => waiting.Wanted(text) && waiting.Found.TrySetResult(text));
        }
    }

    /// <summary>Nothing more will be said: whoever still waits gets null.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ended = true;
            _waiting.ForEach(waiting => waiting.Found.TrySetResult(null));
            _waiting.Clear();
        }
    }

    /// <summary>The first line that is wanted, said already or to come; null if it ends without one.</summary>
    public Task<string?> FindAsync(Func<string, bool> wanted)
    {
        lock (_gate)
        {
            var (text, _) = _lines.Find(line => wanted(line.Text));
            if (text is not null || _ended)
            {
                return Task.FromResult<string?>(text);
            }

            var found = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((wanted, found));
            return found.Task;
        }
    }
}
