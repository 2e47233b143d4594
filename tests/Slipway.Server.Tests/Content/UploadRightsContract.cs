using System.Net;
using Slipway.Server.Tests.Artifacts;
using Slipway.Server.Tests.Identity;
using Slipway.Testing;
using Slipway.Wire.Content;
using Xunit;

namespace Slipway.Server.Tests.Content;

/// <summary>Nobody gets at bytes by knowing their hash, or learns whether others have them; whatever the database.</summary>
public abstract class UploadRightsContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    private const string Uploads = Crowd.Native + "uploads";

    private readonly byte[] _secret = Samples.Random(1, 700_000);
    private WireClient _ann = null!;
    private WireClient _bob = null!;
    private WireClient _eve = null!;
    private string _theirs = "";
    private string _mine = "";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        var root = await Client.FoundAsync();
        (_ann, _bob, _eve) = (await root.AddAsync("ann"), await root.AddAsync("bob"), await root.AddAsync("eve"));
        _theirs = (await _ann.PostAsync("experiments/create", new { name = "theirs" })).Ok()["experiment_id"]!.GetValue<string>();
        _mine = (await _bob.PostAsync("experiments/create", new { name = "mine" })).Ok()["experiment_id"]!.GetValue<string>();
        (await _ann.SendAsync(HttpMethod.Put, $"{ArtifactServer.Proxy}/{_theirs}/secret", new ByteArrayContent(_secret))).Ok();
        await GrantAsync(_ann, _theirs, "bob", "NO_PERMISSIONS");
    }

    [Promise]
    public async Task A_base_that_the_caller_may_not_read_is_refused_whether_it_is_there_or_not()
    {
        foreach (var name in new[] { "secret", "nothing" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await BeginAsync(_bob, _secret, $"{_theirs}/{name}")).Status);
        }

        await GrantAsync(_ann, _theirs, "bob", "READ");
        Assert.Equal(Samples.Sha256(_secret), (await BeginAsync(_bob, _secret, $"{_theirs}/secret")).Ok()["base_sha256"]!.GetValue<string>());
    }

    [Promise]
    public async Task Knowing_the_hash_of_a_content_and_of_its_chunks_grants_none_of_it()
    {
        var upload = (await BeginAsync(_bob, _secret, null)).Ok()["id"]!.GetValue<string>();
        Assert.Equal(HttpStatusCode.Conflict, (await _bob.PostAsync($"{Uploads}/{upload}/complete")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PutAsync(_bob, upload, Copy(_secret.Length))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _bob.GetAsync($"{Uploads}/{upload}/base")).Status);

        // One's own file as the base lends no name to bytes of others either.
        (await _bob.SendAsync(HttpMethod.Put, $"{ArtifactServer.Proxy}/{_mine}/own", new ByteArrayContent(new byte[_secret.Length]))).Ok();
        var based = (await BeginAsync(_bob, _secret, $"{_mine}/own")).Ok()["id"]!.GetValue<string>();
        (await PutAsync(_bob, based, Copy(_secret.Length))).Ok();
        Assert.Equal(HttpStatusCode.BadRequest, (await _bob.PostAsync($"{Uploads}/{based}/complete")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _bob.GetAsync($"{ArtifactServer.Proxy}/{_mine}/taken")).Status);
    }

    [Promise]
    public async Task What_others_have_is_answered_like_what_nobody_has()
    {
        var unknown = Samples.Random(2, _secret.Length);
        var answers = new List<string>();
        foreach (var bytes in new[] { _secret, unknown })
        {
            var begun = await BeginAsync(_bob, bytes, null);
            var upload = begun.Ok()["id"]!.GetValue<string>();
            var put = await PutAsync(_bob, upload, [.. Header(new UploadRun(bytes.Length, null)), .. bytes]);
            put.Ok();
            answers.Add((begun.Text + put.Text).Replace(upload, "id", StringComparison.Ordinal));
        }

        Assert.Equal(answers[0], answers[1]);
    }

    [Promise]
    public async Task Rights_that_are_withdrawn_meanwhile_are_missed_at_once()
    {
        await GrantAsync(_ann, _theirs, "bob", "READ");
        var upload = (await BeginAsync(_bob, _secret, $"{_theirs}/secret")).Ok()["id"]!.GetValue<string>();
        Assert.Equal(HttpStatusCode.OK, (await _bob.GetAsync($"{Uploads}/{upload}/base")).Status);

        await GrantAsync(_ann, _theirs, "bob", "NO_PERMISSIONS");
        Assert.Equal(HttpStatusCode.Forbidden, (await _bob.GetAsync($"{Uploads}/{upload}/base")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await PutAsync(_bob, upload, Copy(_secret.Length))).Status);

        await GrantAsync(_ann, _theirs, "bob", "EDIT");
        upload = (await BeginAsync(_bob, _secret, null, $"{_theirs}/taken")).Ok()["id"]!.GetValue<string>();
        (await PutAsync(_bob, upload, [.. Header(new UploadRun(_secret.Length, null)), .. _secret])).Ok();
        await GrantAsync(_ann, _theirs, "bob", "READ");
        Assert.Equal(HttpStatusCode.Forbidden, (await _bob.PostAsync($"{Uploads}/{upload}/complete")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _ann.GetAsync($"{ArtifactServer.Proxy}/{_theirs}/taken")).Status);
    }

    [Promise]
    public async Task An_upload_is_there_for_whoever_began_it_only()
    {
        var upload = (await BeginAsync(_bob, _secret, null)).Ok()["id"]!.GetValue<string>();
        await GrantAsync(_bob, _mine, "ann", "EDIT");
        await GrantAsync(_bob, _mine, "eve", "NO_PERMISSIONS");
        foreach (var (who, status) in new[] { (_ann, HttpStatusCode.NotFound), (_eve, HttpStatusCode.Forbidden), (Client, HttpStatusCode.Unauthorized) })
        {
            Assert.Equal(status, (await who.GetAsync($"{Uploads}/{upload}")).Status);
            Assert.Equal(status, (await PutAsync(who, upload, [.. Header(new UploadRun(_secret.Length, null)), .. _secret])).Status);
            Assert.Equal(status, (await who.PostAsync($"{Uploads}/{upload}/complete")).Status);
            Assert.Equal(status, (await who.DeleteAsync($"{Uploads}/{upload}")).Status);
        }

        Assert.Equal(0, (await _bob.GetAsync($"{Uploads}/{upload}")).Ok()["position"]!.GetValue<long>());
        Assert.NotEqual(upload, (await BeginAsync(_ann, _secret, null)).Ok()["id"]!.GetValue<string>());
        Assert.Equal(upload, (await BeginAsync(_bob, _secret, null)).Ok()["id"]!.GetValue<string>());
    }

    private static byte[] Header(UploadRun run)
    {
        var header = new byte[UploadRun.HeaderLength];
        run.Write(header);
        return header;
    }

    private static byte[] Copy(long length) => Header(new UploadRun(length, 0));

    private static async Task GrantAsync(WireClient by, string experiment, string user, string permission) =>
        (await by.PostAsync($"{Crowd.Native}experiments/{experiment}/permissions", new { user, permission })).Ok();

    private static Task<WireReply> PutAsync(WireClient who, string upload, byte[] body) =>
        who.SendAsync(HttpMethod.Put, $"{Uploads}/{upload}/runs?position=0", new ByteArrayContent(body));

    private Task<WireReply> BeginAsync(WireClient who, byte[] bytes, string? from, string? path = null) =>
        who.PostAsync(Uploads, new { path = path ?? $"{_mine}/taken", sha256 = Samples.Sha256(bytes), size = bytes.Length, base_path = from });
}

public sealed class UploadRightsOnSqlite() : UploadRightsContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class UploadRightsOnPostgres() : UploadRightsContract(Fresh.PostgresAsync);
