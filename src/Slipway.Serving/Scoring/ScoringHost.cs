using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Serving.Models;
using Slipway.Serving.Workers;
using Slipway.Wire;

namespace Slipway.Serving.Scoring;

/// <summary>Serves one model by the scoring protocol: /ping, /health, /version and /invocations.</summary>
internal sealed partial class ScoringHost : IAsyncDisposable
{
    private static readonly byte[] Version = Encoding.UTF8.GetBytes(typeof(ScoringHost).Assembly.GetName().Version!.ToString(3));

    private readonly WebApplication _web;

    private ScoringHost(WebApplication web, WorkerAddress address) => (_web, Address) = (web, address);

    /// <summary>Where it listens.</summary>
    public WorkerAddress Address { get; }

    /// <summary>Begins to listen; a port of 0 becomes a free one.</summary>
    public static async Task<ScoringHost> StartAsync(IScorer scorer, MlModel? model, (WorkerAddress Address, ScoringOptions Options) on, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "slipway-worker" });
        builder.Services.AddSingleton(loggers);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, on.Address));
        var web = builder.Build();
        var invocation = new Invocation(scorer, new RequestDecoder(model), on.Options);
        var logger = loggers.CreateLogger<ScoringHost>();
        var isLoopback = on.Address.EndPoint is { } endPoint && IPAddress.IsLoopback(endPoint.Address);
        web.Run(context => AnswerAsync(context, invocation, scorer, (logger, isLoopback)));
        await web.StartAsync(cancellationToken);
        return new ScoringHost(web, on.Address.EndPoint is null ? on.Address : Bound(web));
    }

    /// <summary>Lets requests under way end, and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        await _web.StopAsync();
        await _web.DisposeAsync();
    }

    private static void Configure(KestrelServerOptions kestrel, WorkerAddress address)
    {
        kestrel.AddServerHeader = false;
        // The body's own limit answers with a sentence.
        kestrel.Limits.MaxRequestBodySize = null;
        if (address.SocketPath is { } path)
        {
            kestrel.ListenUnixSocket(path, listen => listen.Protocols = HttpProtocols.Http1);
            return;
        }

        kestrel.Listen(address.EndPoint!, listen => listen.Protocols = HttpProtocols.Http1);
    }

    private static WorkerAddress Bound(WebApplication web)
    {
        var bound = web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return WorkerAddress.TryParse(bound, out var address) ? address : throw new InvalidOperationException($"Kestrel listens at {bound}.");
    }

    private static async Task AnswerAsync(HttpContext context, Invocation invocation, IScorer scorer, (ILogger Logger, bool IsLoopback) on)
    {
        try
        {
            if (on.IsLoopback && !IsLocal(context.Request.Host.Host))
            {
                throw ScoringFault.BadInput("This model is served on this machine only: a request has to name localhost as its host.");
            }

            await RouteAsync(context, invocation, scorer);
        }
        catch (ScoringFault fault)
        {
            await FailAsync(context, fault);
        }
        catch (Exception exception) when (exception is OperationCanceledException or Microsoft.AspNetCore.Http.BadHttpRequestException or Microsoft.AspNetCore.Connections.ConnectionResetException)
        {
            // The caller is gone, or its request broke off: there is nobody to answer.
            context.Abort();
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            Log.ModelFailed(on.Logger, exception);
            await FailAsync(context, ScoringFault.Model(exception.Message));
        }
    }

    private static Task RouteAsync(HttpContext context, Invocation invocation, IScorer scorer) => (context.Request.Method, context.Request.Path.Value) switch
    {
        ("POST", "/invocations") => invocation.AnswerAsync(context),
        ("GET" or "HEAD", "/ping" or "/health") => HealthAsync(context, scorer),
        ("GET" or "HEAD", "/version") => WriteAsync(context, 200, "text/plain; charset=utf-8", Version),
        (_, "/invocations" or "/ping" or "/health" or "/version") => ErrorAsync(context, 405, ErrorCode.EndpointNotFound, "There is no such method at this path."),
        _ => ErrorAsync(context, 404, ErrorCode.EndpointNotFound, "There are /invocations, /ping, /health and /version."),
    };

    private static Task HealthAsync(HttpContext context, IScorer scorer) => WriteAsync(context, scorer.IsReady ? 200 : 404, MediaType.Json, "\n"u8.ToArray());

    private static Task FailAsync(HttpContext context, ScoringFault fault)
    {
        context.Response.Headers[ScoringFault.Header] = fault.Side == FailureSide.Model ? "model" : "input";
        return fault.Status == 415
            ? WriteAsync(context, fault.Status, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(fault.Message))
            : ErrorAsync(context, fault.Status, fault.Code, fault.Message);
    }

    private static Task ErrorAsync(HttpContext context, int status, string code, string message)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            writer.WriteString("error_code"u8, code);
            writer.WriteString("message"u8, message);
            writer.WriteEndObject();
        }

        return WriteAsync(context, status, MediaType.Json, body.WrittenMemory);
    }

    private static async Task WriteAsync(HttpContext context, int status, string contentType, ReadOnlyMemory<byte> body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        if (context.Request.Method != "HEAD")
        {
            await context.Response.BodyWriter.WriteAsync(body);
        }
    }

    private static bool IsLocal(string host) => host is "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static partial class Log
    {
        [LoggerMessage(7001, LogLevel.Error, "The model failed")]
        public static partial void ModelFailed(ILogger logger, Exception exception);
    }
}
