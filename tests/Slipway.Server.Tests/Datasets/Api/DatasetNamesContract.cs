using System.Net;
using Slipway.Testing;
using Xunit;
using static Slipway.Server.Tests.Datasets.Api.Sending;

namespace Slipway.Server.Tests.Datasets.Api;

/// <summary>What versions, aliases, tags and descriptions promise, whatever the database.</summary>
public abstract class DatasetNamesContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    [Promise]
    public async Task Versions_are_ordered_by_precedence_and_a_pre_release_is_not_the_latest()
    {
        string[] versions = ["1.0.0-rc.2", "2.0.0", "10.0.0", "1.0.0-rc.10", "1.0.0", "10.0.1-beta", "9.9.9"];
        foreach (var version in versions)
        {
            await AddAsync(version);
        }

        Assert.Equal(["10.0.1-beta", "10.0.0", "9.9.9", "2.0.0", "1.0.0", "1.0.0-rc.10", "1.0.0-rc.2"], await VersionsAsync());
        Assert.Equal("10.0.0", (await Client.VersionAsync("d", "latest")).Text("version"));
        var dataset = (await Client.GetAsync($"{Root}/d")).Ok();
        Assert.Equal(("10.0.0", 7), (dataset.Text("latest"), dataset.Number("versions")));
    }

    [Promise]
    public async Task The_latest_is_a_pre_release_only_where_there_is_nothing_else()
    {
        await AddAsync("1.0.0-a");
        await AddAsync("1.0.0-b");

        Assert.Equal("1.0.0-b", (await Client.VersionAsync("d", "latest")).Text("version"));
    }

    [Promise]
    public async Task The_latest_is_never_one_that_was_recalled_and_naming_that_goes_on()
    {
        await AddAsync("1.0.0");
        await AddAsync("2.0.0");
        (await Client.PostAsync($"{On("d", "2.0.0")}/recall", new { reason = "wrong labels" })).Ok();

        Assert.Equal("1.0.0", (await Client.VersionAsync("d", "latest")).Text("version"));
        Assert.Equal("1.0.0", (await Client.GetAsync($"{Root}/d")).Ok().Text("latest"));
        Assert.Equal("2.0.0", (await Client.VersionAsync("d", "2.0.0")).Text("version"));

        (await Client.PostAsync($"{On("d", "1.0.0")}/recall", new { reason = "wrong labels" })).Ok();
        var refused = (await Client.GetAsync(On("d", "latest"))).Problem();
        Assert.Equal(HttpStatusCode.NotFound, refused.Status);
        Assert.Contains("neither recalled nor purged", refused.Detail, StringComparison.Ordinal);

        (await Client.PostAsync($"{On("d", "2.0.0")}/reinstate", new { reason = "they were right" })).Ok();
        Assert.Equal("2.0.0", (await Client.VersionAsync("d", "latest")).Text("version"));
    }

    [Promise]
    public async Task A_build_part_makes_another_version_and_stands_in_paths()
    {
        await AddAsync("1.0.0+a.1");
        await AddAsync("1.0.0");

        Assert.Equal("1.0.0+a.1", (await Client.VersionAsync("d", "1.0.0+a.1")).Text("version"));
        Assert.Equal(2, (await VersionsAsync()).Count);
    }

    [Promise]
    public async Task What_is_not_there_is_said_with_what_is()
    {
        await AddAsync("1.0.0");

        var version = (await Client.GetAsync(On("d", "1.0.1"))).Problem();
        var alias = (await Client.GetAsync(On("d", "stable"))).Problem();
        var dataset = (await Client.GetAsync(On("e", "1.0.0"))).Problem();

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.NotFound), (version.Status, alias.Status, dataset.Status));
        Assert.Contains("It has: 1.0.0", version.Detail, StringComparison.Ordinal);
        Assert.Contains("no dataset 'e'", dataset.Detail, StringComparison.Ordinal);
    }

    [Promise]
    public async Task An_alias_points_to_one_version_and_moves()
    {
        await AddAsync("1.0.0");
        await AddAsync("2.0.0");
        (await Client.PutAsync($"{Root}/d/aliases/stable", new { version = "2.0.0" })).Ok();
        (await Client.PutAsync($"{Root}/d/aliases/stable", new { version = "1.0.0" })).Ok();

        Assert.Equal("1.0.0", (await Client.VersionAsync("d", "stable")).Text("version"));
        Assert.Null((await Client.VersionAsync("d", "2.0.0"))["aliases"]);
        (await Client.DeleteAsync($"{Root}/d/aliases/stable")).Ok();
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync(On("d", "stable"))).Status);
        Assert.Equal(["dataset.set-alias", "dataset.set-alias", "dataset.delete-alias"], await ColumnAsync($"select action from audit where resource = 'datasets/d/aliases/stable' order by seq"));
        Assert.Equal(HttpStatusCode.NotFound, (await Client.PutAsync($"{Root}/d/aliases/stable", new { version = "3.0.0" })).Status);
        foreach (var word in new[] { "latest", "Latest", "1.0.0", "a b", "-a" })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await Client.PutAsync($"{Root}/d/aliases/{Uri.EscapeDataString(word)}", new { version = "1.0.0" })).Status);
        }
    }

    [Promise]
    public async Task Tags_are_set_and_deleted()
    {
        await AddAsync("1.0.0");
        (await Client.PutAsync($"{On("d", "1.0.0")}/tags", new { key = "team", value = "nlp" })).Ok();
        (await Client.PutAsync($"{On("d", "1.0.0")}/tags", new { key = "team", value = "vision" })).Ok();
        (await Client.PutAsync($"{On("d", "1.0.0")}/tags", new { key = "gone" })).Ok();
        (await Client.DeleteAsync($"{On("d", "1.0.0")}/tags", new { key = "gone" })).Ok();

        Assert.Equal("""[{"key":"team","value":"vision"}]""", (await Client.VersionAsync("d", "1.0.0"))["tags"]!.ToJsonString());
        var listed = (await Client.GetAsync($"{Root}/d/versions")).Ok()["versions"]![0]!;
        Assert.Equal("""[{"key":"team","value":"vision"}]""", listed["tags"]!.ToJsonString());
        Assert.Equal(HttpStatusCode.BadRequest, (await Client.PutAsync($"{On("d", "1.0.0")}/tags", new { key = "../x" })).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.PutAsync($"{On("d", "2.0.0")}/tags", new { key = "x" })).Status);
    }

    [Promise]
    public async Task A_description_is_edited_by_who_saw_the_last_one()
    {
        await AddAsync("1.0.0");
        foreach (var path in new[] { $"{Root}/d", On("d", "1.0.0") })
        {
            var seen = (await Client.GetAsync(path)).Headers.ETag!.Tag;
            using var careful = Client.With("If-Match", seen);

            var edited = await careful.PutAsync($"{path}/description", new { description = "first" });
            var late = (await careful.PutAsync($"{path}/description", new { description = "second" })).Problem();

            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.PreconditionFailed), (edited.Status, late.Status));
            Assert.Equal("first", (await Client.GetAsync(path)).Ok().Text("description"));
            Assert.Equal(edited.Headers.ETag, (await Client.GetAsync(path)).Headers.ETag);
            (await Client.PutAsync($"{path}/description", new { })).Ok();
            Assert.Null((await Client.GetAsync(path)).Ok()["description"]);
        }
    }

    [Promise]
    public async Task Datasets_are_listed_by_name_page_by_page()
    {
        foreach (var name in new[] { "b", "a", "c" })
        {
            await Client.AddAsync(name, "1.0.0", "x", [1]);
        }

        var first = (await Client.GetAsync(Root, ("limit", "2"))).Ok();
        var second = (await Client.GetAsync(Root, ("after", first.Text("next")!))).Ok();

        Assert.Equal(["a", "b"], first["datasets"]!.AsArray().Select(dataset => dataset!.Text("name")));
        Assert.Equal(["c"], second["datasets"]!.AsArray().Select(dataset => dataset!.Text("name")));
        Assert.Null(second["next"]);
    }

    private Task AddAsync(string version) => Client.AddAsync("d", version, "x.bin", System.Text.Encoding.UTF8.GetBytes(version));

    private async Task<List<string?>> VersionsAsync() => [.. (await Client.GetAsync($"{Root}/d/versions")).Ok()["versions"]!.AsArray().Select(version => version!.Text("version"))];
}

public sealed class DatasetNamesOnSqlite() : DatasetNamesContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class DatasetNamesOnPostgres() : DatasetNamesContract(Fresh.PostgresAsync);
