using System.Net;
using System.Net.Sockets;
using System.Text;
using Slipway.Conformance.Tests.Replay;

namespace Slipway.Conformance.Tests.SelfTests;

/// <summary>What was recorded goes out byte for byte.</summary>
public sealed class SenderTests
{
    [Theory]
    [InlineData("/a/../../x")]
    [InlineData("/a//b/./c/")]
    [InlineData("/..%2F..%2Fetc%2Fpasswd")]
    [InlineData("/%252e%252e/a%5Cb%3A%23%00")]
    [InlineData("/x%20y/%C3%A9/p%20c&+")]
    [InlineData("/a?path=%2Fetc&filter=name+%3D+%27m%27&page_token=eyJ%3D%3D")]
    public async Task A_path_is_sent_as_it_is(string target)
    {
        var sent = await SendAsync(new OutgoingRequest("GET", target, []));

        Assert.StartsWith($"GET {target} HTTP/1.1\r\n", sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_goes_with_any_method_and_without_a_type_if_none_was_sent()
    {
        var sent = await SendAsync(new OutgoingRequest("GET", "/", "{}"u8.ToArray()));

        Assert.DoesNotContain("Content-Type", sent, StringComparison.OrdinalIgnoreCase);
        Assert.EndsWith("\r\n\r\n{}", sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_type_is_sent_as_it_is()
    {
        var sent = await SendAsync(new OutgoingRequest("POST", "/", "x"u8.ToArray()) { ContentType = "application/json; charset=utf-8" });

        Assert.Contains("\r\nContent-Type: application/json; charset=utf-8\r\n", sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_connection_has_no_status()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var sender = new Sender(new Uri($"http://{listener.LocalEndpoint}"));

        var answer = sender.SendAsync(new OutgoingRequest("POST", "/", []));
        var connection = await listener.AcceptTcpClientAsync();
        listener.Stop();
        connection.Dispose();

        Assert.Equal(0, (await answer).Status);
    }

    private static async Task<string> SendAsync(OutgoingRequest request)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var sender = new Sender(new Uri($"http://{listener.LocalEndpoint}"));
        var answer = sender.SendAsync(request);

        using var client = await listener.AcceptTcpClientAsync();
        await using var stream = client.GetStream();
        var sent = await ReadAsync(stream, request.Body.Length);
        await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray());

        Assert.Equal(200, (await answer).Status);
        return sent;
    }

    private static async Task<string> ReadAsync(NetworkStream stream, int body)
    {
        var sent = new StringBuilder();
        var buffer = new byte[4096];

        while (sent.ToString().IndexOf("\r\n\r\n", StringComparison.Ordinal) is var head && (head < 0 || sent.Length < head + 4 + body))
        {
            sent.Append(Encoding.Latin1.GetString(buffer, 0, await stream.ReadAsync(buffer)));
        }

        return sent.ToString();
    }
}
