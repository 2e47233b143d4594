using System.Globalization;
using System.Net;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Registry;

/// <summary>What the numbers of versions promise, whatever the database.</summary>
public abstract class VersionNumbersContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    [Promise]
    public async Task Versions_that_are_created_at_once_are_numbered_from_one_without_gap()
    {
        await CreateModelAsync("iris");
        await CreateModelAsync("rose");

        var numbers = await Task.WhenAll(Enumerable.Range(0, 60).Select(number => CreateVersionAsync(number % 3 == 0 ? "rose" : "iris")));

        Assert.Equal(Enumerable.Range(1, 40), numbers.Where((_, index) => index % 3 != 0).Order());
        Assert.Equal(Enumerable.Range(1, 20), numbers.Where((_, index) => index % 3 == 0).Order());
    }

    [Promise]
    public async Task A_deleted_number_is_never_given_again()
    {
        await CreateModelAsync("iris");
        for (var i = 0; i < 3; i++)
        {
            await CreateVersionAsync("iris");
        }

        await DeleteVersionAsync(3);
        await DeleteVersionAsync(1);

        Assert.Equal(4, await CreateVersionAsync("iris"));
        Assert.Equal(HttpStatusCode.NotFound, (await GetVersionAsync(3)).Status);
        await DeleteVersionAsync(4);
        Assert.Equal([5, 6, 7, 8], (await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => CreateVersionAsync("iris")))).Order());
    }

    [Promise]
    public async Task A_number_that_was_refused_is_no_gap()
    {
        await CreateModelAsync("iris");
        await CreateVersionAsync("iris");
        Assert.Equal(HttpStatusCode.NotFound, (await Client.PostAsync("model-versions/create", new { name = "iris", source = "s3://bucket/model", model_id = "m-0" })).Status);

        Assert.Equal(2, await CreateVersionAsync("iris"));
    }

    [Promise]
    public async Task A_model_that_is_deleted_and_created_anew_inherits_nothing()
    {
        await CreateModelAsync("iris");
        await CreateVersionAsync("iris");
        await CreateVersionAsync("iris");
        foreach (var (path, body) in new (string, object)[]
        {
            ("registered-models/set-tag", new { name = "iris", key = "team", value = "a" }),
            ("registered-models/alias", new { name = "iris", alias = "champion", version = "1" }),
            ("model-versions/set-tag", new { name = "iris", version = "1", key = "note", value = "b" }),
            ("model-versions/transition-stage", new { name = "iris", version = "1", stage = "Production" }),
        })
        {
            (await Client.PostAsync(path, body)).Ok();
        }

        (await Client.DeleteAsync("registered-models/delete", new { name = "iris" })).Ok();
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync("registered-models/get", ("name", "iris"))).Status);
        await AssertNothingLeftAsync();

        await CreateModelAsync("iris");
        var model = (await Client.GetAsync("registered-models/get", ("name", "iris"))).Ok()["registered_model"]!.AsObject();
        Assert.Equal(["creation_timestamp", "last_updated_timestamp", "name"], model.Select(property => property.Key).Order(StringComparer.Ordinal));
        Assert.Equal(HttpStatusCode.BadRequest, (await Client.GetAsync("registered-models/alias", ("name", "iris"), ("alias", "champion"))).Status);

        Assert.Equal(1, await CreateVersionAsync("iris"));
        var version = (await GetVersionAsync(1)).Ok()["model_version"]!;
        Assert.Equal("None", version["current_stage"]!.GetValue<string>());
        Assert.Null(version["tags"]);
        Assert.Null(version["aliases"]);
        Assert.Empty(await ColumnAsync($"select seq from transitions"));
    }

    [Promise]
    public async Task Creating_and_deleting_one_model_at_once_leaves_all_of_it_or_nothing()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 8; i++)
            {
                var reply = (writer % 4) switch
                {
                    0 => await Client.PostAsync("registered-models/create", new { name = "iris" }),
                    1 => await Client.DeleteAsync("registered-models/delete", new { name = "iris" }),
                    2 => await Client.PostAsync("model-versions/create", new { name = "iris", source = "s3://bucket/model" }),
                    _ => await Client.PostAsync("registered-models/set-tag", new { name = "iris", key = "team", value = "a" }),
                };
                Assert.True((int)reply.Status < 500, reply.Text);
            }
        })));
        await Client.DeleteAsync("registered-models/delete", new { name = "iris" });

        await AssertNothingLeftAsync();
    }

    private async Task AssertNothingLeftAsync()
    {
        Assert.Empty(await ColumnAsync($"select id from registered_models"));
        Assert.Empty(await ColumnAsync($"select model from registered_model_tags"));
        Assert.Empty(await ColumnAsync($"select id from model_versions"));
        Assert.Empty(await ColumnAsync($"select version from model_version_tags"));
        Assert.Empty(await ColumnAsync($"select version from model_aliases"));
        Assert.Empty(await ColumnAsync($"select version from transitions"));
        Assert.Empty(await ColumnAsync($"select version from version_files"));
    }

    private async Task DeleteVersionAsync(int version) => (await Client.DeleteAsync("model-versions/delete", new { name = "iris", version = Text(version) })).Ok();

    private Task<WireReply> GetVersionAsync(int version) => Client.GetAsync("model-versions/get", ("name", "iris"), ("version", Text(version)));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

public sealed class VersionNumbersOnSqlite() : VersionNumbersContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class VersionNumbersOnPostgres() : VersionNumbersContract(Fresh.PostgresAsync);
