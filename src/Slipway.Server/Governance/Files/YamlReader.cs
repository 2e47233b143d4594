using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Slipway.Server.Governance.Files;

/// <summary>Reads one YAML document into values with lines. Tags, anchors and aliases are refused: a file says what it says where it says it.</summary>
internal sealed class YamlReader
{
    public const int LengthLimit = 64 << 10;
    private const int DepthLimit = 16;

    private readonly IParser _parser;
    private readonly Problems _problems;

    private YamlReader(string text, Problems problems) => (_parser, _problems) = (new Parser(new StringReader(text)), problems);

    /// <summary>The document's value; null when it could not be read, which is among the problems then.</summary>
    public static YamlNode? Read(string text, Problems problems)
    {
        if (text.Length > LengthLimit)
        {
            problems.Add(1, $"the file is {text.Length} characters long; the limit is {LengthLimit}");
            return null;
        }

        try
        {
            return new YamlReader(text, problems).ReadDocument();
        }
        catch (YamlException exception)
        {
            problems.Add((int)exception.Start.Line, $"this is not YAML: {exception.Message}");
            return null;
        }
    }

    private YamlNode? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
        {
            _problems.Add(1, "the file is empty");
            return null;
        }

        var node = ReadNode(depth: 1);
        _parser.Consume<DocumentEnd>();
        if (_parser.TryConsume<DocumentStart>(out var second))
        {
            _problems.Add((int)second.Start.Line, "a file holds one document, and here a second document begins");
        }

        return node;
    }

    private YamlNode ReadNode(int depth)
    {
        if (depth > DepthLimit)
        {
            throw new YamlException(_parser.Current!.Start, _parser.Current.End, $"It is nested deeper than {DepthLimit} levels.");
        }

        var line = (int)_parser.Current!.Start.Line;
        if (_parser.TryConsume<AnchorAlias>(out _))
        {
            _problems.Add(line, "aliases (*) are not allowed: write the value out");
            return new YamlText(line, "", IsPlain: true);
        }

        var marked = _parser.Current as NodeEvent ?? throw new YamlException(_parser.Current.Start, _parser.Current.End, "A value was expected.");
        RefuseMarks(marked, line);
        if (_parser.TryConsume<Scalar>(out var scalar))
        {
            return new YamlText(line, scalar.Value, scalar.Style == ScalarStyle.Plain);
        }

        return marked is SequenceStart ? ReadList(line, depth) : ReadMap(line, depth);
    }

    private void RefuseMarks(NodeEvent node, int line)
    {
        if (!node.Tag.IsEmpty)
        {
            _problems.Add(line, "type tags (!) are not allowed");
        }

        if (!node.Anchor.IsEmpty)
        {
            _problems.Add(line, "anchors (&) are not allowed");
        }
    }

    private YamlList ReadList(int line, int depth)
    {
        var items = new List<YamlNode>();
        _parser.Consume<SequenceStart>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(depth + 1));
        }

        return new YamlList(line, items);
    }

    private YamlMap ReadMap(int line, int depth)
    {
        var entries = new List<YamlEntry>();
        var keys = new HashSet<string>();
        _parser.Consume<MappingStart>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = ReadNode(depth + 1);
            var value = ReadNode(depth + 1);
            if (key is not YamlText text)
            {
                _problems.Add(key.Line, $"a key is a text, not {key.Kind}");
            }
            else if (!keys.Add(text.Value))
            {
                _problems.Add(key.Line, $"'{Checks.Text.Shorten(text.Value)}' is there twice");
            }
            else
            {
                entries.Add(new YamlEntry(text, value));
            }
        }

        return new YamlMap(line, entries);
    }
}
