namespace Slipway.Server.Governance.Files;

/// <summary>A value of a YAML file, and the line that it begins in.</summary>
internal abstract record YamlNode(int Line)
{
    /// <summary>What it is, for messages.</summary>
    public abstract string Kind { get; }
}

/// <param name="Line">Where it begins.</param>
/// <param name="Value">As it was written.</param>
/// <param name="IsPlain">Whether it stands without quotes, so that it may be a number, a yes or no, or nothing.</param>
internal sealed record YamlText(int Line, string Value, bool IsPlain) : YamlNode(Line)
{
    public bool IsNothing => IsPlain && Value is "" or "~" or "null" or "Null" or "NULL";

    public override string Kind => IsNothing ? "nothing" : $"'{Checks.Text.Shorten(Value)}'";
}

internal sealed record YamlList(int Line, IReadOnlyList<YamlNode> Items) : YamlNode(Line)
{
    public override string Kind => "a list";
}

internal sealed record YamlMap(int Line, IReadOnlyList<YamlEntry> Entries) : YamlNode(Line)
{
    public override string Kind => "a map";
}

internal sealed record YamlEntry(YamlText Key, YamlNode Value);
