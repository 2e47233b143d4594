using System.Security.Cryptography;
using System.Text;
using Slipway.Store;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests;

/// <summary>A contract that is tested through a server on a fresh database.</summary>
public abstract class ServerContract(Func<Task<Fresh>> freshDatabase) : IAsyncLifetime
{
    private TestServer _server = null!;

    protected Fresh Place { get; private set; } = null!;

    protected Uri Address => _server.Address;

    protected WireClient Client => _server.Client;

    protected Database Database => _server.Database;

    /// <summary>The server's clock; null is the wall's.</summary>
    protected virtual TimeProvider? Clock => null;

    /// <summary>What is to be different about the server.</summary>
    protected virtual Action<ServerOptions>? Configure => null;

    public virtual async Task InitializeAsync()
    {
        Place = await freshDatabase();
        _server = await TestServer.StartAsync(Place, Clock, Configure);
    }

    public virtual async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await Place.DisposeAsync();
    }

    protected async Task<string> CreateRunAsync(string experiment = "0") =>
        (await Client.PostAsync("runs/create", new { experiment_id = experiment, start_time = 1 })).Ok()["run"]!["info"]!["run_id"]!.GetValue<string>();

    protected async Task<int> CreateVersionAsync(string name)
    {
        var version = (await Client.PostAsync("model-versions/create", new { name, source = "s3://bucket/model" })).Ok();
        return int.Parse(version["model_version"]!["version"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture);
    }

    protected async Task CreateModelAsync(string name) => (await Client.PostAsync("registered-models/create", new { name })).Ok();

    /// <summary>Puts another content under an artifact's name, behind the server's back; null takes the name away.</summary>
    protected async Task AlterFileAsync(string path, string? content)
    {
        var bytes = Encoding.UTF8.GetBytes(content ?? "");
        var alter = content is null
            ? Sql.Of($"delete from artifact_names where path = {path}")
            : Sql.Of($"update artifact_names set sha256 = {Convert.ToHexStringLower(SHA256.HashData(bytes))}, size = {bytes.Length} where path = {path}");
        await using var ingest = new Ingest(Database, TimeProvider.System);
        Assert.Equal(1, await ingest.WriteAsync((writer, token) => writer.ExecuteAsync(alter, token), CancellationToken.None));
    }

    /// <summary>The first column of what a statement finds.</summary>
    protected Task<List<string>> ColumnAsync(Sql sql) =>
        Database.ReadAsync(reader => reader.ListAsync(sql, row => row.IsDBNull(0) ? "" : row.GetValue(0).ToString()!, CancellationToken.None), CancellationToken.None);
}
