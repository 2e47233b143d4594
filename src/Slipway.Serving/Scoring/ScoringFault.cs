using Slipway.Wire;

namespace Slipway.Serving.Scoring;

/// <summary>Whose failure an answer that is no prediction is.</summary>
internal enum FailureSide
{
    /// <summary>The caller's: the request can't be understood or does not fit the signature.</summary>
    Input,

    /// <summary>The model's: it raised, took too long, or died.</summary>
    Model,
}

/// <summary>A prediction that did not come about, with what the caller is told.</summary>
internal sealed class ScoringFault : Exception
{
    /// <summary>The header of an answer that tells a gateway whose failure it was.</summary>
    public const string Header = "X-Slipway-Failure";

    private ScoringFault(FailureSide side, int status, string code, string message)
        : base(message) => (Side, Status, Code) = (side, status, code);

    public FailureSide Side { get; }

    /// <summary>The status of the answer.</summary>
    public int Status { get; }

    /// <summary>One of <see cref="ErrorCode"/>.</summary>
    public string Code { get; }

    /// <summary>The body is not in the protocol's form.</summary>
    public static ScoringFault BadInput(string message) => new(FailureSide.Input, 400, ErrorCode.BadRequest, message);

    /// <summary>The values do not fit the signature.</summary>
    public static ScoringFault Mismatch(string message) => new(FailureSide.Input, 400, ErrorCode.InvalidParameterValue, message);

    /// <summary>The values do not fit the signature's input.</summary>
    public static ScoringFault Schema(string message) => Mismatch($"Failed to enforce schema of data with the model's signature. Error: {message}");

    /// <summary>The body is in a form that is not served; the answer is plain text.</summary>
    public static ScoringFault MediaType(string message) => new(FailureSide.Input, 415, ErrorCode.BadRequest, message);

    /// <summary>The body is longer than is taken.</summary>
    public static ScoringFault TooLong(long limit) => new(FailureSide.Input, 413, ErrorCode.BadRequest, $"The body is longer than the {limit} bytes that are taken.");

    /// <summary>The model raised.</summary>
    public static ScoringFault Model(string message) =>
        new(FailureSide.Model, 400, ErrorCode.BadRequest, $"Encountered an unexpected error while evaluating the model. Verify that the input is compatible with the model for inference. Error: {message}");

    /// <summary>The model took too long.</summary>
    public static ScoringFault TooSlow(TimeSpan limit) =>
        new(FailureSide.Model, 504, ErrorCode.TemporarilyUnavailable, $"The model did not answer within {limit.TotalSeconds:0.###} s.");

    /// <summary>The model can't be asked now, and may be later: it died and is being replaced, or too many wait.</summary>
    public static ScoringFault Unavailable(string message) => new(FailureSide.Model, 503, ErrorCode.TemporarilyUnavailable, message);
}
