using System.Net;
using Slipway.Client;
using Slipway.Server.Tests.Artifacts;
using Slipway.Testing;
using Slipway.Wire.Content;
using Xunit;

namespace Slipway.Server.Tests.Content;

/// <summary>What an upload that sends only what is missing promises, whatever the database.</summary>
public abstract class NegotiatedUploadContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    private SlipwayClient _client = null!;

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
    public async Task Of_a_changed_file_only_a_few_chunks_are_sent()
    {
        var first = Samples.Random(1, 8 << 20);
        byte[] second = [.. first[..3_000_000], .. "in between"u8, .. first[3_000_000..6_000_000], .. first[6_100_000..]];
        Assert.Equal(first.Length, (await SendAsync("0/a/model.bin", first)).Sent);

        var sent = await SendAsync("0/b/model.bin", second, "0/a/model.bin");

        Assert.Equal((Samples.Sha256(second), second.Length), (sent.Sha256, (int)sent.Size));
        Assert.InRange(sent.Sent, 1, 6 * Chunker.Greatest);
        await AssertHoldsAsync("0/b/model.bin", second);
        await AssertHoldsAsync("0/a/model.bin", first);
    }

    [Promise]
    public async Task What_has_the_path_now_is_the_base_if_none_is_named()
    {
        var first = Samples.Table(1, 3 << 20);
        byte[] second = [.. first, .. "1,2,3\n"u8];
        await _client.UploadArtifactAsync("0/table.csv", new MemoryStream(first));

        Assert.InRange((await SendAsync("0/table.csv", second)).Sent, 1, Chunker.Greatest);
        Assert.Equal(0, (await SendAsync("0/table.csv", second)).Sent);
        await AssertHoldsAsync("0/table.csv", second);
    }

    [Promise]
    public async Task Content_of_any_length_comes_back()
    {
        foreach (var length in new[] { 0, 1, Chunker.Least, Chunker.Least + 1, 40 << 20 })
        {
            var bytes = Samples.Random(length, length);

            Assert.Equal(length, (await SendAsync($"0/{length}", bytes)).Sent);
            await AssertHoldsAsync($"0/{length}", bytes);
        }
    }

    [Promise]
    public async Task An_interrupted_upload_goes_on_where_it_stopped()
    {
        var bytes = Samples.Random(3, 5 << 20);
        var half = CutAfter(bytes, 2 << 20);
        var upload = await BeginAsync("0/x", bytes);
        await PutRunsAsync(upload, 0, Data(bytes[..half]));

        Assert.Equal(bytes.Length - half, (await SendAsync("0/x", bytes)).Sent);
        await AssertHoldsAsync("0/x", bytes);
    }

    [Promise]
    public async Task A_client_that_dies_while_it_sends_goes_on_later()
    {
        var bytes = Samples.Random(4, 70 << 20);

        await Assert.ThrowsAnyAsync<Exception>(() => _client.SendArtifactAsync("0/x", new FailingStream(bytes, failAt: 50 << 20), cancellationToken: CancellationToken.None));
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync($"{ArtifactServer.Proxy}/0/x")).Status);

        Assert.InRange((await SendAsync("0/x", bytes)).Sent, 1, bytes.Length - (30 << 20));
        await AssertHoldsAsync("0/x", bytes);
    }

    [Promise]
    public async Task Nobody_sees_any_of_it_before_it_is_complete_and_completing_again_answers_the_same()
    {
        var bytes = Samples.Random(5, 100_000);
        var upload = await BeginAsync("0/d/x", bytes);
        await PutRunsAsync(upload, 0, Data(bytes));
        Assert.Null((await Client.GetAsync(ArtifactServer.Proxy, ("path", "0/d"))).Ok()["files"]);

        var done = (await CompleteAsync(upload)).Ok();
        var again = (await CompleteAsync(upload)).Ok();

        Assert.Equal((Samples.Sha256(bytes), done.ToJsonString()), (done["sha256"]!.GetValue<string>(), again.ToJsonString()));
        Assert.Equal(HttpStatusCode.Conflict, (await PutRunsAsync(upload, bytes.Length, [])).Status);
        await AssertHoldsAsync("0/d/x", bytes);
    }

    [Promise]
    public async Task What_is_not_what_was_announced_gets_no_name()
    {
        var (bytes, other) = (Samples.Random(6, 100_000), Samples.Random(7, 100_000));
        var upload = await BeginAsync("0/x", bytes);
        await PutRunsAsync(upload, 0, Data(other));

        var reply = await CompleteAsync(upload);

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Contains(Samples.Sha256(other), reply.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync($"{ArtifactServer.Proxy}/0/x")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await CompleteAsync(upload)).Status);
    }

    [Promise]
    public async Task Requests_that_make_no_sense_are_refused_and_change_nothing()
    {
        var bytes = Samples.Random(8, 500_000);
        await _client.UploadArtifactAsync("0/base", new MemoryStream(bytes));
        var upload = await BeginAsync("0/x", bytes, "0/base");
        var first = CutAfter(bytes, 1);
        foreach (var (status, position, body) in new (HttpStatusCode, long, byte[])[]
        {
            (HttpStatusCode.BadRequest, 0, [1, 2, 3]),
            (HttpStatusCode.BadRequest, 0, [.. Header(new UploadRun(1, 0)).Select((value, i) => i == 0 ? (byte)2 : value)]),
            (HttpStatusCode.BadRequest, 0, [.. Header(new UploadRun(first, null)), 1, 2, 3]),
            (HttpStatusCode.BadRequest, 0, Data(bytes[..1000])),
            (HttpStatusCode.BadRequest, 0, Data([.. bytes, 0])),
            (HttpStatusCode.BadRequest, 0, Header(new UploadRun(first - 1, 0))),
            (HttpStatusCode.BadRequest, 0, Header(new UploadRun(first, 1))),
            (HttpStatusCode.BadRequest, 0, Header(new UploadRun(first, 1L << 40))),
            (HttpStatusCode.BadRequest, 0, Header(new UploadRun(long.MaxValue, 0))),
            (HttpStatusCode.Conflict, first, Data(bytes[first..])),
        })
        {
            Assert.Equal(status, (await PutRunsAsync(upload, position, body)).Status);
            Assert.Equal(0, (await Client.GetAsync($"/api/slipway/v1/uploads/{upload}")).Ok()["position"]!.GetValue<long>());
        }

        Assert.Equal(HttpStatusCode.Conflict, (await CompleteAsync(upload)).Status);
        (await PutRunsAsync(upload, 0, Header(new UploadRun(bytes.Length, 0)))).Ok();
        (await CompleteAsync(upload)).Ok();
        await AssertHoldsAsync("0/x", bytes);
    }

    [Promise]
    public async Task Of_two_who_go_on_with_it_at_once_one_does()
    {
        var bytes = Samples.Random(9, 3 << 20);
        var upload = await BeginAsync("0/x", bytes);

        var replies = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PutRunsAsync(upload, 0, Data(bytes))));

        Assert.Equal(1, replies.Count(reply => reply.Status == HttpStatusCode.OK));
        Assert.Equal(3, replies.Count(reply => reply.Status == HttpStatusCode.Conflict));
        (await CompleteAsync(upload)).Ok();
        await AssertHoldsAsync("0/x", bytes);
    }

    [Promise]
    public async Task A_sweep_in_between_takes_nothing_away_also_when_the_base_goes()
    {
        var bytes = Samples.Random(10, 4 << 20);
        byte[] changed = [.. bytes, .. Samples.Random(11, 300_000)];
        await _client.UploadArtifactAsync("0/base", new MemoryStream(bytes));
        var upload = await BeginAsync("0/x", changed, "0/base");
        var half = CutAfter(bytes, 2 << 20);
        (await PutRunsAsync(upload, 0, Header(new UploadRun(half, 0)))).Ok();
        (await Client.DeleteAsync($"{ArtifactServer.Proxy}/0/base")).Ok();
        (await Client.PostAsync("/api/slipway/v1/gc", new { grace_seconds = 0 })).Ok();

        var gone = await PutRunsAsync(upload, half, Header(new UploadRun(bytes.Length - half, half)));
        (await PutRunsAsync(upload, half, Data(changed[half..]))).Ok();
        (await Client.PostAsync("/api/slipway/v1/gc", new { grace_seconds = 0 })).Ok();
        (await CompleteAsync(upload)).Ok();
        (await Client.PostAsync("/api/slipway/v1/gc", new { grace_seconds = 0 })).Ok();

        Assert.Equal(HttpStatusCode.Conflict, gone.Status);
        await AssertHoldsAsync("0/x", changed);
    }

    [Promise]
    public async Task One_that_is_broken_off_leaves_nothing()
    {
        var upload = await BeginAsync("0/x", Samples.Random(12, 300_000));
        (await PutRunsAsync(upload, 0, Data(Samples.Random(12, 300_000)))).Ok();

        (await Client.DeleteAsync($"/api/slipway/v1/uploads/{upload}")).Ok();
        (await Client.PostAsync("/api/slipway/v1/gc", new { grace_seconds = 0 })).Ok();

        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync($"/api/slipway/v1/uploads/{upload}")).Status);
        Assert.Equal(["0", "0", "0"], await ColumnAsync($"select count(*) from content_chunks union all select count(*) from content_segments union all select count(*) from content_leases"));
    }

    [Promise]
    public async Task Files_of_a_governed_version_are_not_replaced_also_when_it_was_registered_meanwhile()
    {
        var (old, swapped) = (Samples.Random(13, 100_000), Samples.Random(14, 100_000));
        var run = (await Client.PostAsync("runs/create", new { experiment_id = "0" })).Ok()["run"]!["info"]!["run_id"]!.GetValue<string>();
        var path = $"0/{run}/artifacts/model/weights";
        await _client.UploadArtifactAsync(path, new MemoryStream(old));
        var upload = await BeginAsync(path, swapped);
        (await PutRunsAsync(upload, 0, Data(swapped))).Ok();
        (await Client.PostAsync("/api/slipway/v1/pipelines", new { text = "pipeline: iris\nmodels: iris\nstages:\n  - name: Production\n" })).Ok();
        (await Client.PostAsync("registered-models/create", new { name = "iris" })).Ok();
        (await Client.PostAsync("model-versions/create", new { name = "iris", source = $"mlflow-artifacts:/0/{run}/artifacts/model", run_id = run })).Ok();

        Assert.Equal(HttpStatusCode.Forbidden, (await CompleteAsync(upload)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await Client.PostAsync("/api/slipway/v1/uploads", new { path, sha256 = Samples.Sha256(old), size = 1 })).Status);
        await AssertHoldsAsync(path, old);
    }

    private static int CutAfter(byte[] bytes, int length)
    {
        var end = 0;
        while (end < length)
        {
            end += Chunker.Cut(bytes.AsSpan(end), isAll: true);
        }

        return end;
    }

    private static byte[] Header(UploadRun run)
    {
        var header = new byte[UploadRun.HeaderLength];
        run.Write(header);
        return header;
    }

    private static byte[] Data(byte[] bytes) => [.. Header(new UploadRun(bytes.Length, null)), .. bytes];

    private async Task<string> BeginAsync(string path, byte[] bytes, string? from = null) =>
        (await Client.PostAsync("/api/slipway/v1/uploads", new { path, sha256 = Samples.Sha256(bytes), size = bytes.Length, base_path = from })).Ok()["id"]!.GetValue<string>();

    private Task<WireReply> PutRunsAsync(string upload, long position, byte[] body) =>
        Client.SendAsync(HttpMethod.Put, $"/api/slipway/v1/uploads/{upload}/runs?position={position}", new ByteArrayContent(body));

    private Task<WireReply> CompleteAsync(string upload) => Client.PostAsync($"/api/slipway/v1/uploads/{upload}/complete");

    private Task<SentContent> SendAsync(string path, byte[] bytes, string? from = null) => _client.SendArtifactAsync(path, new MemoryStream(bytes), from, CancellationToken.None);

    private async Task AssertHoldsAsync(string path, byte[] bytes)
    {
        await using var stream = await _client.DownloadArtifactAsync(path);
        var held = new MemoryStream();
        await stream.CopyToAsync(held);
        Samples.AssertSame(bytes, held.ToArray());
    }

    /// <summary>A file that can be hashed, and whose disk fails when it is read for the second time.</summary>
    private sealed class FailingStream(byte[] bytes, long failAt) : MemoryStream(bytes)
    {
        private long _read;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            _read += read;

            // Once to be hashed, then to be cut and sent.
            return _read > Length + failAt + failAt ? throw new IOException("The disk is gone.") : read;
        }
    }
}

public sealed class NegotiatedUploadOnSqlite() : NegotiatedUploadContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class NegotiatedUploadOnPostgres() : NegotiatedUploadContract(Fresh.PostgresAsync);
