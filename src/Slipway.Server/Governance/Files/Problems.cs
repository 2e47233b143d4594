using Slipway.Store;

namespace Slipway.Server.Governance.Files;

/// <summary>Everything that is wrong with a file, each with its line.</summary>
/// <param name="what">What the file describes, such as <c>pipeline</c>.</param>
internal sealed class Problems(string what)
{
    /// <summary>Whoever has more than this many has sent another kind of file.</summary>
    private const int Limit = 100;

    private readonly List<(int Line, string Text)> _all = [];

    public bool IsEmpty => _all.Count == 0;

    public void Add(int line, string text)
    {
        if (_all.Count < Limit)
        {
            _all.Add((line, text));
        }
    }

    /// <summary>Lets a check that throws pass, or notes what it says.</summary>
    public void Check(int line, Action check)
    {
        try
        {
            check();
        }
        catch (Fault fault)
        {
            Add(line, fault.Message);
        }
    }

    public Fault ToFault() =>
        Fault.Invalid($"The {what} file can't be used:\n{string.Join('\n', _all.OrderBy(problem => problem.Line).Select(problem => $"line {problem.Line}: {problem.Text}"))}");
}
