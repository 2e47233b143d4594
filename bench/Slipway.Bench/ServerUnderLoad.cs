using System.Diagnostics;
using Npgsql;
using Slipway.Bench.Machine;
using Slipway.Testing;

namespace Slipway.Bench;

/// <summary>The built server in a process of its own, on an empty folder or an empty database of a cluster that keeps what it commits.</summary>
internal sealed class ServerUnderLoad : IAsyncDisposable
{
    private readonly Fresh _fresh;
    private readonly SlipwayProcess _slipway;
    private readonly Process _process;

    private ServerUnderLoad(Fresh fresh, SlipwayProcess slipway) => (_fresh, _slipway, _process) = (fresh, slipway, Process.GetProcessById(slipway.Pid));

    public Uri Address => _slipway.Address;

    public ResidentMemory? Memory => ResidentMemory.Of(_slipway.Pid);

    /// <summary>What the processors have spent on it so far; on its database, where that is another process, they spend more.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static async Task<ServerUnderLoad> StartAsync(DatabaseKind kind)
    {
        var fresh = kind == DatabaseKind.Sqlite ? await Fresh.SqliteAsync() : await Fresh.DurablePostgresAsync();
        return new ServerUnderLoad(fresh, await SlipwayProcess.StartAsync(fresh));
    }

    public async Task<string> VersionAsync()
    {
        if (_fresh.Database is null)
        {
            // "  database   SQLite 3.50.4, /folder/slipway.db"
            return _slipway.Output.First(line => line.Contains("SQLite", StringComparison.Ordinal)).Split(',')[0].Replace("database", "", StringComparison.Ordinal).Trim();
        }

        await using var connection = new NpgsqlConnection(_fresh.Database);
        await connection.OpenAsync();
        return $"PostgreSQL {connection.PostgreSqlVersion}";
    }

    /// <summary>Does what PostgreSQL does by itself within a minute of such a change: it looks at its tables, so that it plans well.</summary>
    public async Task SettleAsync()
    {
        if (_fresh.Database is not null)
        {
            await using var connection = new NpgsqlConnection(_fresh.Database);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("analyze", connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Dispose();
        await _slipway.DisposeAsync();
        await _fresh.DisposeAsync();
    }
}
