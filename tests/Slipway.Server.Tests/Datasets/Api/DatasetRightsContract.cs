using System.Net;
using Slipway.Server.Tests.Identity;
using Slipway.Testing;
using Xunit;
using static Slipway.Server.Tests.Datasets.Api.Sending;

namespace Slipway.Server.Tests.Datasets.Api;

/// <summary>Who may do what with a dataset, whatever the database.</summary>
public abstract class DatasetRightsContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    private WireClient _root = null!;
    private WireClient _ann = null!;
    private WireClient _bob = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _root = await Client.FoundAsync();
        (_ann, _bob) = (await _root.AddAsync("ann"), await _root.AddAsync("bob"));
        await _ann.AddAsync("d", "1.0.0", "x.bin", [1]);
    }

    [Promise]
    public async Task Whoever_makes_a_dataset_manages_it_and_others_only_read()
    {
        var granted = (await _ann.GetAsync($"{Root}/d/permissions")).Ok()["permissions"]![0]!;

        Assert.Equal(("ann", "MANAGE"), (granted.Text("user"), granted.Text("level")));
        Assert.Equal("ann", (await _bob.VersionAsync("d", "1.0.0")).Text("creator"));
        Assert.Equal(HttpStatusCode.Forbidden, (await _bob.TryPutAsync("d", "2.0.0", "x.bin", [2])).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _bob.TryAddAsync("d", "2.0.0", [("x.bin", [2])])).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _bob.PutAsync($"{Root}/d/aliases/stable", new { version = "1.0.0" })).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _bob.GetAsync($"{Root}/d/permissions")).Status);
        await _bob.AddAsync("his", "1.0.0", "x.bin", [1]);
        Assert.Equal(["d@1.0.0", "his@1.0.0"], await ColumnAsync($"select d.name || '@' || v.version from dataset_versions v join datasets d on d.id = v.dataset order by d.name"));
    }

    [Promise]
    public async Task A_second_version_gives_no_right_beyond_the_one_that_it_took()
    {
        await GrantAsync("EDIT");

        await _bob.AddAsync("d", "2.0.0", "x.bin", [2]);

        Assert.Equal(HttpStatusCode.Forbidden, (await _bob.PostAsync($"{Root}/d/permissions", new { user = "bob", permission = "MANAGE" })).Status);
        var held = (await _bob.GetAsync($"{Crowd.Native}users/bob/permissions")).Ok()["permissions"]![0]!;
        Assert.Equal(("dataset", "d", "EDIT"), (held.Text("kind"), held.Text("object"), held.Text("level")));
    }

    [Promise]
    public async Task What_may_not_be_read_is_neither_listed_nor_given_out()
    {
        await GrantAsync("NO_PERMISSIONS");

        Assert.Equal("""{"datasets":[]}""", (await _bob.GetAsync(Root)).Text);
        foreach (var path in new[] { $"{Root}/d", $"{Root}/d/versions", On("d", "1.0.0"), $"{On("d", "1.0.0")}/files", $"{On("d", "1.0.0")}/file", $"{On("d", "1.0.0")}/statistics", $"{Root}/d/diff?a=1.0.0&b=1.0.0" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await _bob.GetAsync(path)).Status);
        }

        Assert.Single((await _ann.GetAsync(Root)).Ok()["datasets"]!.AsArray());
    }

    [Promise]
    public async Task A_draft_is_its_senders_alone()
    {
        await GrantAsync("MANAGE");
        var draft = (await _ann.PostAsync($"{Root}/d/drafts", new { version = "2.0.0" })).Ok().Text("id")!;

        Assert.Equal(HttpStatusCode.NotFound, (await _bob.SendAsync(HttpMethod.Put, $"{Root}/d/drafts/{draft}/file?path=x", new ByteArrayContent([1]))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _bob.PostAsync($"{Root}/d/versions", new { version = "2.0.0", draft })).Status);
        (await _bob.DeleteAsync($"{Root}/d/drafts/{draft}")).Ok();
        (await _ann.SendAsync(HttpMethod.Put, $"{Root}/d/drafts/{draft}/file?path=x", new ByteArrayContent([1]))).Ok();
    }

    [Promise]
    public async Task Only_an_admin_purges()
    {
        Assert.Equal(HttpStatusCode.Forbidden, (await _ann.PostAsync($"{On("d", "1.0.0")}/purge", new { reason = "mine" })).Status);

        (await _root.PostAsync($"{On("d", "1.0.0")}/purge", new { reason = "consent withdrawn" })).Ok();

        Assert.Equal(["refused", "done"], await ColumnAsync($"select outcome from audit where action = 'dataset.purge' order by seq"));
    }

    private async Task GrantAsync(string permission) => (await _ann.PostAsync($"{Root}/d/permissions", new { user = "bob", permission })).Ok();
}

public sealed class DatasetRightsOnSqlite() : DatasetRightsContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class DatasetRightsOnPostgres() : DatasetRightsContract(Fresh.PostgresAsync);
