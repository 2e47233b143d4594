using Slipway.Store.Sqlite;
using Slipway.Testing;
using Xunit;

namespace Slipway.Store.Tests.OnSqlite;

/// <summary>That a data folder has one master.</summary>
public sealed class FolderLockTests
{
    [Fact]
    public async Task A_folder_is_held_until_it_is_let_go()
    {
        await using var fresh = await Fresh.SqliteAsync();
        using (FolderLock.Take(fresh.Folder))
        {
            var refusal = Assert.Throws<FolderInUseException>(() => FolderLock.Take(fresh.Folder));
            Assert.Contains(fresh.Folder, refusal.Message, StringComparison.Ordinal);
            Assert.Contains($"process {Environment.ProcessId}", refusal.Message, StringComparison.Ordinal);
        }

        FolderLock.Take(fresh.Folder).Dispose();
    }

    [Fact]
    public async Task A_folder_that_is_taken_at_this_very_moment_is_refused_in_the_same_words()
    {
        await using var fresh = await Fresh.SqliteAsync();
        using var held = FolderLock.Take(fresh.Folder);
        File.Delete(Path.Join(fresh.Folder, "slipway.pid"));

        var refusal = Assert.Throws<FolderInUseException>(() => FolderLock.Take(fresh.Folder));
        Assert.Contains("is in use by another Slipway", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_made()
    {
        await using var fresh = await Fresh.SqliteAsync();
        var folder = Path.Join(fresh.Folder, "a", "b");

        FolderLock.Take(folder).Dispose();

        Assert.True(Directory.Exists(folder));
    }
}
