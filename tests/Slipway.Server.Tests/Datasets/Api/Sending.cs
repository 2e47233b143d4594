using System.Net;
using System.Text.Json.Nodes;
using Slipway.Server.Tests.Identity;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Datasets.Api;

/// <summary>Versions of datasets as clients send and fetch them.</summary>
internal static class Sending
{
    public const string Root = Crowd.Native + "datasets";

    public static string On(string name, string version) => $"{Root}/{name}/versions/{Uri.EscapeDataString(version)}";

    /// <summary>Adds a version of several files by way of a draft; the first refusal is the answer.</summary>
    public static async Task<WireReply> TryAddAsync(this WireClient client, string name, string version, IReadOnlyList<(string Path, byte[] Bytes)> files, object? more = null)
    {
        var begun = await client.PostAsync($"{Root}/{name}/drafts", new { version });
        if (begun.Status != HttpStatusCode.OK)
        {
            return begun;
        }

        var draft = begun.Body!["id"]!.GetValue<string>();
        foreach (var (path, bytes) in files)
        {
            var sent = await client.SendAsync(HttpMethod.Put, $"{Root}/{name}/drafts/{draft}/file?path={Uri.EscapeDataString(path)}", new ByteArrayContent(bytes));
            if (sent.Status != HttpStatusCode.OK)
            {
                return sent;
            }
        }

        var body = JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(more ?? new { }))!.AsObject();
        body["version"] = version;
        body["draft"] = draft;
        return await client.PostAsync($"{Root}/{name}/versions", body);
    }

    /// <summary>Adds a version of one file in one request.</summary>
    public static Task<WireReply> TryPutAsync(this WireClient client, string name, string version, string path, byte[] bytes, string more = "") =>
        client.SendAsync(HttpMethod.Put, $"{On(name, version)}?path={Uri.EscapeDataString(path)}{more}", new ByteArrayContent(bytes));

    /// <summary>Adds a version that has to be new, and answers it.</summary>
    public static async Task<JsonNode> AddAsync(this WireClient client, string name, string version, string path, byte[] bytes)
    {
        var added = (await client.TryPutAsync(name, version, path, bytes)).Ok();
        Assert.True(added["added"]!.GetValue<bool>());
        return added["version"]!;
    }

    public static async Task<JsonNode> VersionAsync(this WireClient client, string name, string version) => (await client.GetAsync(On(name, version))).Ok();

    public static async Task<(HttpStatusCode Status, byte[] Bytes, string? Digest)> FetchAsync(this WireClient client, string name, string version, string? path = null, string? range = null)
    {
        using var http = new HttpClient { BaseAddress = client.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{On(name, version)}/file{(path is null ? "" : $"?path={Uri.EscapeDataString(path)}")}");
        request.Headers.TryAddWithoutValidation("Range", range);
        using var reply = await http.SendAsync(request);
        var digest = reply.Headers.TryGetValues("Repr-Digest", out var values) ? string.Concat(values) : null;
        return (reply.StatusCode, await reply.Content.ReadAsByteArrayAsync(), digest);
    }

    public static string? Text(this JsonNode node, string member) => node[member]?.GetValue<string>();

    public static long? Number(this JsonNode node, string member) => node[member]?.GetValue<long>();

    /// <summary>What a problem of the native API says.</summary>
    public static (HttpStatusCode Status, string? Code, string Detail) Problem(this WireReply reply) => (reply.Status, reply.Body?["code"]?.GetValue<string>(), reply.Body?["detail"]?.GetValue<string>() ?? reply.Text);
}
