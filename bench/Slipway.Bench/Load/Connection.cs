using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Slipway.Bench.Load;

/// <summary>A kept-alive connection with one request under way at most.</summary>
internal sealed class Connection : IDisposable
{
    private byte[] _buffer = new byte[16 << 10];
    private int _filled;

    public Connection(Uri address)
    {
        Socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Socket.Connect(new IPEndPoint(IPAddress.Loopback, address.Port));
    }

    public Socket Socket { get; }

    public long SentAt { get; private set; }

    public void Send(ReadOnlySpan<byte> request)
    {
        _filled = 0;
        SentAt = Stopwatch.GetTimestamp();
        Socket.Send(request);
    }

    /// <summary>Takes what has arrived, or waits for it; false while the answer is not complete.</summary>
    public bool TryReceive(out Response response)
    {
        response = default;
        if (_filled == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var received = Socket.Receive(_buffer.AsSpan(_filled));
        if (received == 0)
        {
            throw new IOException("The server closed a connection.");
        }

        _filled += received;
        var arrived = _buffer.AsSpan(0, _filled);
        var head = arrived.IndexOf("\r\n\r\n"u8);
        if (head < 0 || _filled < head + 4 + Number(arrived[..head], "\r\nContent-Length: "u8))
        {
            return false;
        }

        response = new Response(Number(arrived[..head], "HTTP/1.1 "u8), arrived[(head + 4)..]);
        return true;
    }

    public void Dispose() => Socket.Dispose();

    private static int Number(ReadOnlySpan<byte> head, ReadOnlySpan<byte> after)
    {
        var start = head.IndexOf(after);
        return start >= 0 && Utf8Parser.TryParse(head[(start + after.Length)..], out int number, out _)
            ? number
            : throw new IOException("The server sent an answer that this loader can't read: each needs a Content-Length.");
    }
}

/// <summary>An answer, as long as its connection sends nothing else.</summary>
internal readonly ref struct Response(int status, ReadOnlySpan<byte> body)
{
    public int Status => status;

    public ReadOnlySpan<byte> Body { get; } = body;
}
