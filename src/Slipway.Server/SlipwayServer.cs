using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slipway.Server.Routing;
using Slipway.Store;

namespace Slipway.Server;

/// <summary>A running server.</summary>
public sealed class SlipwayServer : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly Spine _spine;

    private SlipwayServer(WebApplication web, Spine spine, ServerOptions options)
    {
        _web = web;
        _spine = spine;
        var address = web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Address = new Uri(address + options.StaticPrefix);
    }

    public Uri Address { get; }

    /// <summary>What the database is, for people.</summary>
    public string DatabaseDescription => _spine.Database.Description;

    /// <summary>Opens the database, brings it up to date and listens.</summary>
    /// <exception cref="OptionsException">The options can't be used.</exception>
    /// <exception cref="Exception">The database or the address can't be had; the message says why.</exception>
    public static async Task<SlipwayServer> StartAsync(ServerOptions options, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        if (options.Problems().ToList() is { Count: > 0 } problems)
        {
            throw new OptionsException(problems);
        }

        time ??= TimeProvider.System;
        var database = await Database.OpenAsync(new DatabaseLocation(options.Data, options.Database), time, cancellationToken);
        var spine = new Spine(database, new Changes(database, [], time), new Ingest(database), time);
        try
        {
            var routes = await ServerRoutes.BuildAsync(spine, options, cancellationToken);
            var web = Build(options, routes);
            await web.StartAsync(cancellationToken);
            return new SlipwayServer(web, spine, options);
        }
        catch
        {
            await CloseAsync(spine);
            throw;
        }
    }

    /// <summary>Runs until the process is asked to end.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => ((IHost)_web).WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        await CloseAsync(_spine);
    }

    private static async Task CloseAsync(Spine spine)
    {
        await spine.Changes.DisposeAsync();
        await spine.Ingest.DisposeAsync();
        await spine.Database.DisposeAsync();
    }

    private static WebApplication Build(ServerOptions options, RouteTable routes)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "slipway" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MaxRequestLineSize = 64 << 10;
            kestrel.Listen(options.Host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(options.Host), options.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(Enum.Parse<LogLevel>(options.LogLevel, ignoreCase: true));
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);

        var web = builder.Build();
        var errors = new ErrorAnswers(web.Services.GetRequiredService<ILogger<ErrorAnswers>>());
        web.Run(context =>
        {
            context.Response.Headers.XContentTypeOptions = "nosniff";
            context.Response.Headers.XFrameOptions = "SAMEORIGIN";
            return errors.GuardAsync(context, routes.HandleAsync);
        });
        return web;
    }
}
