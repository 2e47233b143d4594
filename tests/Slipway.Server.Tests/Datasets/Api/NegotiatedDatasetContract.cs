using System.Net;
using System.Text;
using Slipway.Client;
using Slipway.Server.Tests.Content;
using Slipway.Server.Tests.Identity;
using Slipway.Testing;
using Slipway.Wire;
using Slipway.Wire.Content;
using Slipway.Wire.Datasets;
using Xunit;
using static Slipway.Server.Tests.Datasets.Api.Sending;

namespace Slipway.Server.Tests.Datasets.Api;

/// <summary>What is promised where only what is missing of a version's files is sent, whatever the database.</summary>
public abstract class NegotiatedDatasetContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    private readonly List<SentContent> _sent = [];
    private SlipwayClient _client = null!;

    private long Sent => _sent.Sum(file => file.Sent);

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _client = new SlipwayClient(Client.Address);
    }

    public override async Task DisposeAsync()
    {
        _client.Dispose();
        await base.DisposeAsync();
    }

    [Promise]
    public async Task Of_a_changed_table_only_a_few_chunks_are_sent_and_it_is_read_as_ever()
    {
        var first = Table(200_000);
        var second = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(first).Replace("\n100000,", "\n-1,", StringComparison.Ordinal) + "7,eight\n");
        await AddAsync("1.0.0", "train.csv", first);
        Assert.Equal(first.Length, Sent);

        var added = await AddAsync("2.0.0", "renamed.csv", second);

        Assert.InRange(Sent, 1, 5 * Chunker.Greatest);
        Assert.Equal((true, 200_001, Samples.Sha256(second)), (added.Added, added.Version.Samples, added.Version.ByteDigest));
        Samples.AssertSame(second, (await Client.FetchAsync("d", "2.0.0")).Bytes);
        Samples.AssertSame(first, (await Client.FetchAsync("d", "1.0.0")).Bytes);
    }

    [Promise]
    public async Task The_same_again_sends_nothing_and_changes_nothing()
    {
        var bytes = Samples.Random(1, 1 << 20);
        await AddAsync("1.0.0", "x.bin", bytes);

        Assert.False((await AddAsync("1.0.0", "x.bin", bytes)).Added);

        Assert.Equal(0, Sent);
        Assert.Equal(["dataset.add"], await ColumnAsync($"select action from audit where action like 'dataset%'"));
        var refused = await Assert.ThrowsAsync<SlipwayException>(() => AddAsync("1.0.0", "x.bin", Samples.Random(2, 1 << 20)));
        Assert.Equal(ErrorCode.ResourceAlreadyExists, refused.Code);
        Assert.Empty(await ColumnAsync($"select id from dataset_drafts"));
    }

    [Promise]
    public async Task The_base_is_the_file_of_the_same_path_in_the_version_that_is_named()
    {
        var (one, other) = (Samples.Random(1, 1 << 20), Samples.Random(2, 1 << 20));
        await AddAsync("1.0.0", null, ("a.bin", one), ("b.bin", other), ("small.txt", "few"u8.ToArray()));
        await AddAsync("2.0.0", null, ("a.bin", Samples.Random(3, 1 << 20)));

        await AddAsync("3.0.0", new DatasetSending { Base = "1.0.0" }, ("a.bin", one), ("b.bin", other), ("small.txt", "few"u8.ToArray()));
        Assert.Equal(3, Sent);
        await AddAsync("4.0.0", new DatasetSending { Base = null }, ("a.bin", one));
        Assert.Equal(1 << 20, Sent);
        Assert.Equal(ErrorCode.ResourceDoesNotExist, (await Assert.ThrowsAsync<SlipwayException>(() => AddAsync("5.0.0", new DatasetSending { Base = "9.9.9" }, ("a.bin", one)))).Code);
    }

    [Promise]
    public async Task What_was_interrupted_goes_on_where_it_stopped()
    {
        var bytes = Samples.Random(4, 40 << 20);
        var opened = 0;
        await Assert.ThrowsAnyAsync<Exception>(() => _client.AddDatasetVersionAsync("d", new AddDatasetVersionRequest("1.0.0", null), [new DatasetUpload("x.bin", () => opened++ == 0 ? new MemoryStream(bytes) : new BreakingStream(bytes, 36 << 20))]));
        Assert.Empty((await Client.GetAsync(Root)).Ok()["datasets"]!.AsArray());

        await AddAsync("1.0.0", "x.bin", bytes);

        Assert.InRange(Sent, 1, 8 << 20);
        Samples.AssertSame(bytes, (await Client.FetchAsync("d", "1.0.0")).Bytes);
    }

    [Promise]
    public async Task A_table_that_can_t_be_read_is_told_with_its_line_and_adds_nothing()
    {
        byte[] bytes = [.. Table(60_000), .. "1,2,3\n"u8];

        var refused = await Assert.ThrowsAsync<SlipwayException>(() => AddAsync("1.0.0", "t.csv", bytes));

        Assert.Contains("Line 60002", refused.Message, StringComparison.Ordinal);
        Assert.Empty((await Client.GetAsync(Root)).Ok()["datasets"]!.AsArray());
        Assert.Equal(["0", "0"], [.. await ColumnAsync($"select count(*) from content_uploads"), .. await ColumnAsync($"select count(*) from dataset_drafts")]);
    }

    [Promise]
    public async Task Knowing_the_hash_of_a_file_grants_none_of_it()
    {
        var root = await Client.FoundAsync();
        var (ann, bob) = (await root.AddAsync("ann"), await root.AddAsync("bob"));
        var secret = Samples.Random(5, 700_000);
        await ann.AddAsync("theirs", "1.0.0", "x.bin", secret);
        (await ann.PostAsync($"{Root}/theirs/permissions", new { user = "bob", permission = "NO_PERMISSIONS" })).Ok();
        var draft = (await bob.PostAsync($"{Root}/mine/drafts", new { version = "1.0.0" })).Ok().Text("id")!;

        var upload = (await BeginAsync(bob, "mine", draft, secret)).Ok();
        Assert.Equal((0, null), (upload.Number("position"), upload.Text("base_sha256")));
        Assert.Equal(HttpStatusCode.Conflict, (await bob.PostAsync($"{Crowd.Native}uploads/{upload.Text("id")}/complete")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendRunAsync(bob, upload.Text("id")!, new UploadRun(secret.Length, 0))).Status);

        Assert.Equal(HttpStatusCode.Forbidden, (await BeginAsync(bob, "theirs", draft, secret)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await BeginAsync(ann, "mine2", draft, secret)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await BeginAsync(bob, "mine", draft, secret, "1.0.0")).Status);
    }

    [Promise]
    public async Task Others_neither_see_nor_complete_an_upload_for_a_draft()
    {
        var root = await Client.FoundAsync();
        var (ann, bob) = (await root.AddAsync("ann"), await root.AddAsync("bob"));
        var bytes = Samples.Random(6, 700_000);
        await ann.AddAsync("shared", "1.0.0", "x.bin", bytes);
        (await ann.PostAsync($"{Root}/shared/permissions", new { user = "bob", permission = "EDIT" })).Ok();
        var drafts = new[] { await DraftAsync(ann), await DraftAsync(bob) };

        Assert.NotEqual(drafts[0], drafts[1]);
        Assert.Equal(drafts[1], await DraftAsync(bob));
        var upload = (await BeginAsync(bob, "shared", drafts[1], bytes, "latest")).Ok().Text("id")!;
        Assert.Equal(HttpStatusCode.NotFound, (await BeginAsync(bob, "shared", drafts[0], bytes)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await ann.GetAsync($"{Crowd.Native}uploads/{upload}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await ann.PostAsync($"{Crowd.Native}uploads/{upload}/complete")).Status);

        (await ann.PostAsync($"{Root}/shared/permissions", new { user = "bob", permission = "READ" })).Ok();
        Assert.Equal(HttpStatusCode.Forbidden, (await SendRunAsync(bob, upload, new UploadRun(bytes.Length, 0))).Status);

        Task<string> DraftAsync(WireClient who) => Task.Run(async () => (await who.PostAsync($"{Root}/shared/drafts", new { version = "2.0.0", key = "k" })).Ok().Text("id")!);
    }

    [Promise]
    public async Task What_was_purged_meanwhile_is_nobody_s_base()
    {
        var bytes = Samples.Random(7, 700_000);
        await Client.AddAsync("d", "1.0.0", "x.bin", bytes);
        var draft = (await Client.PostAsync($"{Root}/d/drafts", new { version = "2.0.0" })).Ok().Text("id")!;
        var upload = (await BeginAsync(Client, "d", draft, bytes, "1.0.0")).Ok().Text("id")!;
        (await Client.PostAsync($"{On("d", "1.0.0")}/purge", new { reason = "withdrawn" })).Ok();

        Assert.Equal(HttpStatusCode.Gone, (await Client.GetAsync($"{Crowd.Native}uploads/{upload}/base")).Status);
        Assert.Equal(HttpStatusCode.Gone, (await SendRunAsync(Client, upload, new UploadRun(bytes.Length, 0))).Status);
        Assert.Equal(HttpStatusCode.Gone, (await BeginAsync(Client, "d", draft, bytes, "1.0.0")).Status);
    }

    [Promise]
    public async Task A_sweep_takes_nothing_of_what_is_being_sent()
    {
        var bytes = Samples.Random(8, 700_000);
        var draft = (await Client.PostAsync($"{Root}/d/drafts", new { version = "1.0.0" })).Ok().Text("id")!;
        var upload = (await BeginAsync(Client, "d", draft, bytes)).Ok().Text("id")!;
        (await SendRunAsync(Client, upload, new UploadRun(bytes.Length, null), bytes)).Ok();
        await SweepAsync();
        (await Client.PostAsync($"{Crowd.Native}uploads/{upload}/complete")).Ok();
        await SweepAsync();
        Assert.True((await BeginAsync(Client, "d", draft, bytes)).Ok()["is_done"]!.GetValue<bool>());

        (await Client.PostAsync($"{Root}/d/versions", new { version = "1.0.0", draft })).Ok();
        await SweepAsync();
        Samples.AssertSame(bytes, (await Client.FetchAsync("d", "1.0.0")).Bytes);

        async Task SweepAsync() => (await Client.PostAsync($"{Crowd.Native}gc", new { grace_seconds = 0 })).Ok();
    }

    private static byte[] Table(int rows) => Encoding.UTF8.GetBytes("id,word\n" + string.Concat(Enumerable.Range(0, rows).Select(row => $"{row},word{row * 31 % 1009}\n")));

    private static Task<WireReply> BeginAsync(WireClient who, string dataset, string draft, byte[] bytes, string? from = null) =>
        who.PostAsync($"{Root}/{dataset}/drafts/{draft}/uploads", new { path = "x.bin", sha256 = Samples.Sha256(bytes), size = bytes.Length, base_version = from });

    private static Task<WireReply> SendRunAsync(WireClient who, string upload, UploadRun run, byte[]? bytes = null)
    {
        var header = new byte[UploadRun.HeaderLength];
        run.Write(header);
        return who.SendAsync(HttpMethod.Put, $"{Crowd.Native}uploads/{upload}/runs?position=0", new ByteArrayContent([.. header, .. bytes ?? []]));
    }

    private Task<AddedDatasetVersion> AddAsync(string version, string path, byte[] bytes) => AddAsync(version, null, (path, bytes));

    private Task<AddedDatasetVersion> AddAsync(string version, DatasetSending? how, params (string Path, byte[] Bytes)[] files)
    {
        _sent.Clear();
        return _client.AddDatasetVersionAsync("d", new AddDatasetVersionRequest(version, null), [.. files.Select(file => new DatasetUpload(file.Path, () => new MemoryStream(file.Bytes)))], (how ?? new DatasetSending()) with { Sent = _sent.Add });
    }

    /// <summary>Can't be read beyond a point.</summary>
    private sealed class BreakingStream(byte[] bytes, long end) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position < end ? base.ReadAsync(buffer[..(int)Math.Min(buffer.Length, end - Position)], cancellationToken) : throw new IOException("The disk is gone.");
    }
}

public sealed class NegotiatedDatasetOnSqlite() : NegotiatedDatasetContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class NegotiatedDatasetOnPostgres() : NegotiatedDatasetContract(Fresh.PostgresAsync);
