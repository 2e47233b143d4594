using Slipway.Server.Search.Paging;
using Slipway.Store;

namespace Slipway.Server.Search;

/// <summary>Finds runs.</summary>
internal static class RunSearch
{
    private static readonly PageSize Size = new(WhenAbsent: 1000, Most: 50_000);

    /// <summary>One page of the runs that match, in order.</summary>
    /// <exception cref="Fault">The query is wrong, or its page token belongs to another.</exception>
    public static Task<Page> FindAsync(Reader reader, RunQuery query, CancellationToken cancellationToken) =>
        FindAsync(reader, query, RunBounds.Usual, cancellationToken);

    /// <summary>The same with other bounds.</summary>
    internal static async Task<Page> FindAsync(Reader reader, RunQuery query, RunBounds bounds, CancellationToken cancellationToken)
    {
        var size = Size.Of(query.MaxResults);
        var experiments = ExperimentSet.Of(query.ExperimentIds);
        var readable = await ExperimentSet.ReadableAsync(reader, experiments, query.Readable, cancellationToken);
        var selection = new RunSelection(readable, query.View, RunVocabulary.Words.ReadFilter(query.Filter), RunOrder.Read(query.OrderBy), reader.Dialect);
        var fingerprint = Fingerprint.Of(["runs", query.Filter ?? "", Fingerprint.Of(experiments.Order()), query.View.ToString(), .. query.OrderBy ?? []]);
        var after = PageToken.Decode(query.PageToken, fingerprint, selection.Order.Types);
        if (readable.Count == 0)
        {
            return Page.Empty;
        }

        var pages = new PageReader(reader, fingerprint, size);
        return await new RunPlanner(reader, selection, bounds).ChooseAsync(size, cancellationToken) is { } source
            ? await pages.ReadAsync(selection.Along(source), after, cancellationToken)
            : await pages.ReadAsync(selection.AlongMetric(), after is null ? 0 : RankOf(after), after, cancellationToken);
    }

    private static int RankOf(IReadOnlyList<object> after) =>
        after[0] is >= 0L and <= 2L ? (int)(long)after[0] : throw Fault.Invalid("Invalid page token: there is no such place in the order.");
}
