using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Slipway.Server.Auditing;
using Slipway.Server.Delivery;
using Slipway.Server.Identity;
using Slipway.Server.Routing;
using Slipway.Serving.Gateway.Records;
using Slipway.Wire.Native;

namespace Slipway.Server;

/// <summary>A running server.</summary>
public sealed class SlipwayServer : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly Spine _spine;
    private readonly FrontDesk _desk;
    private readonly IdleMemory _idle;

    private SlipwayServer(WebApplication web, Spine spine, FrontDesk desk, (RouteTable Routes, IdleMemory Idle) asked, ServerOptions options)
    {
        (_web, _spine, _desk, Routes, _idle) = (web, spine, desk, asked.Routes, asked.Idle);
        var address = web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        ListensEverywhere = IPAddress.TryParse(new Uri(address).Host.Trim('[', ']'), out var bound) && (bound.Equals(IPAddress.Any) || bound.Equals(IPAddress.IPv6Any));
        Address = new Uri((ListensEverywhere ? Nearest(address, bound!) : address) + options.StaticPrefix);
    }

    /// <summary>An address by which it can be reached from this machine.</summary>
    public Uri Address { get; }

    /// <summary>Whether it can be reached at every other address of this machine too.</summary>
    public bool ListensEverywhere { get; }

    /// <summary>What the database is, for people.</summary>
    public string DatabaseDescription => _spine.Database.Description;

    /// <summary>Makes the first user, an admin; null where that is not needed, or done.</summary>
    public string? SetupToken => _desk.Setup?.Secret;

    /// <summary>For tests, which knock at every one of them.</summary>
    internal RouteTable Routes { get; }

    /// <summary>For tests, which look past HTTP at what was kept.</summary>
    internal Store.Database Database => _spine.Database;

    /// <summary>Opens the database, brings it up to date and listens.</summary>
    /// <exception cref="OptionsException">The options can't be used.</exception>
    /// <exception cref="Exception">The database or the address can't be had; the message says why.</exception>
    public static async Task<SlipwayServer> StartAsync(ServerOptions options, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        if (options.Problems().ToList() is { Count: > 0 } problems)
        {
            throw new OptionsException(problems);
        }

        var loggers = Loggers(options);
        var spine = await Spine.OpenAsync(options, time ?? TimeProvider.System, loggers, cancellationToken);
        FrontDesk? desk = null;
        IdleMemory? idle = null;
        try
        {
            desk = await FrontDesk.OpenAsync(spine, options, loggers, cancellationToken);
            var routes = await ServerRoutes.BuildAsync(spine, desk, options, cancellationToken);
            idle = new IdleMemory(spine.Time, () =>
            {
                spine.Database.Shrink();
                IdleMemory.GiveBack();
            });
            var web = Build(options, loggers, ServerCertificate.Load(options, spine.Time, loggers.CreateLogger<ServerCertificate>()), context =>
            {
                idle.Note();
                return routes.HandleAsync(context);
            });
            await web.StartAsync(cancellationToken);
            var server = new SlipwayServer(web, spine, desk, (routes, idle), options);
            spine.Keeper = !options.Gateways ? null : new Keeper(spine, options.Data, (EntryAt(server.Address), options.Python), loggers.CreateLogger<Keeper>());
            return server;
        }
        catch
        {
            await (idle?.DisposeAsync() ?? ValueTask.CompletedTask);
            await (desk?.DisposeAsync() ?? ValueTask.CompletedTask);
            await spine.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs until the process is asked to end.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => ((IHost)_web).WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        await _idle.DisposeAsync();
        await _desk.DisposeAsync();
        await _spine.DisposeAsync();
    }

    // The gateways of environments ask here whether a caller may come in.
    private static EntryCheck EntryAt(Uri server) => new($"{server.AbsoluteUri.TrimEnd('/')}{NativeApi.Prefix}environments/{{0}}/entry");

    // Results go to stdout, talk to stderr.
    private static ILoggerFactory Loggers(ServerOptions options) => LoggerFactory.Create(logging =>
    {
        logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(Enum.Parse<LogLevel>(options.LogLevel, ignoreCase: true));

        // The copy of the checkpoints that is not on this machine's disk, if the log is kept elsewhere.
        logging.AddFilter(typeof(Checkpointer).FullName, LogLevel.Information);
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    });

    // Nobody can connect to "any address".
    private static string Nearest(string address, IPAddress any) =>
        new UriBuilder(address) { Host = (any.Equals(IPAddress.Any) ? IPAddress.Loopback : IPAddress.IPv6Loopback).ToString() }.Uri.GetLeftPart(UriPartial.Authority);

    private static WebApplication Build(ServerOptions options, ILoggerFactory loggers, ServerCertificate? certificate, RequestDelegate handle)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "slipway" });
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MaxRequestLineSize = 64 << 10;
            kestrel.Listen(options.Host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(options.Host), options.Port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                certificate?.Use(listen);
            });
        });
        builder.Services.AddSingleton(loggers);

        var web = builder.Build();
        var errors = new ErrorAnswers(options.StaticPrefix, loggers.CreateLogger<ErrorAnswers>());
        var origins = new Origins(options.CorsAllowedOriginList);
        var browsers = new BrowserGuard(options.StaticPrefix, options.AllowedHostList, origins);
        RequestDelegate answer = context =>
        {
            browsers.Check(context.Request);
            return Origins.AnswerPreflight(context) ? Task.CompletedTask : handle(context);
        };
        TrustedProxies.Use(web, options);
        web.Run(context =>
        {
            context.Response.Headers.XContentTypeOptions = "nosniff";
            if (options.XFrameOptions != ServerOptions.FramedByAnyone)
            {
                context.Response.Headers.XFrameOptions = options.XFrameOptions;
            }

            origins.Welcome(context);
            return errors.GuardAsync(context, answer);
        });
        return web;
    }
}
