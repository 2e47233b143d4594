using Slipway.Server.Content;
using Slipway.Server.Datasets.Profiling;
using Slipway.Server.Datasets.Reading;
using Slipway.Store;

namespace Slipway.Server.Datasets;

/// <summary>Every statement that touches <c>dataset_drafts</c> and <c>dataset_draft_files</c>: versions whose files are being sent.</summary>
/// <remarks>Nobody sees a draft but the one who sends it, and nothing of it is a version before its own change makes it one.</remarks>
internal static class DatasetDrafts
{
    /// <summary>What keeps content alive: what was sent for drafts.</summary>
    public static readonly Sql Reference = Sql.Of($"select 1 from dataset_draft_files r where r.sha256 = content_objects.sha256");

    private const long MostAtOnce = 1000;

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    /// <exception cref="Fault">Its creator has too many.</exception>
    public static async Task AddAsync(Writer writer, DraftRow draft, long at, CancellationToken cancellationToken)
    {
        if (await writer.FindAsync($"select count(*) from dataset_drafts where creator = {draft.Creator}", row => row.GetInt64(0), cancellationToken) >= MostAtOnce)
        {
            throw Fault.Conflict($"You have {MostAtOnce} drafts of versions. Complete some of them, or delete them; each is forgotten a day after its last file.");
        }

        await writer.ExecuteAsync($"""
            insert into dataset_drafts (id, dataset, version, creator, touched_at) values ({draft.Id}, {draft.Dataset}, {draft.Version}, {draft.Creator}, {at})
            """, cancellationToken);
    }

    public static Task<DraftRow?> FindAsync(Reader reader, string id, CancellationToken cancellationToken) => reader.FindAsync(
        $"select id, dataset, version, creator from dataset_drafts where id = {id}",
        row => new DraftRow(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3)),
        cancellationToken);

    /// <exception cref="Fault">There is no such draft of this caller for this dataset.</exception>
    public static async Task<DraftRow> GetAsync(Reader reader, DraftReference named, CancellationToken cancellationToken) =>
        await FindAsync(reader, named.Id, cancellationToken) is { } draft && draft.Dataset == named.Dataset && draft.Creator == named.Creator
            ? draft
            : throw Fault.NotFound($"There is no draft '{Checks.Text.Shorten(named.Id)}' of yours for the dataset '{Checks.Text.Shorten(named.Dataset)}'. It may be completed, or forgotten: a draft lasts a day.");

    public static Task<List<DatasetFileRow>> FilesAsync(Reader reader, string id, CancellationToken cancellationToken) =>
        reader.ListAsync($"select {DatasetFiles.Columns} from dataset_draft_files where draft = {id} order by path", DatasetFiles.Map, cancellationToken);

    public static async Task<TableProfile?> ProfileAsync(Reader reader, string id, string path, CancellationToken cancellationToken) =>
        await reader.FindAsync($"select profile from dataset_draft_files where draft = {id} and path = {path} and profile is not null", row => row.GetString(0), cancellationToken) is { } json
            ? SavedProfile.Parse(json)
            : null;

    public static Task<DatasetFileRow?> FindFileAsync(Reader reader, string id, string path, CancellationToken cancellationToken) =>
        reader.FindAsync($"select {DatasetFiles.Columns} from dataset_draft_files where draft = {id} and path = {path}", DatasetFiles.Map, cancellationToken);

    /// <summary>Puts a file into the draft, in place of the one that has its path.</summary>
    /// <exception cref="Fault">The draft is gone.</exception>
    public static async Task PutFileAsync(Writer writer, DraftReference named, (DatasetFileRow Row, TableProfile? Profile) file, long at, CancellationToken cancellationToken)
    {
        await HoldAsync(writer, named, at, cancellationToken);
        var (row, profile) = (file.Row, file.Profile is null ? null : SavedProfile.Of(file.Profile));
        await writer.ExecuteAsync($"""
            insert into dataset_draft_files (draft, path, size, sha256, format, table_digest, samples, features, profile)
            values ({named.Id}, {row.Path}, {row.Size}, {row.Sha256}, {row.Format?.Name()}, {row.TableDigest}, {row.Samples}, {row.Features}, {profile})
            on conflict (draft, path) do update set size = excluded.size, sha256 = excluded.sha256, format = excluded.format,
                table_digest = excluded.table_digest, samples = excluded.samples, features = excluded.features, profile = excluded.profile
            """, cancellationToken);
    }

    /// <summary>Keeps the draft as it is, for others, until the transaction ends.</summary>
    /// <exception cref="Fault">The draft is gone.</exception>
    public static async Task<DraftRow> HoldAsync(Writer writer, DraftReference named, long at, CancellationToken cancellationToken)
    {
        await writer.ExecuteAsync($"update dataset_drafts set touched_at = {at} where id = {named.Id}", cancellationToken);
        return await GetAsync(writer, named, cancellationToken);
    }

    /// <summary>Forgets a draft. What it held begins its grace.</summary>
    public static async Task RemoveAsync(Writer writer, string id, long at, CancellationToken cancellationToken)
    {
        await ContentObjects.TouchAsync(writer, Sql.Of($"select sha256 from dataset_draft_files where draft = {id}"), at, cancellationToken);
        await writer.ExecuteAsync($"delete from dataset_draft_files where draft = {id}", cancellationToken);
        await writer.ExecuteAsync($"delete from dataset_drafts where id = {id}", cancellationToken);
    }

    /// <summary>Forgets the drafts that nobody was heard of for long.</summary>
    public static async Task ExpireAsync(Writer writer, long at, CancellationToken cancellationToken)
    {
        var old = await writer.ListAsync($"select id from dataset_drafts where touched_at < {at - (long)Lifetime.TotalMilliseconds}", row => row.GetString(0), cancellationToken);
        foreach (var id in old)
        {
            await RemoveAsync(writer, id, at, cancellationToken);
        }
    }
}

/// <summary>A version whose files are being sent.</summary>
internal sealed record DraftRow(string Id, string Dataset, string Version, string Creator);

/// <summary>A draft as a request names it.</summary>
/// <param name="Dataset">The dataset in the request's path.</param>
/// <param name="Id">The draft.</param>
/// <param name="Creator">Who asks.</param>
internal sealed record DraftReference(string Dataset, string Id, string Creator);
