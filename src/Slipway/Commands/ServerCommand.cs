using System.CommandLine;
using Slipway.Client;
using Slipway.Commands.People;

namespace Slipway.Commands;

/// <summary>A command that talks to a server: where that is, who asks, how to answer, and what a failure's exit code is.</summary>
internal sealed class ServerCommand : Command
{
    private const string DefaultServer = "http://127.0.0.1:5000";

    private readonly Option<string?> _server = new("--server") { Description = $"The server's address (SLIPWAY_SERVER); else the one that was logged in to, else {DefaultServer}.", HelpName = "URL" };
    private readonly Option<string?> _token = new("--token") { Description = "Who asks: a token of yours (SLIPWAY_TOKEN); else the one that was logged in with." };
    private readonly Option<bool> _json = new("--json") { Description = "Answer in JSON." };

    public ServerCommand(string name, string description)
        : base(name, description)
    {
        Options.Add(_server);
        Options.Add(_token);
        Options.Add(_json);
    }

    /// <summary>What the command does; it answers an exit code.</summary>
    public ServerCommand Runs(Func<Conversation, CancellationToken, Task<int>> run)
    {
        SetAction((parsed, cancellationToken) => RunAsync(parsed, run, cancellationToken));
        return this;
    }

    private async Task<int> RunAsync(ParseResult parsed, Func<Conversation, CancellationToken, Task<int>> run, CancellationToken cancellationToken)
    {
        StoredLogin? login;
        try
        {
            login = StoredLogin.Find();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return await FailAsync(exception.Message, ExitCode.Failed);
        }

        var server = parsed.GetValue(_server) ?? Environment.GetEnvironmentVariable("SLIPWAY_SERVER") ?? login?.Server ?? DefaultServer;
        if (!Uri.TryCreate(server, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            return await FailAsync($"'{server}' is no address of a server; it looks like {DefaultServer}.", ExitCode.WrongUsage);
        }

        using var client = new SlipwayClient(address, parsed.GetValue(_token) ?? Environment.GetEnvironmentVariable("SLIPWAY_TOKEN") ?? login?.TokenFor(address));
        try
        {
            return await run(new Conversation(parsed, client, parsed.GetValue(_json)), cancellationToken);
        }
        catch (ServerUnreachableException exception)
        {
            return await FailAsync(exception.Message, ExitCode.Unreachable);
        }
        catch (Exception exception) when (exception is SlipwayException or UsageException or IOException or UnauthorizedAccessException)
        {
            return await FailAsync(exception.Message, exception is UsageException ? ExitCode.WrongUsage : ExitCode.Failed);
        }
    }

    private static async Task<int> FailAsync(string message, int code)
    {
        await Console.Error.WriteLineAsync($"slipway: {message}");
        return code;
    }
}

/// <summary>The command was used wrongly, in a way that only its own code can tell.</summary>
internal sealed class UsageException(string message) : Exception(message);
