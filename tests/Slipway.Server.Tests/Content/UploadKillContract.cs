using Slipway.Server.Tests.Artifacts;
using Slipway.Testing;
using Slipway.Wire.Content;
using Xunit;

namespace Slipway.Server.Tests.Content;

/// <summary>What an upload in parts promises when the server is killed between them and in the middle of one, whatever the database.</summary>
public abstract class UploadKillContract(Func<Task<Fresh>> freshDatabase)
{
    private const string Uploads = "/api/slipway/v1/uploads";
    private const int Parts = 6;

    private readonly byte[] _bytes = Samples.Random(1, Parts * 3_000_000);

    [Promise]
    public async Task What_was_acknowledged_is_there_and_the_upload_goes_on_from_it()
    {
        await using var fresh = await freshDatabase();
        var upload = "";
        var position = 0;
        for (var kill = 0; position < _bytes.Length; kill++)
        {
            await using var process = await SlipwayProcess.StartAsync(fresh);
            using var client = new WireClient(process.Address);
            upload = await BeginAsync(client);
            var found = await PositionAsync(client, upload);

            // What was under way may have arrived whole, and nothing else.
            Assert.Contains(found, new[] { position, EndOfPart(position) });
            position = await PutAsync(client, upload, found);
            using var gone = new CancellationTokenSource();
            var halfway = PutAsync(client, upload, position, kill % 2 == 0 ? new HalfContent(Part(position), gone.Token) : null);
            await process.KillAsync();
            await gone.CancelAsync();
            await ((Task)halfway).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await using var last = await SlipwayProcess.StartAsync(fresh);
        using var calm = new WireClient(last.Address);
        (await calm.PostAsync($"{Uploads}/{await BeginAsync(calm)}/complete")).Ok();
        (await calm.PostAsync("/api/slipway/v1/gc", new { grace_seconds = 0 })).Ok();
        using var http = new HttpClient();
        Samples.AssertSame(_bytes, await http.GetByteArrayAsync(new Uri(last.Address, $"{ArtifactServer.Proxy}/0/x")));
    }

    private int EndOfPart(int position)
    {
        var end = position;
        while (end < _bytes.Length && end < position + (_bytes.Length / Parts))
        {
            end += Chunker.Cut(_bytes.AsSpan(end), isAll: true);
        }

        return end;
    }

    private byte[] Part(int position)
    {
        var length = EndOfPart(position) - position;
        var body = new byte[UploadRun.HeaderLength + length];
        new UploadRun(Math.Max(length, 1), null).Write(body);
        _bytes.AsSpan(position, length).CopyTo(body.AsSpan(UploadRun.HeaderLength));
        return length == 0 ? [] : body;
    }

    private async Task<string> BeginAsync(WireClient client) =>
        (await client.PostAsync(Uploads, new { path = "0/x", sha256 = Samples.Sha256(_bytes), size = _bytes.Length })).Ok()["id"]!.GetValue<string>();

    private static async Task<int> PositionAsync(WireClient client, string upload) => (await client.GetAsync($"{Uploads}/{upload}")).Ok()["position"]!.GetValue<int>();

    private async Task<int> PutAsync(WireClient client, string upload, int position, HttpContent? content = null) =>
        (await client.SendAsync(HttpMethod.Put, $"{Uploads}/{upload}/runs?position={position}", content ?? new ByteArrayContent(Part(position)))).Ok()["position"]!.GetValue<int>();

    /// <summary>Half of a body, behind which nothing comes.</summary>
    private sealed class HalfContent(byte[] body, CancellationToken given) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            await stream.WriteAsync(body.AsMemory(0, body.Length / 2));
            await stream.FlushAsync();
            await Task.Delay(Timeout.Infinite, given);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = body.Length;
            return true;
        }
    }
}

public sealed class UploadKillOnSqlite() : UploadKillContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class UploadKillOnPostgres() : UploadKillContract(Fresh.PostgresAsync);
