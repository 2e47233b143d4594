using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Slipway.Serving.Gateway.Forwarding;
using Slipway.Serving.Gateway.Records;

namespace Slipway.Serving.Gateway.Rollouts;

/// <summary>Asks each worker of a candidate for the sample, and warms it up, before any caller does.</summary>
internal static class Readiness
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    /// <summary>Null when all are ready, else what is wrong.</summary>
    public static async Task<string?> CheckAsync(RolloutPlan plan, Pool candidate)
    {
        if (plan.Readiness is not { } sample)
        {
            return null;
        }

        var wrong = await Task.WhenAll(candidate.Links.Select(link => CheckAsync(plan, sample, link)));
        return sample.IsMadeUp ? null : wrong.FirstOrDefault(one => one is not null);
    }

    // Cold code is slow, and the judge would take that for the model.
    private static async Task<string?> CheckAsync(RolloutPlan plan, ReadinessSample sample, WorkerLink link)
    {
        var begun = Stopwatch.GetTimestamp();
        for (var i = 0; i <= plan.WarmUpRequests && (i == 0 || Stopwatch.GetElapsedTime(begun).TotalSeconds < plan.WarmUpSeconds); i++)
        {
            if (await AskAsync(link, sample) is { } wrong)
            {
                return $"{link.Id}: {wrong}";
            }
        }

        return null;
    }

    private static async Task<string?> AskAsync(WorkerLink link, ReadinessSample sample)
    {
        using var limit = new CancellationTokenSource(_patience);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Addresses.Invocations) { Content = new StringContent(sample.Body, Encoding.UTF8, MediaTypeHeaderValue.Parse(sample.ContentType)) };
            using var answer = await link.SendAsync(request, limit.Token);
            var text = await answer.Content.ReadAsStringAsync(limit.Token);
            return (int)answer.StatusCode != 200
                ? $"the sample was answered {(int)answer.StatusCode}: {Shorten(text)}"
                : sample.Expected is null || JsonLikeness.Equal(sample.Expected, text, sample.Tolerance) ? null : $"the sample was answered {Shorten(text)}, expected was {Shorten(sample.Expected)}";
        }
        catch (OperationCanceledException)
        {
            return $"the sample was not answered within {_patience.TotalSeconds} s";
        }
        catch (Exception exception) when (Failures.IsOfWorker(exception))
        {
            return $"the worker was lost: {exception.Message}";
        }
    }

    private static string Shorten(string text) => text.Length <= 300 ? text : text[..300] + "…";
}

/// <summary>Compares JSON, with numbers that may differ a little.</summary>
internal static class JsonLikeness
{
    public static bool Equal(string expected, string given, double tolerance)
    {
        try
        {
            using var left = JsonDocument.Parse(expected);
            using var right = JsonDocument.Parse(given);
            return Equal(left.RootElement, right.RootElement, tolerance);
        }
        catch (JsonException)
        {
            return string.Equals(expected, given, StringComparison.Ordinal);
        }
    }

    private static bool Equal(JsonElement expected, JsonElement given, double tolerance)
    {
        if (expected.ValueKind != given.ValueKind)
        {
            return false;
        }

        return expected.ValueKind switch
        {
            JsonValueKind.Number => Math.Abs(expected.GetDouble() - given.GetDouble()) <= tolerance * Math.Max(1, Math.Abs(expected.GetDouble())),
            JsonValueKind.Array => expected.GetArrayLength() == given.GetArrayLength() &&
                expected.EnumerateArray().Zip(given.EnumerateArray()).All(pair => Equal(pair.First, pair.Second, tolerance)),
            JsonValueKind.Object => expected.EnumerateObject().Count() == given.EnumerateObject().Count() &&
                expected.EnumerateObject().All(property => given.TryGetProperty(property.Name, out var other) && Equal(property.Value, other, tolerance)),
            JsonValueKind.String => expected.GetString() == given.GetString(),
            _ => true,
        };
    }
}
