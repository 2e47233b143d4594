using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Slipway.Server.Registry.Comparing;

/// <summary>Reads the signature out of an MLmodel file: event by event, so that nothing in it is expanded or made into objects.</summary>
internal static class ModelSignature
{
    /// <summary>A longer file is not read.</summary>
    public const int LengthLimit = 1 << 20;

    private static readonly string[] Parts = ["inputs", "outputs", "params"];

    /// <summary>Each column, tensor and param with what it is; nothing when the file has no signature.</summary>
    /// <exception cref="FormatException">It is no MLmodel file.</exception>
    public static IReadOnlyDictionary<string, string> Parse(string text)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            parser.Consume<DocumentStart>();
            if (TryEnter(parser, "signature"))
            {
                AddParts(parser, found);
            }
        }
        catch (Exception exception) when (exception is YamlException or JsonException)
        {
            throw new FormatException($"MLmodel can't be read: {exception.Message}", exception);
        }

        return found;
    }

    // Goes to the mapping that a key of the document's mapping has as its value.
    private static bool TryEnter(Parser parser, string key)
    {
        parser.Consume<MappingStart>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (parser.Consume<Scalar>().Value == key)
            {
                return parser.TryConsume<MappingStart>(out _);
            }

            parser.SkipThisAndNestedEvents();
        }

        return false;
    }

    private static void AddParts(Parser parser, Dictionary<string, string> found)
    {
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var part = parser.Consume<Scalar>().Value;
            if (!Parts.Contains(part) || !parser.TryConsume<Scalar>(out var value))
            {
                parser.SkipThisAndNestedEvents();
                continue;
            }

            // Each part is a JSON array in a text.
            if (value.Value is not ("" or "null" or "~"))
            {
                using var json = JsonDocument.Parse(value.Value);
                Add(part, json.RootElement, found);
            }
        }
    }

    private static void Add(string part, JsonElement list, Dictionary<string, string> found)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        var number = 0;
        foreach (var item in list.EnumerateArray())
        {
            var name = item.ValueKind == JsonValueKind.Object && item.TryGetProperty("name", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString()! : $"[{number}]";
            found.TryAdd($"{part} {name}", Describe(item));
            number++;
        }
    }

    // The type alone where that is all there is to say.
    private static string Describe(JsonElement item)
    {
        var rest = item.ValueKind == JsonValueKind.Object
            ? item.EnumerateObject().Where(member => member.Name != "name" && !(member.NameEquals("required") && member.Value.ValueKind == JsonValueKind.True)).ToList()
            : [];
        return rest is [{ Name: "type", Value.ValueKind: JsonValueKind.String } type] ? type.Value.GetString()! : item.GetRawText();
    }
}
