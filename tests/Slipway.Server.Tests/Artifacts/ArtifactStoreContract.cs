using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using Slipway.Server.Artifacts;
using Slipway.Store;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Artifacts;

/// <summary>What the artifact store promises, whatever the database.</summary>
public abstract class ArtifactStoreContract(Func<Task<Fresh>> freshDatabase) : IAsyncLifetime
{
    private Fresh _fresh = null!;
    private FreshStore _store = null!;

    public async Task InitializeAsync()
    {
        _fresh = await freshDatabase();
        _store = await FreshStore.OpenAsync(_fresh);
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await _fresh.DisposeAsync();
    }

    [Promise]
    public async Task A_stored_file_is_there_with_its_size_and_digest()
    {
        var stored = await _store.WriteAsync("7/r/artifacts/é 漢+.txt", "hello");

        Assert.Equal(5, stored.Size);
        Assert.Equal(Sha256("hello"), stored.Sha256);
        Assert.Equal("hello", await _store.ReadAsync("7/r/artifacts/é 漢+.txt"));
        Assert.Equal(Sha256("hello"), (await _store.FindAsync("7/r/artifacts/é 漢+.txt"))!.Sha256);
    }

    [Promise]
    public async Task An_empty_file_is_a_file()
    {
        await _store.WriteAsync("empty", "");

        Assert.Equal("", await _store.ReadAsync("empty"));
        Assert.Equal(0, (await _store.FindAsync("empty"))!.Size);
    }

    [Promise]
    public async Task A_listing_is_one_level_deep_and_sorted_by_code_points()
    {
        foreach (var name in new[] { "d/b", "d/a", "d/B", "d/sub/x", "d/.hidden", "d/\uffee", "d/😀" })
        {
            await _store.WriteAsync(name, "x");
        }

        Assert.Equal([".hidden", "B", "a", "b", "sub/", "\uffee", "😀"], await _store.ListAsync("d"));
        Assert.Equal(["d/"], await _store.ListAsync(""));
        Assert.Empty(await _store.ListAsync("d/a"));
        Assert.Empty(await _store.ListAsync("nope"));
        Assert.Empty(await _store.ListAsync("d/a/b"));
        Assert.Equal(7, (await _store.ListAllAsync("d")).Count);
    }

    [Promise]
    public async Task Reading_what_is_not_there_says_so()
    {
        Assert.Equal(FaultKind.NotFound, (await Assert.ThrowsAsync<Fault>(() => _store.OpenAsync("nope/x"))).Kind);
        Assert.Null(await _store.FindAsync("nope/x"));
    }

    [Promise]
    public async Task A_folder_can_be_neither_read_nor_overwritten_and_a_file_holds_nothing()
    {
        await _store.WriteAsync("d/x", "x");

        Assert.Equal(FaultKind.Invalid, (await Assert.ThrowsAsync<Fault>(() => _store.OpenAsync("d"))).Kind);
        Assert.Equal(FaultKind.Invalid, (await Assert.ThrowsAsync<Fault>(() => _store.OpenAsync(""))).Kind);
        Assert.Equal(FaultKind.NotFound, (await Assert.ThrowsAsync<Fault>(() => _store.OpenAsync("d/x/y"))).Kind);
        Assert.Equal(FaultKind.Invalid, (await Assert.ThrowsAsync<Fault>(() => _store.WriteAsync("d", "y"))).Kind);
        Assert.Equal(FaultKind.Invalid, (await Assert.ThrowsAsync<Fault>(() => _store.WriteAsync("d/x/y", "y"))).Kind);
        Assert.Equal(FaultKind.Invalid, (await Assert.ThrowsAsync<Fault>(() => _store.WriteAsync("d/x/y/z", "y"))).Kind);
        Assert.Equal("x", await _store.ReadAsync("d/x"));
    }

    [Promise]
    public async Task Who_reads_while_a_file_is_overwritten_reads_the_old_one_whole()
    {
        await _store.WriteAsync("f", new string('a', 1 << 20));
        await using var open = await _store.OpenAsync("f");

        await _store.WriteAsync("f", "new");

        using var reader = new StreamReader(open.Stream);
        Assert.Equal(new string('a', 1 << 20), await reader.ReadToEndAsync());
        Assert.Equal("new", await _store.ReadAsync("f"));
    }

