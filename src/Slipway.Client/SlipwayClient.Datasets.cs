using Slipway.Wire;
using Slipway.Wire.Datasets;
using Slipway.Wire.Identity;
using Slipway.Wire.Native;

namespace Slipway.Client;

/// <content>Datasets.</content>
public sealed partial class SlipwayClient
{
    /// <summary>One page of the datasets that one may read, by name.</summary>
    /// <param name="after">The last name of the page before; null begins.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<DatasetsResponse> ListDatasetsAsync(string? after = null, CancellationToken cancellationToken = default) => AskAsync<DatasetsResponse>($"datasets{After(after)}", cancellationToken);

    /// <summary>A dataset.</summary>
    /// <param name="name">Unknown fails with <c>RESOURCE_DOES_NOT_EXIST</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<RegisteredDataset> GetDatasetAsync(string name, CancellationToken cancellationToken = default) => AskAsync<RegisteredDataset>(OnDataset(name), cancellationToken);

    /// <summary>All versions of a dataset, the highest precedence first.</summary>
    /// <param name="name">The dataset.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<DatasetVersion>> ListDatasetVersionsAsync(string name, CancellationToken cancellationToken = default) =>
        (await AskAsync<DatasetVersionsResponse>($"{OnDataset(name)}/versions", cancellationToken)).Versions;

    /// <summary>A version of a dataset.</summary>
    /// <param name="name">The dataset.</param>
    /// <param name="version">The version, an alias, or <c>latest</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<DatasetVersion> GetDatasetVersionAsync(string name, string version, CancellationToken cancellationToken = default) => AskAsync<DatasetVersion>(OnDataset(name, version), cancellationToken);

    /// <summary>One page of the files of a version, by path.</summary>
    /// <param name="name">The dataset.</param>
    /// <param name="version">The version, an alias, or <c>latest</c>.</param>
    /// <param name="after">The last path of the page before; null begins.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<DatasetFilesResponse> ListDatasetFilesAsync(string name, string version, string? after = null, CancellationToken cancellationToken = default) =>
        AskAsync<DatasetFilesResponse>($"{OnDataset(name, version)}/files{After(after)}", cancellationToken);

    /// <summary>What is known of a table's columns.</summary>
    /// <param name="name">The dataset.</param>
    /// <param name="version">The version, an alias, or <c>latest</c>.</param>
    /// <param name="path">The file; null where only one is a table.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<DatasetStatistics> GetDatasetStatisticsAsync(string name, string version, string? path = null, CancellationToken cancellationToken = default) =>
        AskAsync<DatasetStatistics>($"{OnDataset(name, version)}/statistics{Query([("path", path)])}", cancellationToken);

    /// <summary>Opens a file of a version; the caller disposes the stream, whose last read fails when the bytes are not those that were added.</summary>
    /// <param name="name">The dataset.</param>
    /// <param name="version">The version, an alias, or <c>latest</c>.</param>
    /// <param name="file">One of its files.</param>
    /// <param name="cancellationToken">Ends the wait for the first byte.</param>
    public async Task<Stream> OpenDatasetFileAsync(string name, string version, DatasetFile file, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{NativeApi.Prefix.TrimStart('/')}{OnDataset(name, version)}/file{Query([("path", file.Path)])}");
        var response = await AnswerAsync(request, AnswerTime, cancellationToken);
        return new VerifiedStream(await response.Content.ReadAsStreamAsync(cancellationToken), (file.Path, file.Size, file.Sha256));
    }

    /// <summary>Compares two versions: files, and a table's schema, rows and statistics. Of large tables it takes minutes.</summary>
    /// <param name="name">The dataset.</param>
    /// <param name="request">What to compare; while the server makes as many comparisons as it can, it fails with <c>TEMPORARILY_UNAVAILABLE</c>.</param>
    /// <param name="cancellationToken">Breaks it off.</param>
    public async Task<DatasetDiff> DiffDatasetAsync(string name, DatasetDiffRequest request, CancellationToken cancellationToken = default)
    {
        (string Name, string? Value)[] query = [("a", request.A), ("b", request.B), ("path", request.Path), .. (request.Key ?? []).Select(key => ("key", (string?)key))];
        using var message = new HttpRequestMessage(HttpMethod.Get, $"{NativeApi.Prefix.TrimStart('/')}{OnDataset(name)}/diff{Query(query)}");
        return await ReadAsync<DatasetDiff>(message, "diff", Timeout.InfiniteTimeSpan, cancellationToken);
    }

