using Slipway.Store.Sqlite;
using Slipway.Testing;
using Xunit;

namespace Slipway.Store.Tests.Statements;

/// <summary>What LIKE and ILIKE mean, whatever the database.</summary>
public abstract class LikeContract(Func<Task<Fresh>> freshDatabase) : IAsyncLifetime
{
    private OpenStore _store = null!;

    public async Task InitializeAsync() => _store = await OpenStore.OnAsync(freshDatabase);

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Promise]
    public async Task Random_patterns_match_the_same_random_texts()
    {
        // The Kelvin sign and the dotted I fold to ASCII letters in some languages; here only A to Z fold.
        string[] letters = ["a", "A", "b", "B", "é", "É", "ß", "İ", "ı", "\u212A", "k", "%", "_", "\\", "'", "\U0001F600", "\U0001F601", " "];
        var random = new Random(20260101);
        var texts = Enumerable.Range(0, 300).Select(_ => Text(0, 7)).Distinct().ToList();
        await AddAsync(texts);

        for (var i = 0; i < 150; i++)
        {
            var pattern = i % 3 == 0 ? texts[random.Next(texts.Count)] : Text(1, 6);
            await AssertMatchesAsync(pattern, texts);
        }

        string Text(int least, int most) => string.Concat(Enumerable.Range(0, random.Next(least, most + 1)).Select(_ => letters[random.Next(2) == 0 ? random.Next(4) : random.Next(letters.Length)]));
    }

    [Promise]
    public async Task A_percent_sign_is_any_run_an_underscore_one_character_and_nothing_escapes()
    {
        List<string> texts = ["", "a", "ab", "aXb", "a%b", "a_b", "a\\%b", "\U0001F600", "a\U0001F600b", "AB", "ÉA", "éa"];
        await AddAsync(texts);

        foreach (var pattern in new[] { "", "%", "%%", "_", "__", "a%", "%b", "a_b", "a%b", "a\\%b", "a\\_b", "ab", "_%_", "é%", "É%", "%\U0001F600%", "a_%b", "\\" })
        {
            await AssertMatchesAsync(pattern, texts);
        }
    }

    [Promise]
    public async Task A_hostile_pattern_takes_no_time_to_speak_of()
    {
        var text = new string('a', 4000);
        await AddAsync([text]);

        Assert.Empty(await FindAsync(name => _store.Database.Dialect.Like(name, string.Concat(Enumerable.Repeat("%a", 200)) + "%b")).WaitAsync(TimeSpan.FromSeconds(10)));
    }

    private async Task AssertMatchesAsync(string pattern, List<string> texts)
    {
        var like = await FindAsync(name => _store.Database.Dialect.Like(name, pattern));
        var ilike = await FindAsync(name => _store.Database.Dialect.ILike(name, pattern));

        Assert.Equal(Sorted(texts.Where(text => Naive(pattern, text, foldCase: false))), Sorted(like));
        Assert.Equal(Sorted(texts.Where(text => Naive(pattern, text, foldCase: true))), Sorted(ilike));
        Assert.All(texts, text => Assert.Equal(Naive(pattern, text, foldCase: true), LikePattern.Matches(pattern, text, foldCase: true)));
    }

    private Task<List<string>> FindAsync(Func<Sql, Sql> condition) => _store.ColumnAsync($"select name from notes where {condition(Sql.Of($"name"))}");

    private Task<bool> AddAsync(IReadOnlyList<string> texts) => _store.Ingest.WriteAsync(async (writer, token) =>
    {
        foreach (var text in texts)
        {
            await Notes.AddAsync(writer, text, token);
        }

        return true;
    }, CancellationToken.None);

    private static List<string> Sorted(IEnumerable<string> texts) => [.. texts.Order(StringComparer.Ordinal)];

    // The definition, spelt out: what is matched is code points, of which A to Z may fold.
    private static bool Naive(string pattern, string text, bool foldCase)
    {
        return From([.. pattern.EnumerateRunes().Select(Fold)], [.. text.EnumerateRunes().Select(Fold)]);

        int Fold(System.Text.Rune rune) => foldCase && rune.Value is >= 'A' and <= 'Z' ? rune.Value + 32 : rune.Value;

        static bool From(ReadOnlySpan<int> pattern, ReadOnlySpan<int> text)
        {
            if (pattern.IsEmpty)
            {
                return text.IsEmpty;
            }

            return pattern[0] == '%'
                ? From(pattern[1..], text) || (!text.IsEmpty && From(pattern, text[1..]))
                : !text.IsEmpty && (pattern[0] == '_' || pattern[0] == text[0]) && From(pattern[1..], text[1..]);
        }
    }
}

public sealed class LikeOnSqlite() : LikeContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class LikeOnPostgres() : LikeContract(Fresh.PostgresAsync);
