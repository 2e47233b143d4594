using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Slipway.Serving.Models;
using Slipway.Serving.Scoring;

namespace Slipway.Serving.Tests.Scoring;

/// <summary>Decodes a body against a signature, and shows what the model would be asked.</summary>
internal static class Asked
{
    public static MlModel Model(string? inputs, string? parameters = null, bool isFromTypeHint = false) =>
        new(new Dictionary<string, Flavor>(), new Signature(SignatureReader.ReadSchema(inputs), null, SignatureReader.ReadParameters(parameters)), null)
        {
            IsSignatureFromTypeHint = isFromTypeHint,
        };

    public static ScoringRequest Request(MlModel? model, string body, BodyForm form = BodyForm.Json) => new RequestDecoder(model).Decode(form, Encoding.UTF8.GetBytes(body));

    /// <summary>What the model is asked, as text: <c>a:Int64[1,2]</c> for columns, <c>Float32(2,2)[1,2,3,4]</c> for an array.</summary>
    public static string Show(string? inputs, string body, BodyForm form = BodyForm.Json) => Show(Request(inputs is null ? null : Model(inputs), body, form).Input);

    public static string Show(ScoringInput input) => input switch
    {
        TableInput table => string.Join(' ', table.Columns.Select(column => $"{column.Name}:{Show(column.Tensor)}")),
        NamedInput named => string.Join(' ', named.Tensors.Select(tensor => $"{tensor.Name}={Show(tensor.Tensor, withShape: true)}")),
        TensorInput tensor => Show(tensor.Tensor, withShape: true),
        JsonInput json => json.Value.GetRawText(),
        _ => throw new InvalidOperationException(),
    };

    /// <summary>The code and the message of what is refused.</summary>
    public static (string Code, string Message) Fault(string? inputs, string body, BodyForm form = BodyForm.Json)
    {
        var fault = Xunit.Assert.Throws<ScoringFault>(() => Show(inputs, body, form));
        Xunit.Assert.Equal(FailureSide.Input, fault.Side);
        return (fault.Code, fault.Message);
    }

    public static string Answer(ScoringOutput output, bool isBare = false)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            AnswerWriter.Write(writer, output, isBare);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static string Show(Tensor tensor, bool withShape = false) =>
        $"{tensor.Type}{(withShape ? $"({string.Join(',', tensor.Shape)})" : "")}[{string.Join(',', tensor.Values.Cast<object?>().Select(Show))}]";

    private static string Show(object? value) => value switch
    {
        null => "null",
        JsonElement { ValueKind: JsonValueKind.Undefined } => "null",
        JsonElement element => element.GetRawText(),
        byte[] bytes => Convert.ToHexString(bytes),
        DateTime time => time.ToString("yyyy-MM-ddTHH:mm:ss.fff", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
