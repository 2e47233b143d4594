using System.CommandLine;
using System.Net;
using Slipway.Serving.Workers;

namespace Slipway.Commands.Serving;

/// <summary>Serves one model in the foreground, with no environment around it.</summary>
internal static class ServeModelCommand
{
    public static Command Create()
    {
        var name = new Argument<string?>("NAME") { Description = "The registered model.", Arity = ArgumentArity.ZeroOrOne };
        var version = new Argument<string?>("VERSION") { Description = "A number, a stage (its highest version), or an alias as @champion.", Arity = ArgumentArity.ZeroOrOne };
        var model = new Option<string?>("--model") { Description = "A model's folder on this machine, in place of a registered version.", HelpName = "FOLDER" };
        var port = new Option<int>("--port") { Description = "Where it listens; 0 takes a free one.", DefaultValueFactory = _ => 5001 };
        var host = new Option<string>("--host") { Description = "Another address than this machine's own is open to all who reach it: nobody is asked who they are.", DefaultValueFactory = _ => "127.0.0.1" };
        var cache = new Option<string>("--cache") { Description = "Where files of versions are kept.", HelpName = "FOLDER", DefaultValueFactory = _ => FetchedVersion.DefaultCache };
        var settings = new WorkerSettings();
        var command = new ServerCommand("serve", """
            Serves a version of a model by MLflow's scoring protocol until Ctrl+C. Its files are fetched from the server and
            verified against the digests that were recorded when it was registered.

            Example: slipway models serve iris Production --port 5001
            Example: slipway models serve --model ./model
            """) { name, version, model, port, host, cache };
        settings.AddTo(command);
        return command.Runs(async (talk, cancellationToken) =>
        {
            var listen = WorkerAddress.Tcp(Address(talk.Get(host)!), talk.Get(port));
            var folder = talk.Get(model) ?? await FetchAsync(talk, (talk.Get(name), talk.Get(version)), talk.Get(cache)!, cancellationToken);
            return await ForegroundWorker.RunAsync(settings.Read(talk.Parsed, folder), listen, GreetAsync, cancellationToken);
        });
    }

    private static IPAddress Address(string host) => host == "localhost"
        ? IPAddress.Loopback
        : IPAddress.TryParse(host, out var address) ? address : throw new UsageException($"--host has to be an address such as 127.0.0.1; it is '{host}'.");

    private static async Task<string> FetchAsync(Conversation talk, (string? Name, string? Version) what, string cache, CancellationToken cancellationToken)
    {
        if (what.Name is null || what.Version is null)
        {
            throw new UsageException("Name a model and a version, as in 'slipway models serve iris 3', or a folder with --model.");
        }

        var number = await ModelVersionArguments.NumberAsync(talk, what.Name, what.Version, cancellationToken);
        return await new FetchedVersion(talk.Client, what.Name, number).FetchAsync(cache, cancellationToken);
    }

    private static Task GreetAsync(ServedModel served) => Console.Out.WriteLineAsync($$$"""
        The model is served at {{{served.Address}}} (runtime {{{served.Runtime}}})

        Ask it:
          curl -X POST {{{served.Address}}}/invocations -H 'Content-Type: application/json' -d '{"dataframe_split": {"columns": [...], "data": [[...]]}}'

        Ctrl+C stops it.
        """);
}
