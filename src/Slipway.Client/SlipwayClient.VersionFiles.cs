using Slipway.Wire.Native;

namespace Slipway.Client;

public sealed partial class SlipwayClient
{
    /// <summary>One page of what a model version consisted of when it was registered.</summary>
    /// <param name="model">The registered model.</param>
    /// <param name="version">The version's number.</param>
    /// <param name="after">The last path of the page before.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<VersionFilesResponse> ListVersionFilesAsync(string model, string version, string? after = null, CancellationToken cancellationToken = default) =>
        AskAsync<VersionFilesResponse>($"models/{Uri.EscapeDataString(model)}/versions/{Uri.EscapeDataString(version)}/files{After(after)}", cancellationToken);

    /// <summary>Opens a file of a version; the caller disposes the stream, whose last read fails when the bytes are not those that were registered.</summary>
    /// <param name="model">The registered model.</param>
    /// <param name="version">The version's number.</param>
    /// <param name="file">One of its files.</param>
    /// <param name="cancellationToken">Ends the wait for the first byte.</param>
    public async Task<Stream> OpenVersionFileAsync(string model, string version, VersionFile file, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"model-versions/get-artifact{Query([("name", model), ("version", version), ("path", file.Path)])}");
        var response = await AnswerAsync(request, AnswerTime, cancellationToken);
        return new VerifiedStream(await response.Content.ReadAsStreamAsync(cancellationToken), (file.Path, file.Size, file.Sha256));
    }
}
