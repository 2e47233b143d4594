using System.Text.Json.Nodes;

namespace Slipway.Conformance.Tests.Replay;

/// <summary>
/// One thing that our server does otherwise than the recorded one, on purpose: the rule of the wire contract that says so, why,
/// where it applies, and what we answer instead. The changed answer is compared as strictly as a recorded one.
/// </summary>
internal sealed record Deviation(string Rule, string Reason, Func<Exchange, bool> Applies)
{
    private const string Invalid = "INVALID_PARAMETER_VALUE";

    /// <summary>Turns the answer that was recorded into ours.</summary>
    public Func<Exchange, RecordedAnswer, RecordedAnswer> Rewrite { get; private init; } = (_, answer) => answer;

    /// <summary>Paths whose value may be anything.</summary>
    public IReadOnlySet<string> Ignored { get; private init; } = new HashSet<string>();

    /// <summary>What our answer may hold in addition.</summary>
    public IReadOnlyList<Addition> Additions { get; private init; } = [];

    /// <summary>The request is left out: it goes on from an answer that we do not give.</summary>
    public bool IsLeftOut { get; private init; }

    /// <summary>What brings our state back to the recorded one, where we did what the recorded server refused.</summary>
    public (string Method, string Path, JsonObject Body)? Undo { get; init; }

    public static Deviation When(string rule, string reason, Func<Exchange, bool> applies) => new(rule, reason, applies);

    public static Deviation At(string rule, string reason, string recording, params int[] seqs) =>
        new(rule, reason, exchange => exchange.Recording == recording && seqs.Contains(exchange.Seq));

    /// <summary>We answer an error; its wording is free unless it is given here and clients look for it.</summary>
    public Deviation Refuses(string code = Invalid, int status = 400, string message = "any") => Answers(status, Error(code, message));

    public static JsonObject Error(string code, string message = "any") => new() { ["error_code"] = code, ["message"] = message };

    public Deviation Answers(int status, JsonNode? body) => this with
    {
        Rewrite = (_, answer) => new RecordedAnswer(status, WithType(answer.Headers, "application/json"), new Payload.Json(body?.DeepClone())),
    };

    /// <summary>We answer what was recorded at another place of the file.</summary>
    public Deviation AnswersLike(string recording, int seq) => AnswersAs(_ => Library.Get(recording)[seq].Answer);

    public Deviation AnswersAs(Func<Exchange, RecordedAnswer> answer) => this with { Rewrite = (exchange, _) => answer(exchange) };

    public Deviation Changes(Func<RecordedAnswer, RecordedAnswer> change) => this with { Rewrite = (_, answer) => change(answer) };

    public Deviation ChangesJson(Action<JsonObject> change) => Changes(answer =>
    {
        var body = answer.Json!.DeepClone().AsObject();
        change(body);
        return answer with { Body = new Payload.Json(body) };
    });

    /// <summary>One media type, or several with <c>|</c> between them; empty for any.</summary>
    public Deviation AnswersType(string types) => Changes(answer => answer with { Headers = WithType(answer.Headers, types) });

    public Deviation Ignoring(params string[] paths) => this with { Ignored = paths.ToHashSet(StringComparer.Ordinal) };

    public Deviation MayAdd(string path, Func<JsonNode?, bool>? allows = null) =>
        this with { Additions = [.. Additions, new Addition(path, allows ?? (_ => true))] };

    public Deviation LeftOut() => this with { IsLeftOut = true };

    public Deviation Undone(string method, string path, JsonObject body) => this with { Undo = (method, path, body) };

    private static Dictionary<string, string> WithType(IReadOnlyDictionary<string, string> headers, string types) =>
        headers.Where(header => header.Key.ToUpperInvariant() is not "CONTENT-TYPE" and not "LOCATION" and not "CONTENT-DISPOSITION")
            .Append(KeyValuePair.Create("content-type", types))
            .ToDictionary(StringComparer.OrdinalIgnoreCase);
}
