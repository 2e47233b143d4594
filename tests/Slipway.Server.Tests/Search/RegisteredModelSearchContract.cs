using Slipway.Server.Search;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Search;

/// <summary>What a search for registered models promises, whatever the database.</summary>
public abstract class RegisteredModelSearchContract(SearchDatabase database) : IAsyncLifetime
{
    private const string Wrong = RunCases.Wrong;

    public Task InitializeAsync() => database.FillAsync(fill => fill.WriteAsync(
        Rows.RegisteredModel(1, "m1", 300),
        Rows.RegisteredModel(2, "m2", 100),
        Rows.RegisteredModel(3, "Möbel", 300),
        Rows.RegisteredModel(4, "prompt", 400),
        Rows.RegisteredModel(5, "no prompt", 200),
        Rows.RegisteredModelTag(1, "t", "1"),
        Rows.RegisteredModelTag(2, "t", "2"),
        Rows.RegisteredModelTag(3, "b", ""),
        Rows.RegisteredModelTag(4, "mlflow.prompt.is_prompt", "true"),
        Rows.RegisteredModelTag(4, "_mlflow_experiment_ids", ",1,2,"),
        Rows.RegisteredModelTag(4, "t", "1"),
        Rows.RegisteredModelTag(5, "mlflow.prompt.is_prompt", "false")));

    public Task DisposeAsync() => Task.CompletedTask;

    [PromiseTheory]
    [InlineData("", "C A B E")]
    [InlineData("name = 'm1'", "A")]
    [InlineData("attribute.name = 'm1'", "A")]
    [InlineData("name != 'm1'", "C B E")]
    [InlineData("name LIKE 'm%'", "A B")]
    [InlineData("name ILIKE 'M%'", "C A B")]
    [InlineData("name LIKE '%ö%'", "C")]
    [InlineData("name LIKE 'm_'", "A B")]
    [InlineData("name = 'm1' and name = 'm2'", "")]
    [InlineData("tags.t = '1' and tags.t != '2'", "A")]
    [InlineData("tags.t != '2'", "A")]
    [InlineData("tag.b = ''", "C")]
    [InlineData("tags.`t` LIKE '%'", "A B")]
    [InlineData("description = 'x'", Wrong)]
    [InlineData("name > 'a'", Wrong)]
    [InlineData("name IN ('a')", Wrong)]
    [InlineData("creation_timestamp > 0", Wrong)]
    [InlineData("`name` = 'x'", Wrong)]
    [InlineData("attribute.`name` = 'x'", Wrong)]
    [InlineData("attributes.name = 'x'", Wrong)]
    [InlineData("tags.t IS NULL", Wrong)]
    [InlineData("tags.t > '1'", Wrong)]
    [InlineData("alias = 'x'", Wrong)]
    [InlineData("version_number = 1", Wrong)]
    [InlineData("name = m1", Wrong)]
    [InlineData("name = 1", Wrong)]
    [InlineData("name = 'a' OR name = 'b'", Wrong)]
    public Task A_filter_finds(string filter, string found) => FindsAsync(new RegistryQuery(filter), found);

    [PromiseTheory]
    [InlineData("tag.`mlflow.prompt.is_prompt` != 'true'", "C A B E")]
    [InlineData("tags.`mlflow.prompt.is_prompt` = 'false'", "C A B E")]
    [InlineData("tags.`mlflow.prompt.is_prompt` = 'true'", "D")]
    [InlineData("tags.mlflow.prompt.is_prompt = 'true'", "D")]
    [InlineData("tags.`mlflow.prompt.is_prompt` != 'false'", "D")]
    [InlineData("tags.`mlflow.prompt.is_prompt` = 'true' AND tags._mlflow_experiment_ids LIKE '%,2,%'", "D")]
    [InlineData("tags.`mlflow.prompt.is_prompt` = 'true' AND tags._mlflow_experiment_ids LIKE '%,3,%'", "")]
    [InlineData("name LIKE '%1' AND tag.`mlflow.prompt.is_prompt` != 'true'", "A")]
    [InlineData("tags.t = '1' AND tag.`mlflow.prompt.is_prompt` != 'true'", "A")]
    [InlineData("name = 'prompt'", "")]
    [InlineData("name = 'prompt' and tags.`mlflow.prompt.is_prompt` = 'true'", "D")]
    public Task Prompts_are_seen_only_when_asked_for(string filter, string found) => FindsAsync(new RegistryQuery(filter), found);

    [PromiseTheory]
    [InlineData("name", "C A B E")]
    [InlineData("name DESC", "E B A C")]
    [InlineData("timestamp", "B E C A")]
    [InlineData("last_updated_timestamp DESC", "C A E B")]
    [InlineData("timestamp DESC;name DESC", "A C E B")]
    [InlineData("creation_timestamp", Wrong)]
    [InlineData("attribute.name", Wrong)]
    [InlineData("tags.t", Wrong)]
    [InlineData("description", Wrong)]
    [InlineData("name DOWN", Wrong)]
    [InlineData("timestamp;last_updated_timestamp", Wrong)]
    public async Task An_order_gives(string orderBy, string found)
    {
        await FindsAsync(new RegistryQuery(OrderBy: orderBy.Split(';')), found);
        if (found != Wrong)
        {
            var query = new RegistryQuery(OrderBy: orderBy.Split(';'), MaxResults: 1);
            var ids = await database.AllAsync((reader, token) => RegisteredModelSearch.FindAsync(reader, query with { PageToken = token }, CancellationToken.None));
            Assert.Equal(found, string.Join(' ', ids.Select(id => (char)('A' + id - 1))));
        }
    }

    [PromiseTheory]
    [InlineData(0L, null)]
    [InlineData(-1L, null)]
    [InlineData(1001L, null)]
    [InlineData(2L, "garbage")]
    public Task Limits_and_tokens_are_checked(long size, string? token) => FindsAsync(new RegistryQuery(MaxResults: size, PageToken: token), Wrong);

    private Task FindsAsync(RegistryQuery query, string found) =>
        Found.ByAsync(() => database.ReadAsync(reader => RegisteredModelSearch.FindAsync(reader, query, CancellationToken.None)), found);
}

public sealed class RegisteredModelSearchOnSqlite(SearchOnSqlite database) : RegisteredModelSearchContract(database), IClassFixture<SearchOnSqlite>;

[Needs("postgres")]
public sealed class RegisteredModelSearchOnPostgres(SearchOnPostgres database) : RegisteredModelSearchContract(database), IClassFixture<SearchOnPostgres>;
