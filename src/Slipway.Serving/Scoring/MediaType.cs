using Microsoft.Net.Http.Headers;

namespace Slipway.Serving.Scoring;

/// <summary>The forms of bodies that are served.</summary>
internal enum BodyForm
{
    Json,
    Csv,
}

/// <summary>Reads the content type of a request.</summary>
internal static class MediaType
{
    public const string Json = "application/json";
    public const string Csv = "text/csv";
    private const string Parquet = "application/vnd.apache.parquet";
    private const string Served = $"This model is asked with the content types {Json} and {Csv}";

    /// <exception cref="ScoringFault">It is none that is served.</exception>
    public static BodyForm Parse(string? contentType)
    {
        if (contentType == Json)
        {
            return BodyForm.Json;
        }

        if (!MediaTypeHeaderValue.TryParse(contentType, out var type))
        {
            throw ScoringFault.MediaType($"{Served}; the request has {(string.IsNullOrEmpty(contentType) ? "none" : $"'{contentType}'")}.");
        }

        CheckParameters(type);
        return type.MediaType.Value?.ToLowerInvariant() switch
        {
            Json => BodyForm.Json,
            Csv => BodyForm.Csv,
            Parquet => throw ScoringFault.MediaType($"{Served}. Parquet is not read by this server: send the same rows as {Json}."),
            _ => throw ScoringFault.MediaType($"{Served}; the request has '{type.MediaType}'."),
        };
    }

    private static void CheckParameters(MediaTypeHeaderValue type)
    {
        foreach (var parameter in type.Parameters)
        {
            if (!parameter.Name.Equals("charset", StringComparison.OrdinalIgnoreCase))
            {
                throw ScoringFault.MediaType($"The content type has the parameter '{parameter}', which only MLflow 1 understood. Send one of the keys "
                    + "dataframe_split, dataframe_records, instances or inputs in its place.");
            }

            if (!parameter.GetUnescapedValue().Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            {
                throw ScoringFault.MediaType($"The scoring protocol only supports UTF-8; the request has '{parameter.Value}'.");
            }
        }
    }
}
