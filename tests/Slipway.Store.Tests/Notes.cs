using System.Text.Json;

namespace Slipway.Store.Tests;

/// <summary>Every statement that touches <c>notes</c>, a table that only tests have.</summary>
internal static class Notes
{
    public static async Task<bool> CreateTableAsync(Writer writer, CancellationToken cancellationToken)
    {
        var sql = new Sql(64, 0);
        sql.AppendLiteral($"create table notes (name {writer.Dialect.ColumnTypes["{text}"]} primary key)");
        await writer.ExecuteAsync(sql, cancellationToken);
        return true;
    }

    public static async Task<bool> AddAsync(Writer writer, string name, CancellationToken cancellationToken) =>
        await writer.ExecuteAsync($"insert into notes (name) values ({name})", cancellationToken) == 1;

    public static Task<List<string>> AllAsync(Reader reader, CancellationToken cancellationToken) =>
        reader.ListAsync($"select name from notes order by name", row => row.GetString(0), cancellationToken);

    public static Task<long> CountAsync(Reader reader, CancellationToken cancellationToken) =>
        reader.FindAsync($"select count(*) from notes", row => row.GetInt64(0), cancellationToken);

    /// <summary>A statement that goes on until somebody stops it.</summary>
    public static Sql CountForever => Sql.Of($"""
        with recursive forever (n) as (select cast(1 as bigint) union all select n + 1 - n from forever)
        select count(*) from forever
        """);

    public static Task<bool> CountForeverAsync(Reader reader, CancellationToken cancellationToken) => reader.AnyAsync(CountForever, cancellationToken);
}

/// <summary>Writes a note; what it does besides is up to the test.</summary>
internal sealed record WriteNote(string Name) : ChangeRequest<string>
{
    public override string Action => "note.write";

    public override string Resource => $"notes/{Name}";

    public Func<Change, CancellationToken, Task> Then { get; init; } = (_, _) => Task.CompletedTask;

    public override async Task<string> ApplyAsync(Change change, CancellationToken cancellationToken)
    {
        await Notes.AddAsync(change, Name, cancellationToken);
        var state = JsonSerializer.Serialize(new { name = Name });
        change.Announce("note.written", state);
        change.Record(null, state);
        await Then(change, cancellationToken);
        return Name;
    }
}
