using Slipway.Serving.Workers;

namespace Slipway.Serving.Gateway.Forwarding;

/// <summary>The way to one worker: its connections, how much it has to do, and whether it is sent anything.</summary>
internal sealed class WorkerLink : IDisposable
{
    /// <summary>So many time-outs in a row, without an answer between them, are a worker that hangs.</summary>
    private const int TimeoutsOfAHang = 3;

    private readonly HttpMessageInvoker _connections;
    private int _inFlight;
    private int _timeouts;
    private volatile bool _isHealthy;

    public WorkerLink(string id, WorkerAddress address)
    {
        (Id, Address) = (id, address);
        _connections = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = (_, cancellationToken) => address.ConnectAsync(cancellationToken),
            ConnectTimeout = TimeSpan.FromSeconds(2),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            AllowAutoRedirect = false,
            AutomaticDecompression = System.Net.DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
        });
    }

    public string Id { get; }

    public WorkerAddress Address { get; }

    public bool IsHealthy => _isHealthy;

    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Takes a place for a request; false when there is none.</summary>
    public bool TryTake(int limit)
    {
        if (!_isHealthy)
        {
            return false;
        }

        if (Interlocked.Increment(ref _inFlight) <= limit)
        {
            return true;
        }

        Interlocked.Decrement(ref _inFlight);
        return false;
    }

    public void GiveBack() => Interlocked.Decrement(ref _inFlight);

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _connections.SendAsync(request, cancellationToken);

    public void Answered()
    {
        if (_timeouts != 0)
        {
            _timeouts = 0;
        }
    }

    public void TimedOut()
    {
        if (Interlocked.Increment(ref _timeouts) >= TimeoutsOfAHang)
        {
            _isHealthy = false;
        }
    }

    /// <summary>Its connection broke: nothing is sent until a probe has succeeded.</summary>
    public void Lost() => _isHealthy = false;

    /// <summary>Asks it how it is, and believes the answer.</summary>
    public async Task<bool> ProbeAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Addresses.Ping);
            using var response = await _connections.SendAsync(request, limit.Token);
            _isHealthy = response.IsSuccessStatusCode;
        }
        catch (Exception exception) when (Failures.IsOfWorker(exception) || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            _isHealthy = false;
        }

        if (_isHealthy)
        {
            _timeouts = 0;
        }

        return _isHealthy;
    }

    public void Dispose() => _connections.Dispose();
}
