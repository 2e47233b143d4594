using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Slipway.Serving.Models;

/// <summary>Looks at the shape of a YAML file before it is loaded: loading recurses, and a model's file may be made to exhaust the stack.</summary>
internal static class YamlShape
{
    private const int DepthLimit = 64;

    /// <exception cref="ModelFormatException">It is nested too deep, or has a key that is no plain value.</exception>
    /// <exception cref="YamlException">It is no YAML.</exception>
    public static void Check(string yaml)
    {
        var parser = new Parser(new StringReader(yaml));
        var levels = new Stack<Level>();
        while (parser.MoveNext())
        {
            switch (parser.Current)
            {
                case MappingEnd or SequenceEnd:
                    levels.Pop();
                    break;
                case NodeEvent or AnchorAlias:
                    Enter(levels, parser.Current);
                    break;
            }
        }
    }

    private static void Enter(Stack<Level> levels, ParsingEvent node)
    {
        if (levels.TryPeek(out var parent) && parent.IsKey() && node is not Scalar)
        {
            throw new ModelFormatException("The MLmodel file has a key that is no plain value.");
        }

        if (node is not (MappingStart or SequenceStart))
        {
            return;
        }

        if (levels.Count == DepthLimit)
        {
            throw new ModelFormatException($"The MLmodel file is nested more than {DepthLimit} levels deep.");
        }

        levels.Push(new Level(node is MappingStart));
    }

    private sealed class Level(bool isMapping)
    {
        private int _children;

        public bool IsKey() => isMapping && _children++ % 2 == 0;
    }
}
