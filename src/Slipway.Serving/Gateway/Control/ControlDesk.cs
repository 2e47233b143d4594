using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Serving.Gateway.Records;

namespace Slipway.Serving.Gateway.Control;

/// <summary>What the server asks a gateway over the control socket, which only the gateway's user can open.</summary>
internal sealed class ControlDesk(GatewayHost gateway)
{
    private const long LongestTable = 64 << 20;

    public Task AnswerAsync(HttpContext context) => (context.Request.Method, context.Request.Path.Value) switch
    {
        ("PUT", "/table") => PutTableAsync(context),
        ("GET", "/state") => WriteAsync(context, gateway.State()),
        ("GET", "/looks") => GetLooksAsync(context),
        ("POST", "/rollback") => RollBackAsync(context),
        ("POST", "/stop") => StopAsync(context),
        _ => RefuseAsync(context, StatusCodes.Status404NotFound, "There are PUT /table, GET /state, GET /looks?after=N, POST /rollback and POST /stop."),
    };

    private async Task PutTableAsync(HttpContext context)
    {
        if (await ReadAsync<GatewayTable>(context) is not { } table)
        {
            return;
        }

        if (Tables.Problems(table).ToList() is { Count: > 0 } problems)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, string.Join(' ', problems));
            return;
        }

        if (await gateway.ApplyAsync(table) is { } refusal)
        {
            await RefuseAsync(context, StatusCodes.Status409Conflict, refusal);
            return;
        }

        await WriteAsync(context, gateway.State());
    }

    private Task GetLooksAsync(HttpContext context) =>
        long.TryParse(context.Request.Query["after"].ToString() is { Length: > 0 } text ? text : "0", NumberStyles.None, CultureInfo.InvariantCulture, out var after)
            ? WriteAsync(context, new LooksAnswer(gateway.TakeLooks(after)))
            : RefuseAsync(context, StatusCodes.Status400BadRequest, "after has to be a number.");

    private async Task RollBackAsync(HttpContext context)
    {
        if (await ReadAsync<RollbackOrder>(context) is not { } order)
        {
            return;
        }

        if (gateway.RollBack(order) is { } wrong)
        {
            await RefuseAsync(context, StatusCodes.Status409Conflict, wrong);
            return;
        }

        await WriteAsync(context, gateway.State());
    }

    private Task StopAsync(HttpContext context)
    {
        gateway.RequestStop();
        return WriteAsync(context, gateway.State());
    }

    private static async Task<T?> ReadAsync<T>(HttpContext context)
        where T : class
    {
        try
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            if (body.Length <= LongestTable)
            {
                return GatewayJson.Read<T>(body.GetBuffer().AsSpan(0, (int)body.Length));
            }

            await RefuseAsync(context, StatusCodes.Status400BadRequest, "It is too long.");
        }
        catch (JsonException exception)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, exception.Message);
        }

        return null;
    }

    private static Task RefuseAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        return WriteAsync(context, new ControlProblem(message));
    }

    private static async Task WriteAsync<T>(HttpContext context, T record)
    {
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(GatewayJson.Write(record), context.RequestAborted);
    }
}
