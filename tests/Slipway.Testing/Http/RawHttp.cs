using System.Net.Sockets;
using System.Text;

namespace Slipway.Testing;

/// <summary>Sends bytes that no HTTP client would: paths it would tidy, headers it would refuse, requests that break off.</summary>
public static class RawHttp
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    /// <summary>Sends a request as it is, each character a byte, and answers the reply; null if the server hangs up without one.</summary>
    public static Task<RawReply?> SendAsync(Uri server, string request) => SendAsync(server, Encoding.Latin1.GetBytes(request));

    public static async Task<RawReply?> SendAsync(Uri server, byte[] request)
    {
        using var patience = new CancellationTokenSource(_patience);
        using var socket = await ConnectAsync(server, request, patience.Token);
        return await ReadAsync(socket, patience.Token);
    }

    /// <summary>Sends the beginning of a request and hangs up.</summary>
    public static async Task CutAsync(Uri server, byte[] beginning)
    {
        using var patience = new CancellationTokenSource(_patience);
        using var socket = await ConnectAsync(server, beginning, patience.Token);
    }

    private static async Task<Socket> ConnectAsync(Uri server, byte[] bytes, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(server.Host, server.Port, cancellationToken);
            for (var sent = 0; sent < bytes.Length;)
            {
                sent += await socket.SendAsync(bytes.AsMemory(sent), cancellationToken);
            }

            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<RawReply?> ReadAsync(Socket socket, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var buffer = new byte[8192];
        while (!IsWhole(text.ToString()))
        {
            var read = await socket.ReceiveAsync(buffer, cancellationToken);
            if (read == 0)
            {
                break;
            }

            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }

        return text.Length == 0 ? null : Split(text.ToString());
    }

    // Without a length or chunks a reply ends with its connection.
    private static bool IsWhole(string text)
    {
        if (!text.Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            return false;
        }

        var reply = Split(text);
        if (reply.Header("Content-Length") is { } length)
        {
            return reply.Body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture) == length;
        }

        return reply.Header("Transfer-Encoding") == "chunked"
            ? reply.Body.EndsWith("0\r\n\r\n", StringComparison.Ordinal)
            : reply.Status is 204 or 304;
    }

    private static RawReply Split(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return end < 0 ? new RawReply(text, "") : new RawReply(text[..end], text[(end + 4)..]);
    }
}
