using Npgsql;

namespace Slipway.Testing;

/// <summary>A PostgreSQL cluster in a temporary folder, reachable through a socket in that folder only, and gone with this process.</summary>
internal static class PostgresCluster
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    // A container often has 64 MB of it, which is not enough for three clusters at once.
    private const long _roomInMemory = 2L << 30;

    // English sorting by default, so that a column that lacks its collate "C" shows in the first test that orders by it.
    private static readonly string[] _sorting = ["--locale-provider=icu", "--icu-locale=en-US"];

    /// <summary>Starts a cluster and answers its superuser's connection string.</summary>
    public static async Task<string> StartAsync(bool fsync)
    {
        var binaries = PostgresBinaries.Find() ?? throw new InvalidOperationException(PostgresBinaries.Missing);
        var user = ServerUser.Find() ?? throw new InvalidOperationException(ServerUser.Missing);
        var folder = NewFolder(inMemory: !fsync);
        await user.OwnAsync(folder);
        await InitializeAsync(user, binaries, folder);

        var process = LeashedProcess.Start(new Leash(
            [
                Path.Join(binaries, "postgres"), "-D", Path.Join(folder, "data"), "-k", folder,
                "-c", "listen_addresses=", "-c", "max_connections=300",
                // A deadlock on purpose is found soon, and far from the two seconds that a change may take.
                "-c", "deadlock_timeout=100ms",
                "-c", $"fsync={(fsync ? "on" : "off")}", "-c", $"full_page_writes={(fsync ? "on" : "off")}",
                "-c", "synchronous_commit=on", "-c", "max_wal_size=256MB", "-c", "log_checkpoints=off",
            ])
        {
            Prefix = user.Prefix,
            // Asked to quit, it takes its shared memory with it.
            Signal = "QUIT",
            Folder = folder,
        });
        AppDomain.CurrentDomain.ProcessExit += (_, _) => process.Release();
        await process.WaitForLineAsync(line => line.Contains("ready to accept connections", StringComparison.Ordinal), _patience);

        return new NpgsqlConnectionStringBuilder { Host = folder, Username = "postgres", Database = "postgres" }.ConnectionString;
    }

    // A new database is three hundred small files: 20 ms in memory, up to 300 ms on a busy disk.
    private static string NewFolder(bool inMemory)
    {
        const string memory = "/dev/shm";
        if (OperatingSystem.IsWindows()
            || !inMemory
            || !Directory.Exists(memory)
            || new DriveInfo(memory).AvailableFreeSpace < _roomInMemory)
        {
            return Directory.CreateTempSubdirectory("slipway-pg-").FullName;
        }

        return Directory.CreateDirectory(
            Path.Join(memory, $"slipway-pg-{Guid.NewGuid():n}"),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
    }

    private static async Task InitializeAsync(ServerUser user, string binaries, string folder)
    {
        string[] command =
        [
            .. user.Prefix, Path.Join(binaries, "initdb"), "-D", Path.Join(folder, "data"), "--no-sync",
            "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C",
        ];

        // Before PostgreSQL 15 a cluster can't sort by ICU: it sorts by C then.
        if (await Command.TryRunAsync([.. command, .. _sorting]) is not null)
        {
            await Command.RunAsync(command);
        }
    }
}
