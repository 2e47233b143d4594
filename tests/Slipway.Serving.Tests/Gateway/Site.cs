using System.Net;
using System.Net.Sockets;
using System.Text;
using Slipway.Serving.Gateway;
using Slipway.Serving.Gateway.Records;
using Slipway.Serving.Workers;
using ServedModel = Slipway.Serving.Gateway.Records.ServedModel;
using Xunit;

namespace Slipway.Serving.Tests.Gateway;

/// <summary>A gateway in a folder of its own, its echo workers, and a client for each side.</summary>
internal sealed class Site : IAsyncDisposable
{
    private readonly List<EchoWorker> _workers = [];
    private HttpClient _control;
    private long _epoch;

    private Site(string folder, GatewayHost gateway)
    {
        (Folder, Gateway) = (folder, gateway);
        _control = Connect(gateway.ControlSocket);
    }

    public string Folder { get; }

    public GatewayHost Gateway { get; private set; }

    public HttpClient Callers { get; private set; } = new();

    public GatewayTable Table { get; private set; } = new() { Epoch = 0, Environment = "production", Listen = "http://127.0.0.1:0" };

    public static async Task<Site> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("slipway-gateway-").FullName;
        return new Site(folder, await GatewayHost.StartAsync(OptionsIn(folder)));
    }

    public async Task<EchoWorker> AddWorkerAsync()
    {
        var worker = await EchoWorker.StartAsync(Path.Join(Folder, $"e{_workers.Count}"));
        _workers.Add(worker);
        return worker;
    }

    public static Deployment Deploy(string id, DeploymentRole role, params EchoWorker[] workers) =>
        new() { Id = id, Version = id[1..], Role = role, Folder = "/", Addresses = [.. workers.Select(worker => worker.Address)] };

    public Task<GatewayState> ServeAsync(params Deployment[] deployments) =>
        PutAsync(table => table with { Models = [new ServedModel { Name = "iris", Deployments = deployments }] });

    /// <summary>Brings the next table and waits until its stable deployments have a healthy worker.</summary>
    public async Task<GatewayState> PutAsync(Func<GatewayTable, GatewayTable> change)
    {
        Table = change(Table) with { Epoch = ++_epoch };
        using var response = await PutRawAsync(Encoding.UTF8.GetString(GatewayJson.Write(Table)));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return await WaitAsync(state => state.Models.All(model => model.Deployments.Where(deployment => deployment.Role == DeploymentRole.Stable).All(IsServing)));
    }

    public Task<HttpResponseMessage> PutRawAsync(string json) => _control.PutAsync("/table", new StringContent(json));

    public Task<HttpResponseMessage> RollBackAsync(RollbackOrder order) => _control.PostAsync("/rollback", new ByteArrayContent(GatewayJson.Write(order)));

    public async Task<GatewayState> StateAsync() => GatewayJson.Read<GatewayState>(await _control.GetByteArrayAsync("/state"));

    public async Task<IReadOnlyList<JournaledLook>> LooksAsync(long after) => GatewayJson.Read<LooksAnswer>(await _control.GetByteArrayAsync($"/looks?after={after}")).Looks;

    public async Task<GatewayState> WaitAsync(Func<GatewayState, bool> wanted)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var state = await StateAsync();
        while (!wanted(state))
        {
            Assert.False(patience.IsCancellationRequested, Encoding.UTF8.GetString(GatewayJson.Write(state)));
            await Task.Yield();
            state = await StateAsync();
        }

        return state;
    }

    public Uri At(string path) => new(Gateway.Address + path);

    public Task<HttpResponseMessage> AskAsync(string body = "{\"inputs\": [1]}", string path = "/invocations") => Callers.PostAsync(At(path), new StringContent(body, Encoding.UTF8, "application/json"));

    /// <summary>The version that answers.</summary>
    public async Task<string> VersionAsync()
    {
        using var answer = await AskAsync();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer.Headers.GetValues("X-Slipway-Model-Version").Single();
    }

    public async Task RestartAsync()
    {
        await Gateway.DisposeAsync();
        Gateway = await GatewayHost.StartAsync(OptionsIn(Folder));
        Callers.Dispose();
        _control.Dispose();
        (Callers, _control) = (new HttpClient(), Connect(Gateway.ControlSocket));
    }

    public async ValueTask DisposeAsync()
    {
        Callers.Dispose();
        _control.Dispose();
        await Gateway.DisposeAsync();
        foreach (var worker in _workers)
        {
            await worker.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }

    private static GatewayOptions OptionsIn(string folder) => new(folder, new LocalWorkers(new LocalWorkersOptions(Path.Join(folder, "w"))));

    private static bool IsServing(DeploymentState deployment) => deployment.Workers.Any(worker => worker.Health == Slipway.Serving.Gateway.Records.WorkerHealth.Healthy);

    private static HttpClient Connect(string socket) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var unix = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await unix.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken);
            return new NetworkStream(unix, ownsSocket: true);
        },
    })
    { BaseAddress = new Uri("http://gateway") };
}
