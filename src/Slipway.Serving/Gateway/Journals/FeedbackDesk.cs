using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Serving.Gateway.Forwarding;
using Slipway.Serving.Judging;

namespace Slipway.Serving.Gateway.Journals;

/// <summary>Takes what turned out to be true of an earlier prediction: <c>POST /feedback {"request_id": …, "actual": …}</c>.</summary>
internal sealed class FeedbackDesk(RequestJournal journal, DeploymentNumbers deployments)
{
    private const int LongestBody = 16 << 10;

    public async Task TakeAsync(HttpContext context, Route route)
    {
        if (await ReadAsync(context) is not { } given)
        {
            await Refusals.AnswerAsync(context, StatusCodes.Status400BadRequest, "Feedback is an object with the text request_id and the value actual: a text, a number, true or false.");
            return;
        }

        switch (Take(given.Id, route, out var record))
        {
            case RequestFound.Yes when record.Prediction.Kind == PredictionKind.None:
                await Refusals.AnswerAsync(context, StatusCodes.Status409Conflict, "The prediction of this request could not be read, so there is nothing to compare.");
                return;
            case RequestFound.Yes:
                await AcceptAsync(context, route, record, given.Actual);
                return;
            case RequestFound.Taken:
                await Refusals.AnswerAsync(context, StatusCodes.Status409Conflict, "Feedback on this request was given before.");
                return;
            case RequestFound.TooOld:
                await Refusals.AnswerAsync(context, StatusCodes.Status410Gone, $"Requests are remembered for {RequestJournal.Days} days.");
                return;
            default:
                await Refusals.AnswerAsync(context, StatusCodes.Status404NotFound, "No such request is known here.");
                return;
        }
    }

    private RequestFound Take(RequestId id, Route route, out RequestRecord record)
    {
        var found = journal.Take(id, out record);
        return found == RequestFound.Yes && deployments.Find(record.Deployment)?.Model != route.Model.Name ? RequestFound.Unknown : found;
    }

    private async Task AcceptAsync(HttpContext context, Route route, RequestRecord record, Prediction actual)
    {
        var deployment = deployments.Find(record.Deployment)!;
        var isNumber = record.Prediction.Kind == PredictionKind.Number;
        var loss = isNumber ? Math.Abs(actual.Number - record.Prediction.Number) : actual.Hash == record.Prediction.Hash ? 0 : 1;
        route.Outcomes.Add(new Feedback(record.IsCandidate, record.Share, loss, isNumber), deployment.Id);
        context.Response.ContentType = "application/json";
        var answer = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object> { ["version"] = deployment.Version, ["error"] = loss });
        await context.Response.Body.WriteAsync(answer, context.RequestAborted);
    }

    private static async Task<(RequestId Id, Prediction Actual)?> ReadAsync(HttpContext context)
    {
        if (context.Request.ContentLength is not (> 0 and <= LongestBody))
        {
            return null;
        }

        try
        {
            using var json = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            return json.RootElement.ValueKind == JsonValueKind.Object &&
                json.RootElement.TryGetProperty("request_id", out var id) && id.ValueKind == JsonValueKind.String &&
                json.RootElement.TryGetProperty("actual", out var actual) && IsScalar(actual)
                ? (RequestId.TryParse(id.GetString(), out var parsed) ? parsed : default, Read(actual))
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsScalar(JsonElement value) =>
        value.ValueKind is JsonValueKind.String or JsonValueKind.True or JsonValueKind.False || (value.ValueKind == JsonValueKind.Number && double.IsFinite(value.GetDouble()));

    // Whether it is a class or a number is the prediction's to say; so it has both.
    private static Prediction Read(JsonElement actual)
    {
        var text = actual.ValueKind == JsonValueKind.String ? actual.GetString()! : actual.GetRawText();
        var number = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) ? parsed : double.MaxValue;
        return Prediction.Restore(PredictionKind.Class, number, Prediction.OfClass(System.Text.Encoding.UTF8.GetBytes(text)).Hash);
    }
}
