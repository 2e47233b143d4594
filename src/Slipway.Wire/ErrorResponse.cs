using System.Text.Json.Serialization;

namespace Slipway.Wire;

/// <summary>The body of every answer that is not a success.</summary>
/// <param name="Code">One of <see cref="Wire.ErrorCode"/>.</param>
/// <param name="Message">What was wrong and what is allowed, for people.</param>
public sealed record ErrorResponse([property: JsonPropertyName("error_code")] string Code, string Message);

/// <summary>The answer of an endpoint that has nothing to say: <c>{}</c>, since 1.26 clients refuse an empty body.</summary>
public sealed record EmptyResponse
{
    /// <summary>The only one there is.</summary>
    public static readonly EmptyResponse Value = new();
}
