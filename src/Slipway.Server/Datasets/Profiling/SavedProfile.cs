using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Server.Datasets.Typing;

namespace Slipway.Server.Datasets.Profiling;

/// <summary>A table's profile as JSON, to keep: all of it, the sketches too, so that two can be compared without their tables.</summary>
/// <param name="Version">Of this form; one that is not known is an error, never a guess.</param>
/// <param name="Profile">What is kept.</param>
internal sealed record SavedProfile(int Version, TableProfile Profile)
{
    private const int Current = 1;

    public static string Of(TableProfile profile) => JsonSerializer.Serialize(new SavedProfile(Current, profile), ProfileJson.Default.SavedProfile);

    /// <exception cref="InvalidDataException">The text is no kept profile.</exception>
    public static TableProfile Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ProfileJson.Default.SavedProfile) is { Version: Current, Profile: { } profile }
                ? profile
                : throw new InvalidDataException("A kept profile is of a form that this version of Slipway does not know.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException("A kept profile is damaged.", exception);
        }
    }
}

/// <summary>A sketch as its saved bytes.</summary>
internal sealed class SketchConverter : JsonConverter<QuantileSketch>
{
    public override QuantileSketch Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => QuantileSketch.Load(reader.GetBytesFromBase64());

    public override void Write(Utf8JsonWriter writer, QuantileSketch value, JsonSerializerOptions options) => writer.WriteBase64StringValue(value.Save());
}

/// <summary>A type by the name that it has in schemas.</summary>
internal sealed class ColumnTypeConverter : JsonConverter<ColumnType>
{
    private static readonly Dictionary<string, ColumnType> ByName = Enum.GetValues<ColumnType>().ToDictionary(type => type.Name());

    public override ColumnType Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ByName.TryGetValue(reader.GetString() ?? "", out var type) ? type : throw new JsonException("It is no type of a column.");

    public override void Write(Utf8JsonWriter writer, ColumnType value, JsonSerializerOptions options) => writer.WriteStringValue(value.Name());
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    Converters = [typeof(SketchConverter), typeof(ColumnTypeConverter)])]
[JsonSerializable(typeof(SavedProfile))]
internal sealed partial class ProfileJson : JsonSerializerContext;
