using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Slipway.Serving.Models;

/// <summary>What an MLmodel file says, as far as serving needs it; unknown fields are passed over.</summary>
/// <param name="Flavors">By name, the settings of each whose values are plain.</param>
/// <param name="Signature">Null when none was logged.</param>
/// <param name="InputExample">Null when none was logged.</param>
internal sealed record MlModel(IReadOnlyDictionary<string, Flavor> Flavors, Signature? Signature, InputExample? InputExample)
{
    public const string PythonFlavor = "python_function";
    public const string OnnxFlavor = "onnx";

    /// <summary>Whether the signature was made from a Python type hint: then the input is handed over as it is.</summary>
    public bool IsSignatureFromTypeHint { get; init; }

    /// <summary>The MLflow that wrote it, if it says so.</summary>
    public string? Writer { get; init; }

    /// <summary>Reads the text of an MLmodel file; no type tags are followed.</summary>
    /// <exception cref="ModelFormatException">It is none.</exception>
    public static MlModel Parse(string yaml)
    {
        try
        {
            YamlShape.Check(yaml);
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            return stream.Documents.Count == 1 && stream.Documents[0].RootNode is YamlMappingNode top
                ? Read(top)
                : throw new ModelFormatException("The MLmodel file has to be one mapping.");
        }
        catch (YamlException exception)
        {
            throw new ModelFormatException($"The MLmodel file can't be read: {exception.Message}", exception);
        }
    }

    private static MlModel Read(YamlMappingNode top)
    {
        var flavors = Mapping(top, "flavors") is { } found
            ? found.Where(flavor => flavor.Key is YamlScalarNode).ToDictionary(flavor => ((YamlScalarNode)flavor.Key).Value!, flavor => new Flavor(flavor.Value as YamlMappingNode))
            : throw new ModelFormatException("The MLmodel file names no flavors.");
        var signature = Mapping(top, "signature");
        return new MlModel(flavors, signature is null ? null : ReadSignature(signature), ReadExample(Mapping(top, "saved_input_example_info")))
        {
            IsSignatureFromTypeHint = bool.TryParse(Text(top, "is_signature_from_type_hint"), out var hinted) && hinted,
            Writer = Text(top, "mlflow_version"),
        };
    }

    private static Signature ReadSignature(YamlMappingNode signature) => new(
        SignatureReader.ReadSchema(Text(signature, "inputs")),
        SignatureReader.ReadSchema(Text(signature, "outputs")),
        SignatureReader.ReadParameters(Text(signature, "params")));

    private static InputExample? ReadExample(YamlMappingNode? example) => example is not null && Text(example, "artifact_path") is { } path
        ? new InputExample(path, Text(example, "type"), Text(example, "serving_input_path"), bool.TryParse(Text(example, "params"), out var given) && given)
        : null;

    private static YamlMappingNode? Mapping(YamlMappingNode node, string key) => Child(node, key) as YamlMappingNode;

    private static string? Text(YamlMappingNode node, string key) => Flavor.Plain(Child(node, key));

    private static YamlNode? Child(YamlMappingNode node, string key) => node.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;
}

/// <summary>Where the example of an input lies.</summary>
/// <param name="Path">In the model's folder.</param>
/// <param name="Kind"><c>dataframe</c>, <c>ndarray</c>, <c>json_object</c>, …</param>
/// <param name="ServingPath">The same as a body for <c>/invocations</c>, if the writer made one.</param>
/// <param name="HasParameters">Whether the example is an object of inputs and params.</param>
internal sealed record InputExample(string Path, string? Kind, string? ServingPath, bool HasParameters);

/// <summary>The settings of one flavor.</summary>
internal sealed class Flavor(YamlMappingNode? settings)
{
    /// <summary>A setting's text; null when there is none or it is no plain value.</summary>
    public string? this[string setting] => Plain(Child(setting));

    /// <summary>The texts of a setting that is a list.</summary>
    public IReadOnlyList<string> List(string setting) => Child(setting) is YamlSequenceNode list ? [.. list.Select(Plain).OfType<string>()] : [];

    internal static string? Plain(YamlNode? node) => node is YamlScalarNode scalar && !IsNull(scalar) ? scalar.Value : null;

    private static bool IsNull(YamlScalarNode scalar) => scalar.Style == ScalarStyle.Plain && scalar.Value is null or "" or "~" or "null";

    private YamlNode? Child(string setting) => settings is not null && settings.Children.TryGetValue(new YamlScalarNode(setting), out var child) ? child : null;
}
