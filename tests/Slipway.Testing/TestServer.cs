using Slipway.Server;
using Slipway.Store;

namespace Slipway.Testing;

/// <summary>The real server in this process, on a free port, with a client.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly SlipwayServer _server;

    private TestServer(SlipwayServer server)
    {
        _server = server;
        Client = new WireClient(server.Address);
    }

    public Uri Address => _server.Address;

    public WireClient Client { get; }

    /// <summary>What the server prints for the making of its first user.</summary>
    public string? SetupToken => _server.SetupToken;

    /// <summary>What the server keeps, for assertions that no endpoint answers.</summary>
    public Database Database => _server.Database;

    /// <summary>Starts it on this folder and database, open to anonymous callers; start another on the same to see what was kept.</summary>
    public static async Task<TestServer> StartAsync(Fresh fresh, TimeProvider? time = null, Action<ServerOptions>? configure = null)
    {
        var options = new ServerOptions
        {
            Host = "127.0.0.1",
            Port = 0,
            Data = fresh.Folder,
            Database = fresh.Database,
            AllowAnonymous = true,
        };
        configure?.Invoke(options);
        return new TestServer(await SlipwayServer.StartAsync(options, time));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
    }
}
