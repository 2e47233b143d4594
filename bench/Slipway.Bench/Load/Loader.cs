using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Slipway.Bench.Load;

/// <summary>Keeps each of its connections busy from one thread: as soon as one is answered, it asks again.</summary>
internal sealed class Loader : IDisposable
{
    private readonly List<Connection> _connections;
    private readonly Dictionary<Socket, Connection> _bySocket;
    private readonly List<Socket> _readable = [];
    private readonly List<Connection> _ready = [];

    /// <summary>Goes on from measure to measure, so that a name is never given twice.</summary>
    private long _sent;

    public Loader(Uri address, int connections)
    {
        _connections = [.. Enumerable.Range(0, connections).Select(_ => new Connection(address))];
        _bySocket = _connections.ToDictionary(connection => connection.Socket);
    }

    public Measurement Run(Operation operation, TimeSpan time)
    {
        var measurement = new Measurement();
        Run(operation, time, measurement);
        return measurement;
    }

    /// <summary>Adds to what was measured before.</summary>
    public void Run(Operation operation, TimeSpan time, Measurement measurement) => Run(operation, long.MaxValue, time, measurement);

    /// <summary>Sends so many requests and no more; none of them may fail.</summary>
    public void Send(Operation operation, long count)
    {
        var done = new Measurement();
        Run(operation, count, TimeSpan.MaxValue, done);
        if (done.Errors > 0)
        {
            throw new InvalidOperationException($"Preparing failed: {done.FirstError}");
        }
    }

    public void Dispose() => _connections.ForEach(connection => connection.Dispose());

    private void Run(Operation operation, long left, TimeSpan time, Measurement measurement)
    {
        var begun = Stopwatch.GetTimestamp();
        var underWay = 0;
        foreach (var connection in _connections.Take((int)Math.Min(left, _connections.Count)))
        {
            SendNext(connection, operation);
            underWay++;
            left--;
        }

        while (underWay > 0)
        {
            foreach (var connection in WaitForAnswers())
            {
                if (!connection.TryReceive(out var response))
                {
                    continue;
                }

                Take(response, operation, measurement, Stopwatch.GetElapsedTime(connection.SentAt));
                if (left > 0 && Stopwatch.GetElapsedTime(begun) < time)
                {
                    SendNext(connection, operation);
                    left--;
                }
                else
                {
                    underWay--;
                }
            }
        }

        measurement.Elapsed += Stopwatch.GetElapsedTime(begun);
    }

    private void SendNext(Connection connection, Operation operation)
    {
        operation.Fill(operation.Request, _sent++);
        connection.Send(operation.Request.Bytes);
    }

    private static void Take(Response response, Operation operation, Measurement measurement, TimeSpan latency)
    {
        if (response.Status == 200)
        {
            operation.Read?.Invoke(response.Body);
        }
        else
        {
            measurement.FirstError ??= $"{response.Status} {Encoding.UTF8.GetString(response.Body)}";
            measurement.Errors++;
        }

        measurement.Add(latency);
    }

    private List<Connection> WaitForAnswers()
    {
        if (_connections.Count == 1)
        {
            // Receiving waits by itself: asking first would cost a call into the system.
            return _connections;
        }

        _readable.Clear();
        foreach (var connection in _connections)
        {
            _readable.Add(connection.Socket);
        }

        Socket.Select(_readable, null, null, -1);
        _ready.Clear();
        foreach (var socket in _readable)
        {
            _ready.Add(_bySocket[socket]);
        }

        return _ready;
    }
}
