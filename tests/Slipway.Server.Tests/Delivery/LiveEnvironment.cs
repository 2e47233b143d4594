using System.Net.Http.Headers;
using System.Text;
using Slipway.Server.Delivery;
using Slipway.Serving.Gateway.Records;

namespace Slipway.Server.Tests.Delivery;

/// <summary>A real gateway as its callers see it; it is ended with the test, whatever became of the server.</summary>
internal sealed class LiveEnvironment(string data, string name) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly GatewayControl _control = new(new GatewayFolder(data, name).Path);
    private readonly HttpClient _http = new();
    private Uri? _address;
    private int _pid;

    public async Task<GatewayState> StateAsync()
    {
        var state = await _control.StateAsync(CancellationToken.None);
        _pid = state.Pid;
        return state;
    }

    /// <summary>Asks for a prediction; the version that answered, or the status and what was said.</summary>
    public async Task<string> AskAsync(string body = IrisModels.Request)
    {
        using var content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var response = await _http.PostAsync(new Uri(await AddressAsync(), "/invocations"), content);
        return response.IsSuccessStatusCode
            ? response.Headers.GetValues("X-Slipway-Model-Version").Single()
            : $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
    }

    /// <summary>Waits until a version answers.</summary>
    public async Task UntilServedAsync(string version)
    {
        using var patience = new CancellationTokenSource(Patience);
        for (var answer = ""; answer != version;)
        {
            try
            {
                answer = await AskAsync();
            }
            catch (HttpRequestException exception)
            {
                answer = exception.Message;
            }

            if (answer != version)
            {
                await Task.Delay(50);
                patience.Token.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>Waits until no gateway is there any more, and its workers have left its folder.</summary>
    public async Task UntilGoneAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await IsThereAsync() || IsRunning())
        {
            await Task.Delay(50, patience.Token);
        }
    }

    /// <summary>Asks on and on while something happens, and answers what was answered, and how often.</summary>
    public async Task<Dictionary<string, int>> AskWhileAsync(Func<Task> happens, Func<int, string>? body = null)
    {
        var answers = new Dictionary<string, int>();
        var done = happens();
        for (var number = 0; !done.IsCompleted; number++)
        {
            var answer = await AskAsync(body?.Invoke(number) ?? IrisModels.Request);
            answers[answer] = answers.GetValueOrDefault(answer) + 1;
        }

        await done;
        return answers;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _control.StopAsync(CancellationToken.None);
        }
        catch (HttpRequestException)
        {
            // It ended before.
        }

        await UntilGoneAsync();
        _control.Dispose();
        _http.Dispose();
    }

    private async Task<bool> IsThereAsync()
    {
        try
        {
            await StateAsync();
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    // It is nobody's child any more, so nobody may have taken notice of its end.
    private bool IsRunning()
    {
        try
        {
            return _pid != 0 && !File.ReadAllText($"/proc/{_pid}/stat").Contains(") Z", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    // Port 0 takes a free one, which the gateway tells.
    private async Task<Uri> AddressAsync() => _address ??= (await StateAsync()).Address is { } address ? new Uri(address) : throw new HttpRequestException("It does not listen yet.");
}
