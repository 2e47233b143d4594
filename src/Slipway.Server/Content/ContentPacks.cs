using Slipway.Store;

namespace Slipway.Server.Content;

/// <summary>Every statement that touches <c>content_packs</c>.</summary>
internal static class ContentPacks
{
    public static async Task<long> AddAsync(Writer writer, string name, long size, long at, CancellationToken cancellationToken)
    {
        var id = await writer.TakeIdsAsync("content_packs", 1, cancellationToken);
        await writer.ExecuteAsync($"insert into content_packs (id, name, size, created_at) values ({id}, {name}, {size}, {at})", cancellationToken);
        return id;
    }

    /// <summary>The packs of these names, so that others can be told to be nobody's.</summary>
    public static async Task<HashSet<string>> KnownAsync(Reader reader, IReadOnlyCollection<string> names, CancellationToken cancellationToken) =>
        [.. await reader.ListAsync($"select name from content_packs where name in {names}", row => row.GetString(0), cancellationToken)];

    public static Task<int> RemoveAsync(Writer writer, long id, CancellationToken cancellationToken) =>
        writer.ExecuteAsync($"delete from content_packs where id = {id} and not exists (select 1 from content_chunks where pack = {id})", cancellationToken);
}
