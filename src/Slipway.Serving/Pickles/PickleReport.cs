namespace Slipway.Serving.Pickles;

/// <summary>What a pickle would import and do, found without doing any of it.</summary>
/// <param name="Form">By what it has to be loaded.</param>
/// <param name="Imports">Each name that it would import, once.</param>
/// <param name="Findings">Why it is refused; empty when it may be loaded.</param>
internal sealed record PickleReport(PickleForm Form, IReadOnlyList<PickleImport> Imports, IReadOnlyList<PickleFinding> Findings)
{
    public bool Passed => Findings.Count == 0;
}

/// <summary>By what a pickle has to be loaded. What is harmless to one loader need not be so to another.</summary>
internal enum PickleForm
{
    /// <summary><c>pickle.load</c>.</summary>
    Plain,

    /// <summary><c>joblib.load</c>, which reads arrays from between the opcodes.</summary>
    Joblib,

    /// <summary><c>torch.load</c>.</summary>
    Torch,

    /// <summary><c>numpy.load</c>.</summary>
    Numpy,
}

/// <summary>A name that a pickle imports.</summary>
/// <param name="Module">The module as it is written there.</param>
/// <param name="Name">The name as it is written there.</param>
/// <param name="Grant">What it may be used for.</param>
internal sealed record PickleImport(string Module, string Name, Grant Grant)
{
    public override string ToString() => $"{Module}.{Name}";
}

/// <summary>One reason to refuse a pickle.</summary>
/// <param name="Reason">A sentence without its full stop.</param>
/// <param name="Position">The offset of the byte where it showed.</param>
internal sealed record PickleFinding(string Reason, long Position);
