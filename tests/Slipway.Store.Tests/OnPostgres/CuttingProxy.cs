using System.Net;
using System.Net.Sockets;
using Npgsql;
using Slipway.Testing;

namespace Slipway.Store.Tests.OnPostgres;

/// <summary>Stands between us and PostgreSQL, and cuts a connection when a commit passes.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly NpgsqlConnectionStringBuilder _server;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _loop;
    private Cut _next;
    private int _refusals;
    private int _requests;

    public CuttingProxy(Fresh fresh)
    {
        _server = new NpgsqlConnectionStringBuilder(fresh.Database);
        _listener.Start();
        _loop = AcceptAsync();
    }

    public enum Cut
    {
        Nothing,

        /// <summary>The server never hears of the commit.</summary>
        BeforeCommit,

        /// <summary>The server commits, and its answer is lost.</summary>
        AfterCommit,
    }

    public string ConnectionString => new NpgsqlConnectionStringBuilder(_server.ConnectionString)
    {
        Host = "127.0.0.1",
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
        SslMode = SslMode.Disable,
        Pooling = true,
    }.ConnectionString;

    /// <summary>How many times a client has spoken.</summary>
    public int Requests => _requests;

    /// <summary>How many commits were cut.</summary>
    public int Cuts { get; private set; }

    /// <summary>Cuts the next commit, and refuses that many connections afterwards.</summary>
    public void CutNext(Cut cut, int refusals = 0) => (_next, _refusals) = (cut, refusals);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _loop;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var links = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_end.Token);
                if (Cuts > 0 && _refusals-- > 0)
                {
                    client.Dispose();
                    continue;
                }

                links.Add(LinkAsync(client));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(links);
        }
    }

    private async Task LinkAsync(Socket client)
    {
        using var near = client;
        using var far = _server.Host!.StartsWith('/') ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) : new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        await far.ConnectAsync(_server.Host.StartsWith('/') ? new UnixDomainSocketEndPoint($"{_server.Host}/.s.PGSQL.{_server.Port}") : new DnsEndPoint(_server.Host, _server.Port), end.Token);
        var link = new Link(near, far);
        await Task.WhenAny(RequestsAsync(link, end.Token), AnswersAsync(link, end.Token));
        await end.CancelAsync();
    }

    private async Task RequestsAsync(Link link, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 << 10];
        while (await TryReceiveAsync(link.Near, buffer, cancellationToken) is var read and > 0)
        {
            Interlocked.Increment(ref _requests);
            if (_next != Cut.Nothing && buffer.AsSpan(0, read).IndexOf("COMMIT\0"u8) >= 0)
            {
                (link.AnswerIsLost, _next, Cuts) = (_next == Cut.AfterCommit, Cut.Nothing, Cuts + 1);
                if (!link.AnswerIsLost)
                {
                    return;
                }
            }

            await link.Far.SendAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }

    private static async Task AnswersAsync(Link link, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 << 10];
        while (await TryReceiveAsync(link.Far, buffer, cancellationToken) is var read and > 0 && !link.AnswerIsLost)
        {
            await link.Near.SendAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }

    private static async Task<int> TryReceiveAsync(Socket socket, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await socket.ReceiveAsync(buffer, cancellationToken);
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            return 0;
        }
    }

    private sealed record Link(Socket Near, Socket Far)
    {
        public bool AnswerIsLost { get; set; }
    }
}
