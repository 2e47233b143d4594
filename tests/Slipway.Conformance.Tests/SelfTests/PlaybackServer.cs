using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Conformance.Tests.Replay;

namespace Slipway.Conformance.Tests.SelfTests;

/// <summary>Answers with what was recorded, line after line, and notes each request that is not the recorded one.</summary>
internal sealed class PlaybackServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly Queue<Exchange> _exchanges;

    private PlaybackServer(Recording recording)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(options => options.Limits.MaxRequestBodySize = null);
        _application = builder.Build();
        _application.Run(AnswerAsync);
        _exchanges = new Queue<Exchange>(recording.Exchanges.Where(exchange => !IsRefusedByTheHost(exchange)));
    }

    public List<string> Surprises { get; } = [];

    public Uri Address => new(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Kestrel answers 400 to a zero byte in the path, and no application sees it.</summary>
    public static bool IsRefusedByTheHost(Exchange exchange) => exchange.Path.Contains("%00", StringComparison.Ordinal);

    public static async Task<PlaybackServer> StartAsync(Recording recording)
    {
        var server = new PlaybackServer(recording);
        await server._application.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var exchange = _exchanges.Dequeue();
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        Check(exchange, context.Request.Method, context.Features.Get<IHttpRequestFeature>()!.RawTarget, body.ToArray());

        if (exchange.Answer.Status == 0)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = exchange.Answer.Status;

        foreach (var (name, value) in exchange.Answer.Headers)
        {
            context.Response.Headers[name] = value;
        }

        if (exchange.Answer.Status != 204)
        {
            await context.Response.Body.WriteAsync(new Names().Bytes(exchange.Answer.Body));
        }
    }

    private void Check(Exchange exchange, string method, string target, byte[] body)
    {
        if ($"{method} {target}" != $"{exchange.Method} {exchange.Target}")
        {
            Surprises.Add($"{exchange.Seq}: expected {exchange.Method} {exchange.Target}, came {method} {target}");
        }

        var expected = new Names().Bytes(exchange.Body);

        if (!expected.AsSpan().SequenceEqual(body))
        {
            Surprises.Add($"{exchange.Seq}: expected {Encoding.UTF8.GetString(expected)}, came {Encoding.UTF8.GetString(body)}");
        }
    }
}
