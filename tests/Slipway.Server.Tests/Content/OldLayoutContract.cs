using Slipway.Server.Artifacts;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Content;

/// <summary>What a sweep promises of files as the first versions kept them, whatever the database.</summary>
public abstract class OldLayoutContract(Func<Task<Fresh>> freshDatabase) : SweptContract(freshDatabase)
{
    [Promise]
    public async Task Files_of_the_old_layout_move_into_the_store_and_are_there_at_every_moment()
    {
        foreach (var i in Enumerable.Range(0, 40))
        {
            await Store.PlantAsync($"0/run/artifacts/f{i}", $"text {i}");
        }

        await Store.PlantAsync("0/run/artifacts/named", "old");
        await Store.WriteAsync("0/run/artifacts/named", "new");
        var listed = await Store.ListAsync("0/run/artifacts");
        using var stop = new CancellationTokenSource();
        var reads = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i = (i + 1) % 40)
            {
                Assert.Equal($"text {i}", await Store.ReadAsync($"0/run/artifacts/f{i}"));
                Assert.Equal(listed, await Store.ListAsync("0/run/artifacts"));
            }
        });

        var report = await SweepAsync(TimeSpan.FromDays(1));
        await stop.CancelAsync();
        await reads;

        Assert.Equal((41, 0), (report.Moved.Files, report.Moved.Problems.Count));
        Assert.Empty(Directory.GetFileSystemEntries(Store.Files));
        Assert.Equal("new", await Store.ReadAsync("0/run/artifacts/named"));
        Assert.Equal(listed, await Store.ListAsync("0/run/artifacts"));
        await Store.DeleteAsync("0");
        Assert.Empty(await Store.ListAsync(""));
    }

    [Promise]
    public async Task A_file_of_the_old_layout_that_is_not_what_was_registered_is_told_and_stays()
    {
        await Store.PlantAsync("m/x", "true");
        await Store.Store.ManifestAsync(ArtifactPath.Parse("m"), CancellationToken.None);
        var file = Path.Join(Store.Files, "m", "x");
        var time = File.GetLastWriteTimeUtc(file);
        await File.WriteAllTextAsync(file, "evil");
        File.SetLastWriteTimeUtc(file, time);

        var report = await SweepAsync(TimeSpan.Zero);

        Assert.Contains("'m/x'", Assert.Single(report.Moved.Problems), StringComparison.Ordinal);
        Assert.True(File.Exists(file));
    }

    [Promise]
    public async Task Who_deletes_old_files_while_they_move_does_not_find_them_again()
    {
        for (var round = 0; round < 5; round++)
        {
            foreach (var i in Enumerable.Range(0, 10))
            {
                await Store.PlantAsync($"d/f{i}", $"text {i}");
            }

            await Task.WhenAll(Task.Run(() => SweepAsync(TimeSpan.Zero)), Task.Run(() => Store.DeleteAsync("d")));

            Assert.Empty(await Store.ListAllAsync("d"));
            Assert.Empty(await Store.ListAsync(""));
        }
    }
}

public sealed class OldLayoutOnSqlite() : OldLayoutContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class OldLayoutOnPostgres() : OldLayoutContract(Fresh.PostgresAsync);
