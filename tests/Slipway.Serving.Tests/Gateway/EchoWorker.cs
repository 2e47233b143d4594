using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Slipway.Serving.Tests.Gateway;

/// <summary>Something that speaks the scoring protocol and does what a test wants, behind a Unix socket.</summary>
internal sealed class EchoWorker : IAsyncDisposable
{
    private readonly WebApplication _web;
    private int _asked;

    private EchoWorker(string path)
    {
        Path = path;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "echo" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.ListenUnixSocket(path, listen => listen.Protocols = HttpProtocols.Http1);
        });
        _web = builder.Build();
        _web.Run(AnswerAsync);
    }

    public string Path { get; }

    public string Address => $"unix:{Path}";

    public int Asked => Volatile.Read(ref _asked);

    public Func<HttpContext, Task> Answer { get; set; } = context => PredictAsync(context, "0");

    public bool IsWell { get; set; } = true;

    public static async Task<EchoWorker> StartAsync(string path)
    {
        File.Delete(path);
        var worker = new EchoWorker(path);
        await worker._web.StartAsync();
        return worker;
    }

    public static async Task PredictAsync(HttpContext context, string prediction)
    {
        await context.Request.Body.CopyToAsync(Stream.Null);
        context.Response.ContentType = "application/json";
        var body = System.Text.Encoding.UTF8.GetBytes($"{{\"predictions\": [{prediction}]}}");
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body);
    }

    /// <summary>What a model's own failure looks like.</summary>
    public static async Task FailAsync(HttpContext context)
    {
        context.Response.StatusCode = 400;
        context.Response.Headers["X-Slipway-Failure"] = "model";
        await context.Response.WriteAsync("{\"error_code\": \"BAD_REQUEST\"}");
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _web.StopAsync(now.Token);
        await _web.DisposeAsync();
    }

    private Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path == "/ping")
        {
            context.Response.StatusCode = IsWell ? 200 : 404;
            return Task.CompletedTask;
        }

        Interlocked.Increment(ref _asked);
        return Answer(context);
    }
}