    [Promise]
    public async Task Readers_never_see_a_mixture_while_many_write_one_path()
    {
        await _store.WriteAsync("f", new string('0', 100_000));
        var writes = Enumerable.Range(1, 8).Select(i => Task.Run(() => _store.WriteAsync("f", new string((char)('0' + i), 100_000 + i)))).ToList();

        while (!writes.TrueForAll(write => write.IsCompleted))
        {
            AssertWhole(await _store.ReadAsync("f"));
        }

        await Task.WhenAll(writes);
        AssertWhole(await _store.ReadAsync("f"));
        Assert.Empty(Directory.GetFileSystemEntries(_store.Root.IncomingFolder));
        await AssertManifestIsTrueAsync("f");

        static void AssertWhole(string text) => Assert.Equal(new string(text[0], 100_000 + text[0] - '0'), text);
    }

    [Promise]
    public async Task A_body_that_breaks_off_leaves_nothing()
    {
        await _store.WriteAsync("d/kept", "old");
        var before = _store.OnDisk();

        await Assert.ThrowsAsync<IOException>(() => _store.Store.WriteAsync(ArtifactPath.Parse("d/kept"), new BrokenStream(500_000), CancellationToken.None));
        await Assert.ThrowsAsync<IOException>(() => _store.Store.WriteAsync(ArtifactPath.Parse("new/file"), new BrokenStream(500_000), CancellationToken.None));

        Assert.Equal(before, _store.OnDisk());
    }

    [Promise]
    public async Task A_disk_that_takes_nothing_is_a_reason_to_try_later()
    {
        Directory.Delete(_store.Root.IncomingFolder);

        Assert.Equal(FaultKind.Unavailable, (await Assert.ThrowsAsync<Fault>(() => _store.WriteAsync("x", "y"))).Kind);
        Assert.Empty(await _store.ListAsync(""));
    }

    [Promise]
    public async Task Uploads_that_a_killed_process_left_are_removed_at_start()
    {
        await _store.WriteAsync("x", "y");
        var left = Path.Join(_store.Root.IncomingFolder, "left");
        await File.WriteAllTextAsync(left, "half");

        await RestartAsync();

        Assert.False(File.Exists(left));
        Assert.Single(Directory.GetDirectories(Path.Join(_store.Folder, "artifacts", "benches")));
        Assert.Equal("y", await _store.ReadAsync("x"));
    }

    [Promise]
    public async Task Processes_that_share_the_artifacts_leave_each_others_uploads_alone()
    {
        var underWay = Path.Join(_store.Root.IncomingFolder, "under-way");
        await File.WriteAllTextAsync(underWay, "half");

        using var other = ArtifactRoot.Open(Path.Join(_store.Folder, "artifacts"), TimeProvider.System);

        Assert.True(File.Exists(underWay));
        Assert.NotEqual(other.IncomingFolder, _store.Root.IncomingFolder);
    }

