using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Slipway.Store;

/// <summary>Brings the schema up to date: numbered steps, each once, in order, under a lock.</summary>
internal static partial class Migrator
{
    public static async Task RunAsync(Database database, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenWriterAsync(cancellationToken);
        await session.BeginAsync(cancellationToken);
        try
        {
            var writer = new Writer(session, database.Dialect);
            await database.LockMigrationsAsync(writer, cancellationToken);
            await ApplyAsync(writer, Known(), time, cancellationToken);
            await session.CommitAsync(cancellationToken);
        }
        catch
        {
            await session.RollBackAsync();
            throw;
        }
    }

    private static async Task ApplyAsync(Writer writer, IReadOnlyList<Migration> known, TimeProvider time, CancellationToken cancellationToken)
    {
        await writer.ExecuteAsync(
            $"create table if not exists migrations (number bigint primary key, name text not null, checksum text not null, applied_at bigint not null)",
            cancellationToken);
        var applied = await writer.ListAsync(
            $"select number, name, checksum from migrations order by number",
            row => new Migration(row.GetInt64(0), row.GetString(1), row.GetString(2), ""),
            cancellationToken);
        Check(known, applied);

        foreach (var migration in known.Skip(applied.Count))
        {
            foreach (var statement in Statements(migration.Text, writer.Dialect))
            {
                await writer.ExecuteAsync(statement, cancellationToken);
            }

            await writer.ExecuteAsync(
                $"insert into migrations (number, name, checksum, applied_at) values ({migration.Number}, {migration.Name}, {migration.Checksum}, {time.GetUtcNow().ToUnixTimeMilliseconds()})",
                cancellationToken);
        }
    }

    private static void Check(IReadOnlyList<Migration> known, IReadOnlyList<Migration> applied)
    {
        if (applied.Count > known.Count)
        {
            throw new SchemaException($"The database is newer than this program: it has step {applied[^1].Number} ({applied[^1].Name}), and this program knows steps up to {known[^1].Number}. Start a newer Slipway.");
        }

        foreach (var (mine, theirs) in known.Zip(applied))
        {
            if (mine.Number != theirs.Number || !string.Equals(mine.Checksum, theirs.Checksum, StringComparison.Ordinal))
            {
                throw new SchemaException($"Step {theirs.Number} ({theirs.Name}) of the database's schema is not the one that this program knows. The database belongs to another build of Slipway.");
            }
        }
    }

    private static List<Migration> Known()
    {
        var assembly = typeof(Migrator).Assembly;
        return [.. assembly.GetManifestResourceNames().Select(name => FileName().Match(name)).Where(match => match.Success).OrderBy(match => match.Value, StringComparer.Ordinal).Select(match =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(match.Value)!);
            var text = reader.ReadToEnd().ReplaceLineEndings("\n");
            return new Migration(long.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture), match.Groups["name"].Value, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))), text);
        })];
    }

    private static IEnumerable<Sql> Statements(string text, Dialect dialect)
    {
        text = dialect.ColumnTypes.Aggregate(text, (current, word) => current.Replace(word.Key, word.Value, StringComparison.Ordinal));
        foreach (var statement in text.Split(";\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var sql = new Sql(statement.Length, 0);
            sql.AppendLiteral(statement);
            yield return sql;
        }
    }

    [GeneratedRegex(@"^Slipway\.Store\.Migrations\.(?<number>\d{4})_(?<name>\w+)\.sql$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FileName();

    private sealed record Migration(long Number, string Name, string Checksum, string Text);
}

/// <summary>The database's schema and this program do not fit.</summary>
public sealed class SchemaException(string message) : Exception(message);
