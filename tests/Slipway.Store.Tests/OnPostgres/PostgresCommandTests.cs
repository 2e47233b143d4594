using Slipway.Store.Postgres;
using Xunit;

namespace Slipway.Store.Tests.OnPostgres;

/// <summary>How a statement is put into PostgreSQL's words.</summary>
public sealed class PostgresCommandTests
{
    [Fact]
    public void Parameters_are_numbered_and_a_list_is_one_of_them_however_long_it_is()
    {
        var ids = Enumerable.Range(1, 700).Select(id => (long)id).ToList();

        var command = PostgresCommand.Of(Sql.Of($"a = {"x"} and b in {ids} and c not in {new[] { "y", "z" }} and d = {2.5}"));

        Assert.Equal("a = $1 and b = any($2) and c <> all($3) and d = $4", command.CommandText);
        Assert.Equal("x", command.Parameters[0].Value);
        Assert.Equal(ids, Assert.IsType<long?[]>(command.Parameters[1].Value).Distinct().Select(id => id!.Value));
        Assert.Equal(["y", "z"], Assert.IsType<string[]>(command.Parameters[2].Value));
        Assert.Equal(2.5, command.Parameters[3].Value);
    }

    [Fact]
    public void A_list_from_another_fragment_is_one_too()
    {
        var list = Sql.Of($"{new[] { 1L, 2L }}");

        Assert.Equal("(a = any($1) or b = any($2))", PostgresCommand.Of(Sql.Of($"(a in {list} or b in {list})")).CommandText);
    }

    [Fact]
    public void A_list_that_stands_anywhere_else_is_refused() =>
        Assert.Throws<InvalidOperationException>(() => PostgresCommand.Of(Sql.Of($"select {new[] { 1L }}")));
}