    [Promise]
    [UnsupportedOSPlatform("windows")]
    public async Task Nobody_else_on_the_machine_can_read_the_files()
    {
        await _store.WriteAsync("a/b", "x");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Assert.Single(Directory.GetFiles(_store.Packs))));
        foreach (var folder in new[] { _store.Files, _store.Packs, _store.Root.IncomingFolder, _store.Root.TrashFolder })
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        }
    }

    [Promise]
    public async Task Nothing_is_read_listed_written_or_deleted_through_a_symbolic_link()
    {
        var outside = Directory.CreateDirectory(Path.Join(_store.Folder, "outside")).FullName;
        await File.WriteAllTextAsync(Path.Join(outside, "secret"), "secret");
        await _store.WriteAsync("d/x", "x");
        Directory.CreateDirectory(Path.Join(_store.Files, "d"));
        Directory.CreateSymbolicLink(Path.Join(_store.Files, "d", "folder"), outside);
        File.CreateSymbolicLink(Path.Join(_store.Files, "d", "file"), Path.Join(outside, "secret"));
        File.CreateSymbolicLink(Path.Join(_store.Files, "d", "dangling"), Path.Join(outside, "new"));

        foreach (var path in new[] { "d/folder/secret", "d/folder/new", "d/folder", "d/file", "d/file/x", "d/dangling" })
        {
            var parsed = ArtifactPath.Parse(path);
            AssertRefused(await Assert.ThrowsAsync<Fault>(() => _store.OpenAsync(path)));
            AssertRefused(await Assert.ThrowsAsync<Fault>(() => _store.FindAsync(path)));
            AssertRefused(await Assert.ThrowsAsync<Fault>(() => _store.ListAsync(path)));
            AssertRefused(await Assert.ThrowsAsync<Fault>(() => _store.WriteAsync(path, "evil")));
            AssertRefused(await Assert.ThrowsAsync<Fault>(() => _store.DeleteAsync(path)));
            AssertRefused(await Assert.ThrowsAsync<Fault>(() => _store.Store.ManifestAsync(parsed, CancellationToken.None)));
        }

        Assert.Equal(["x"], await _store.ListAsync("d"));
        Assert.Equal("d/x", Assert.Single(await _store.ListAllAsync("d")).Path.Text);
        Assert.Equal(["secret"], Directory.GetFileSystemEntries(outside).Select(Path.GetFileName));
        Assert.Equal("secret", await File.ReadAllTextAsync(Path.Join(outside, "secret")));
        await _store.DeleteAsync("d");
        Assert.Equal("secret", await File.ReadAllTextAsync(Path.Join(outside, "secret")));

        static void AssertRefused(Fault fault)
        {
            Assert.Equal(FaultKind.Invalid, fault.Kind);
            Assert.StartsWith("Invalid path", fault.Message, StringComparison.Ordinal);
        }
    }

    [Promise]
    public async Task A_name_that_we_would_not_have_written_is_not_shown()
    {
        await _store.WriteAsync("d/x", "x");
        await _store.PlantAsync("d/a#b", "planted");
        await _store.PlantAsync("d/a%2fb%2f..", "planted");

        Assert.Equal(["x"], await _store.ListAsync("d"));
    }

    [Promise]
    public async Task A_manifest_names_every_file_with_its_digest_as_sha256sum_would()
    {
        await _store.WriteAsync("m/MLmodel", "flavors: {}");
        await _store.WriteAsync("m/data/a b", "x");
        await _store.WriteAsync("m-other", "y");
        await _store.WriteAsync("m0", "y");

        var manifest = await _store.Store.ManifestAsync(ArtifactPath.Parse("m"), CancellationToken.None);

        Assert.Equal([new ManifestFile("MLmodel", 11, Sha256("flavors: {}")), new ManifestFile("data/a b", 1, Sha256("x"))], manifest!.Files);
        Assert.Equal(Sha256($"{Sha256("flavors: {}")}  MLmodel\n{Sha256("x")}  data/a b\n"), manifest.Digest);
    }

    [Promise]
    public async Task A_manifest_of_one_file_names_it_and_of_nothing_there_is_none()
    {
        await _store.WriteAsync("m/x.pkl", "x");

        Assert.Equal("x.pkl", Assert.Single((await _store.Store.ManifestAsync(ArtifactPath.Parse("m/x.pkl"), CancellationToken.None))!.Files).Path);
        Assert.Null(await _store.Store.ManifestAsync(ArtifactPath.Parse("nope"), CancellationToken.None));
        Assert.Null(await _store.Store.ManifestAsync(ArtifactPath.Root, CancellationToken.None));
    }

    [Promise]
    public async Task A_remembered_digest_is_not_believed_for_other_bytes()
    {
        await _store.PlantAsync("m/x", "old");
        await AssertManifestIsTrueAsync("m");
        await _store.PlantAsync("m/x", "new");
        await _store.PlantAsync("m/y", "never seen");

        await AssertManifestIsTrueAsync("m");
        Assert.Equal(["m/x", "m/y"], await _store.DigestsAsync());
        await AssertManifestIsTrueAsync("m");
    }

    [Promise]
    public async Task A_deletion_takes_a_file_or_a_folder_and_is_on_record()
    {
        await _store.WriteAsync("d/x", "x");
        await _store.WriteAsync("d/sub/y", "y");
        await _store.WriteAsync("d0", "z");

        await _store.DeleteAsync("d/x");
        await _store.DeleteAsync("d");

        Assert.Equal(["d0"], await _store.ListAsync(""));
        Assert.Equal(["artifact.delete artifacts/d/x done", "artifact.delete artifacts/d done"], await _store.AuditAsync());
        await UntilAsync(() => Directory.GetFileSystemEntries(_store.Root.TrashFolder).Length == 0);
    }

    [Promise]
    public async Task Deleting_what_is_not_there_leaves_no_record()
    {
        await _store.DeleteAsync("nope");
        await _store.DeleteAsync("nope/deeper");

        Assert.Empty(await _store.AuditAsync());
        Assert.Equal(FaultKind.Invalid, (await Assert.ThrowsAsync<Fault>(() => _store.Store.DeleteAsync(ArtifactPath.Root, FreshStore.Someone, CancellationToken.None))).Kind);
    }

    [Promise]
    public async Task When_many_delete_one_artifact_one_entry_says_so()
    {
        await _store.WriteAsync("d/x", "x");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => _store.DeleteAsync("d"))));

        Assert.Equal(["artifact.delete artifacts/d done"], await _store.AuditAsync());
        await UntilAsync(() => Directory.GetFileSystemEntries(_store.Root.TrashFolder).Length == 0);
    }

    [PromiseTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_refused_deletion_brings_everything_back(bool afterwards)
    {
        await RestartAsync(new Forbidding(afterwards));
        await _store.WriteAsync("d/x", "x");
        await _store.PlantAsync("d/sub/y", "y");
        await AssertManifestIsTrueAsync("d");

        await Assert.ThrowsAsync<RefusedException>(() => _store.DeleteAsync("d"));

        Assert.Equal("x", await _store.ReadAsync("d/x"));
        Assert.Equal("y", await _store.ReadAsync("d/sub/y"));
        Assert.Equal(["artifact.delete artifacts/d refused"], await _store.AuditAsync());
        Assert.Equal(["d/sub/y"], await _store.DigestsAsync());
        await UntilAsync(() => Directory.GetFileSystemEntries(_store.Root.TrashFolder).Length == 0);
    }

    [Promise]
    public async Task What_was_stored_while_a_deletion_failed_is_newer_and_stays()
    {
        await _store.PlantAsync("d/x", "old");
        await _store.PlantAsync("d/y", "old");
        await _store.Trash.TakeAsync("no-such-change", ArtifactPath.Parse("d"), CancellationToken.None);
        await _store.WriteAsync("d/x", "new");

        await _store.Trash.SettleAsync("no-such-change", CancellationToken.None);

        Assert.Equal("new", await _store.ReadAsync("d/x"));
        Assert.Equal("old", await _store.ReadAsync("d/y"));
    }

    [PromiseTheory]
    [InlineData(true, "[]")]
    [InlineData(false, "[d/]")]
    public async Task After_a_kill_the_audit_log_decides_about_the_trash(bool committed, string left)
    {
        await _store.PlantAsync("d/x", "x");
        await _store.PlantAsync("other/x", "x");
        await _store.DeleteAsync("other");
        await UntilAsync(() => Directory.GetFileSystemEntries(_store.Root.TrashFolder).Length == 0);
        var done = await _store.Database.ReadAsync(reader => reader.FindAsync($"select change_id from audit", row => row.GetString(0), CancellationToken.None), CancellationToken.None);

        // As if the process had ended after the move and before, or after, the commit.
        await _store.Trash.TakeAsync(committed ? done! : "unknown", ArtifactPath.Parse("d"), CancellationToken.None);
        await RestartAsync();

        Assert.Equal(left, $"[{string.Join(' ', await _store.ListAsync(""))}]");
        await UntilAsync(() => Directory.GetFileSystemEntries(_store.Root.TrashFolder).Length == 0);
    }

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!condition())
        {
            await Task.Delay(5, patience.Token);
        }
    }

    private async Task RestartAsync(params IReadOnlyList<IRule> rules)
    {
        await _store.DisposeAsync();
        _store = await FreshStore.OpenAsync(_fresh, rules);
    }

    private async Task AssertManifestIsTrueAsync(string path)
    {
        var source = ArtifactPath.Parse(path);
        var manifest = await _store.Store.ManifestAsync(source, CancellationToken.None);
        foreach (var (name, entry) in manifest!.Files.Zip((await _store.ListAllAsync(path)).OrderBy(entry => entry.Path.Text, StringComparer.Ordinal)))
        {
            Assert.Equal(Sha256(await _store.ReadAsync(entry.Path.Text)), name.Sha256);
        }
    }

    /// <summary>Forbids everything, before or after it was applied.</summary>
    private sealed class Forbidding(bool afterwards) : IRule
    {
        public Task BeforeAsync(Change change, ChangeRequest request, CancellationToken cancellationToken) => afterwards ? Task.CompletedTask : throw new RefusedException("No.");

        public Task AfterAsync(Change change, ChangeRequest request, CancellationToken cancellationToken) => throw new RefusedException("No.");
    }

    /// <summary>Gives some bytes and then fails, as a connection does.</summary>
    private sealed class BrokenStream(int length) : MemoryStream(new byte[length])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is var read and > 0 ? read : throw new IOException("The client hung up.");
    }
}

public sealed class ArtifactStoreOnSqlite() : ArtifactStoreContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class ArtifactStoreOnPostgres() : ArtifactStoreContract(Fresh.PostgresAsync);
