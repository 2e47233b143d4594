using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Slipway.Serving.Gateway;

/// <summary>Hears HTTP at one address.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _web;

    private Listener(WebApplication web, string wanted)
    {
        (_web, Wanted) = (web, wanted);
        Address = web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
    }

    /// <summary>What the table said.</summary>
    public string Wanted { get; }

    /// <summary>What it became.</summary>
    public string Address { get; }

    public static Task<Listener> StartAsync(string url, RequestDelegate answer)
    {
        var wanted = new Uri(url);
        var address = wanted.Host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(wanted.Host.Trim('[', ']'));
        return StartAsync(url, kestrel => kestrel.Listen(address, wanted.Port, listen => listen.Protocols = HttpProtocols.Http1), answer);
    }

    public static Task<Listener> StartOnSocketAsync(string path, RequestDelegate answer)
    {
        File.Delete(path);
        return StartAsync(path, kestrel => kestrel.ListenUnixSocket(path, listen => listen.Protocols = HttpProtocols.Http1), answer);
    }

    public async ValueTask DisposeAsync()
    {
        await _web.StopAsync(CancellationToken.None);
        await _web.DisposeAsync();
    }

    private static async Task<Listener> StartAsync(string wanted, Action<KestrelServerOptions> listen, RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "slipway-gateway" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;

            // Bodies are the worker's to limit; callers that read or write slowly are their own trouble.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinResponseDataRate = null;
            listen(kestrel);
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = _patience);
        var web = builder.Build();
        web.Run(answer);
        try
        {
            await web.StartAsync();
            return new Listener(web, wanted);
        }
        catch
        {
            await web.DisposeAsync();
            throw;
        }
    }
}
