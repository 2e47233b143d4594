using System.Net;
using System.Net.Sockets;

namespace Slipway.Serving.Workers;

/// <summary>Where a worker answers: <c>unix:/path/to/socket</c>, or <c>http://127.0.0.1:5001</c>.</summary>
internal sealed record WorkerAddress
{
    private const string SocketPrefix = "unix:";

    private WorkerAddress(string? socket, IPEndPoint? endPoint) => (SocketPath, EndPoint) = (socket, endPoint);

    /// <summary>The path of its Unix socket; null when it listens on TCP.</summary>
    public string? SocketPath { get; }

    /// <summary>Where it listens on TCP; null when it has a Unix socket.</summary>
    public IPEndPoint? EndPoint { get; }

    public static WorkerAddress Socket(string path) => new(path, null);

    public static WorkerAddress Tcp(IPAddress host, int port) => new(null, new IPEndPoint(host, port));

    public static bool TryParse(string text, out WorkerAddress address)
    {
        address = Socket("");
        if (text.StartsWith(SocketPrefix, StringComparison.Ordinal))
        {
            address = Socket(text[SocketPrefix.Length..]);
            return Path.IsPathFullyQualified(address.SocketPath!);
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttp || !IPAddress.TryParse(url.Host.Trim('[', ']'), out var host))
        {
            return false;
        }

        address = Tcp(host, url.Port);
        return true;
    }

    /// <summary>Opens a connection; for the connect callback of an HTTP client.</summary>
    public async ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = SocketPath is null
            ? new Socket(EndPoint!.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(SocketPath is null ? EndPoint! : new UnixDomainSocketEndPoint(SocketPath), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public override string ToString() => SocketPath is null ? $"http://{EndPoint}" : SocketPrefix + SocketPath;
}
