using Microsoft.AspNetCore.Http;
using Slipway.Serving.Gateway.Journals;

namespace Slipway.Serving.Gateway.Forwarding;

/// <summary>What callers of an environment can ask: predictions, feedback, and whether anybody is there.</summary>
internal sealed class FrontDoor(Func<Routing> routing, RequestJournal journal, EntryGuard guard, FeedbackDesk feedback)
{
    private static readonly string _version = typeof(FrontDoor).Assembly.GetName().Version?.ToString(3) ?? "";

    public Task AnswerAsync(HttpContext context)
    {
        var now = routing();
        var asked = Asked.Read(context.Request.Path.Value ?? "", now);
        return asked.Verb switch
        {
            "ping" or "health" => PingAsync(context, now, asked.Route),
            "version" => TextAsync(context, _version),
            "invocations" or "feedback" when asked.Route is null => Refusals.AnswerAsync(context, StatusCodes.Status404NotFound, NameTheModel(now)),
            "invocations" or "feedback" when !HttpMethods.IsPost(context.Request.Method) => Refusals.AnswerAsync(context, StatusCodes.Status405MethodNotAllowed, "Only POST is allowed here."),
            "invocations" when now.Entry is null => ForwardAsync(context, now, asked.Route!),
            "invocations" or "feedback" => GuardedAsync(context, now, asked),
            _ => Refusals.AnswerAsync(context, StatusCodes.Status404NotFound, "There are /invocations, /models/NAME/invocations, /feedback, /ping, /health and /version."),
        };
    }

    private async Task GuardedAsync(HttpContext context, Routing now, Asked asked)
    {
        if (now.Entry is { } entry)
        {
            var status = await guard.AskAsync(entry, asked.Route!.Model.Name, context.Request.Headers.Authorization);
            if (status != 200)
            {
                await RefuseAsync(context, status);
                return;
            }
        }

        await (asked.Verb == "feedback" ? feedback.TakeAsync(context, asked.Route!) : ForwardAsync(context, now, asked.Route!));
    }

    // A pool may be given up between finding it and entering it; then there is a newer routing.
    private async Task ForwardAsync(HttpContext context, Routing now, Route route)
    {
        while (!await new Exchange(context, route, now.Timeout, journal).TryRunAsync())
        {
            now = routing();
            if (!now.Models.TryGetValue(route.Model.Name, out var next))
            {
                await Refusals.AnswerAsync(context, StatusCodes.Status404NotFound, NameTheModel(now));
                return;
            }

            route = next;
        }
    }

    private static Task RefuseAsync(HttpContext context, int status)
    {
        switch (status)
        {
            case StatusCodes.Status401Unauthorized:
                context.Response.Headers.WWWAuthenticate = "Basic realm=\"slipway\"";
                return Refusals.AnswerAsync(context, status, "Say who you are, with a token.");
            case StatusCodes.Status403Forbidden:
                return Refusals.AnswerAsync(context, status, "You may not invoke this model.");
            default:
                return Refusals.UnavailableAsync(context, "Whether you may invoke this model can't be found out at the moment.");
        }
    }

    private static Task PingAsync(HttpContext context, Routing now, Route? route)
    {
        var isThere = route is null
            ? now.Models.Count > 0 && now.Models.Values.All(IsServed)
            : IsServed(route);
        return isThere ? TextAsync(context, "\n") : Refusals.UnavailableAsync(context, "No model is served here at the moment.");
    }

    private static bool IsServed(Route route) => route.Main is { HasHealthy: true } || route.Candidate is { HasHealthy: true };

    private static string NameTheModel(Routing now) =>
        now.Models.Count == 0 ? "No model is served here." : $"Name a model: {string.Join(", ", now.Models.Keys.Order(StringComparer.Ordinal).Take(20).Select(name => $"/models/{name}/invocations"))}.";

    private static Task TextAsync(HttpContext context, string text)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }

    /// <summary>What a path asks, and of which model.</summary>
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
    private readonly record struct Asked(string Verb, Route? Route)
    {
        private const string Models = "/models/";

        public static Asked Read(string path, Routing now)
        {
            if (!path.StartsWith(Models, StringComparison.Ordinal))
            {
                return new Asked(path.TrimStart('/'), now.Single);
            }

            var end = path.LastIndexOf('/');
            return end <= Models.Length || !now.Models.TryGetValue(path[Models.Length..end], out var route)
                ? new Asked(path[(end + 1)..], null)
                : new Asked(path[(end + 1)..], route);
        }
    }
}