    /// <summary>Points an alias to a version.</summary>
    /// <param name="name">The dataset.</param>
    /// <param name="alias">Begins with a letter.</param>
    /// <param name="version">The version; null takes the alias away.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task SetDatasetAliasAsync(string name, string alias, string? version, CancellationToken cancellationToken = default)
    {
        var path = $"{OnDataset(name)}/aliases/{Uri.EscapeDataString(alias)}";
        return version is null
            ? CallAsync<EmptyResponse, EmptyResponse>(HttpMethod.Delete, path, null, cancellationToken)
            : CallAsync<SetDatasetAliasRequest, EmptyResponse>(HttpMethod.Put, path, new SetDatasetAliasRequest(version), cancellationToken);
    }

    /// <summary>Sets a tag of a version.</summary>
    /// <param name="name">The dataset.</param>
    /// <param name="version">The version.</param>
    /// <param name="tag">The tag; one without a value is deleted.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task SetDatasetTagAsync(string name, string version, KeyValue tag, CancellationToken cancellationToken = default)
    {
        var path = $"{OnDataset(name, version)}/tags";
        return tag.Value is null
            ? CallAsync<DeleteDatasetTagRequest, EmptyResponse>(HttpMethod.Delete, path, new DeleteDatasetTagRequest(tag.Key), cancellationToken)
            : CallAsync<SetDatasetTagRequest, EmptyResponse>(HttpMethod.Put, path, new SetDatasetTagRequest(tag.Key, tag.Value), cancellationToken);
    }

    /// <summary>Describes a dataset, or a version of it, anew.</summary>
    /// <param name="name">The dataset.</param>
    /// <param name="version">Null for the dataset itself.</param>
    /// <param name="description">Null takes it away.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task DescribeDatasetAsync(string name, string? version, string? description, CancellationToken cancellationToken = default) => CallAsync<DescribeDatasetRequest, EmptyResponse>(
        HttpMethod.Put, $"{(version is null ? OnDataset(name) : OnDataset(name, version))}/description", new DescribeDatasetRequest(description), cancellationToken);

    /// <summary>Erases the content of a version for good. Takes an admin.</summary>
    /// <param name="name">The dataset.</param>
    /// <param name="version">The version.</param>
    /// <param name="reason">Why; stays on record.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task PurgeDatasetVersionAsync(string name, string version, string reason, CancellationToken cancellationToken = default) =>
        CallAsync<PurgeDatasetRequest, EmptyResponse>(HttpMethod.Post, $"{OnDataset(name, version)}/purge", new PurgeDatasetRequest(reason), cancellationToken);

    /// <summary>What is granted on a dataset. Takes MANAGE there, or an auditor.</summary>
    /// <param name="name">The dataset.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<Grant>> ListDatasetPermissionsAsync(string name, CancellationToken cancellationToken = default) =>
        (await AskAsync<GrantsResponse>($"{OnDataset(name)}/permissions", cancellationToken)).Permissions;

    /// <summary>Grants a permission on a dataset. Takes MANAGE there.</summary>
    /// <param name="name">The dataset.</param>
    /// <param name="request">What, to whom.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task GrantOnDatasetAsync(string name, GrantRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<GrantRequest, EmptyResponse>(HttpMethod.Post, $"{OnDataset(name)}/permissions", request, cancellationToken);

    /// <summary>Takes a permission on a dataset back.</summary>
    /// <param name="name">The dataset.</param>
    /// <param name="request">What, from whom; none fails with <c>RESOURCE_DOES_NOT_EXIST</c>.</param>
    /// <param name="cancellationToken">Ends the wait, not what the server has begun.</param>
    public Task RevokeOnDatasetAsync(string name, GrantRequest request, CancellationToken cancellationToken = default) =>
        CallAsync<GrantRequest, EmptyResponse>(HttpMethod.Delete, $"{OnDataset(name)}/permissions", request, cancellationToken);

    private static string OnDataset(string name) => $"datasets/{Uri.EscapeDataString(name)}";

    private static string OnDataset(string name, string version) => $"{OnDataset(name)}/versions/{Uri.EscapeDataString(version)}";
}
