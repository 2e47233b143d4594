using Slipway.Server.Search;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Search;

/// <summary>What a search for model versions promises, whatever the database.</summary>
public abstract class ModelVersionSearchContract(SearchDatabase database) : IAsyncLifetime
{
    private const string Wrong = RunCases.Wrong;

    public Task InitializeAsync() => database.FillAsync(fill => fill.WriteAsync(
        Rows.RegisteredModel(1, "m", 0),
        Rows.RegisteredModel(2, "k", 0),
        Rows.RegisteredModel(3, "p", 0),
        Rows.Version(1, 1, 1, created: 10, updated: 50, runId: "r1"),
        Rows.Version(2, 1, 2, created: 20, updated: 20, source: "mlflow-artifacts:/1/x", runId: "r2", stage: "Production"),
        Rows.Version(3, 1, 3, created: 30, updated: 50),
        Rows.Version(4, 2, 1, created: 30, updated: 50, stage: "Archived"),
        Rows.Version(5, 1, 4, created: 40, updated: 90, stage: null),
        Rows.Version(6, 3, 1, created: 50, updated: 95),
        Rows.Version(7, 3, 2, created: 60, updated: 96),
        Rows.VersionTag(1, "x", "y"),
        Rows.VersionTag(4, "x", "Z"),
        Rows.VersionTag(5, "x", "y"),
        Rows.VersionTag(6, "mlflow.prompt.is_prompt", "true")));

    public Task DisposeAsync() => Task.CompletedTask;

    [PromiseTheory]
    [InlineData("", "D C A B")]
    [InlineData("name='m' and version_number > 1", "C B")]
    [InlineData("name = 'm'", "C A B")]
    [InlineData("attribute.name = 'k'", "D")]
    [InlineData("name != 'm'", "D")]
    [InlineData("name ILIKE 'M'", "C A B")]
    [InlineData("version_number = '2'", "B")]
    [InlineData("version_number = 2", "B")]
    [InlineData("version_number != 1", "C B")]
    [InlineData("version_number <= 2", "D A B")]
    [InlineData("version_number = 1.5", "")]
    [InlineData("version_number = 'x'", "")]
    [InlineData("version_number = 99999999999999999999", "")]
    [InlineData("run_id = ''", "D C")]
    [InlineData("run_id = 'r1'", "A")]
    [InlineData("run_id IN ('r1', 'r2', 'x')", "A B")]
    [InlineData("run_id LIKE 'r%'", "A B")]
    [InlineData("source_path LIKE 's3%'", "D C A")]
    [InlineData("source_path = 'mlflow-artifacts:/1/x'", "B")]
    [InlineData("tags.x = 'y'", "A")]
    [InlineData("tag.`x` != 'y'", "D")]
    [InlineData("tags.x ILIKE 'z'", "D")]
    [InlineData("run_id NOT IN ('r1')", Wrong)]
    [InlineData("run_id IN ()", Wrong)]
    [InlineData("name in ('a')", Wrong)]
    [InlineData("version = 1", Wrong)]
    [InlineData("source = 'x'", Wrong)]
    [InlineData("current_stage = 'Production'", Wrong)]
    [InlineData("aliases = 'x'", Wrong)]
    [InlineData("creation_timestamp > 1", Wrong)]
    [InlineData("name = 5", Wrong)]
    [InlineData("name > 'a'", Wrong)]
    [InlineData("version_number LIKE 1", Wrong)]
    [InlineData("version_number IN (1,2)", Wrong)]
    [InlineData("version_number = two", Wrong)]
    [InlineData("tags.x IS NULL", Wrong)]
    [InlineData("tags.x > 'a'", Wrong)]
    [InlineData("`name` = 'm'", Wrong)]
    public Task A_filter_finds(string filter, string found) => FindsAsync(new RegistryQuery(filter), found);

    [PromiseTheory]
    [InlineData("name = 'p'", "")]
    [InlineData("name = 'p' and tags.`mlflow.prompt.is_prompt` != 'true'", "")]
    [InlineData("tags.`mlflow.prompt.is_prompt` = 'true'", "F")]
    public Task One_version_with_the_tag_hides_all_versions_of_a_prompt(string filter, string found) => FindsAsync(new RegistryQuery(filter), found);

    [PromiseTheory]
    [InlineData("name", "D C B A")]
    [InlineData("name DESC", "C B A D")]
    [InlineData("version_number DESC", "C B D A")]
    [InlineData("version_number ASC", "D A B C")]
    [InlineData("creation_timestamp ASC", "A B D C")]
    [InlineData("last_updated_timestamp DESC;name DESC", "C A D B")]
    [InlineData("attribute.version_number DESC;name DESC", "C B A D")]
    [InlineData("creation_time", Wrong)]
    [InlineData("timestamp", Wrong)]
    [InlineData("version", Wrong)]
    [InlineData("tags.x", Wrong)]
    [InlineData("name DOWN", Wrong)]
    [InlineData("name;name DESC", Wrong)]
    public async Task An_order_gives(string orderBy, string found)
    {
        await FindsAsync(new RegistryQuery(OrderBy: orderBy.Split(';')), found);
        if (found != Wrong)
        {
            var query = new RegistryQuery(OrderBy: orderBy.Split(';'), MaxResults: 1);
            var ids = await database.AllAsync((reader, token) => ModelVersionSearch.FindAsync(reader, query with { PageToken = token }, CancellationToken.None));
            Assert.Equal(found, string.Join(' ', ids.Select(id => (char)('A' + id - 1))));
        }
    }

    [PromiseTheory]
    [InlineData(0L, null)]
    [InlineData(200_001L, null)]
    [InlineData(2L, "garbage")]
    public Task Limits_and_tokens_are_checked(long size, string? token) => FindsAsync(new RegistryQuery(MaxResults: size, PageToken: token), Wrong);

    private Task FindsAsync(RegistryQuery query, string found) =>
        Found.ByAsync(() => database.ReadAsync(reader => ModelVersionSearch.FindAsync(reader, query, CancellationToken.None)), found);
}

public sealed class ModelVersionSearchOnSqlite(SearchOnSqlite database) : ModelVersionSearchContract(database), IClassFixture<SearchOnSqlite>;

[Needs("postgres")]
public sealed class ModelVersionSearchOnPostgres(SearchOnPostgres database) : ModelVersionSearchContract(database), IClassFixture<SearchOnPostgres>;
