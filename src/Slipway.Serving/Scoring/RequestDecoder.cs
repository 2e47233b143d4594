using System.Text;
using System.Text.Json;
using Slipway.Serving.Models;

namespace Slipway.Serving.Scoring;

/// <summary>Turns a body into what a model is asked.</summary>
internal sealed class RequestDecoder(MlModel? model)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly JsonDocumentOptions Depth = new() { MaxDepth = 64 };

    /// <summary>Decodes a body.</summary>
    /// <param name="form">Its form.</param>
    /// <param name="body">Kept as long as the request is under way.</param>
    /// <exception cref="ScoringFault">It is not in the protocol's form, or does not fit the signature.</exception>
    public ScoringRequest Decode(BodyForm form, ReadOnlyMemory<byte> body)
    {
        try
        {
            return form == BodyForm.Csv
                ? DecodeCsv(Strict.GetString(body.Span))
                : JsonForms.Read(JsonDocument.Parse(body, Depth).RootElement, model?.Signature, model?.IsSignatureFromTypeHint ?? false);
        }
        catch (Exception exception) when (exception is JsonException or DecoderFallbackException)
        {
            throw ScoringFault.BadInput($"The body is no {(form == BodyForm.Csv ? "CSV" : "JSON")} in UTF-8: {exception.Message}");
        }
        catch (InvalidOperationException exception) when (exception.Source?.StartsWith("System.Text.Json", StringComparison.Ordinal) == true)
        {
            // Text with half of a surrogate pair, or with bytes that are no UTF-8, is found when it is read.
            throw ScoringFault.BadInput($"The body has a text that is no Unicode: {exception.Message}");
        }
        catch (OverflowException)
        {
            throw ScoringFault.BadInput("The body has too many rows or columns.");
        }
    }

    private ScoringRequest DecodeCsv(string text) => new(
        TableEnforcer.Enforce(CsvTable.Parse(text), model?.Signature?.Inputs),
        ParameterEnforcer.Enforce(default, model?.Signature?.Parameters));
}
