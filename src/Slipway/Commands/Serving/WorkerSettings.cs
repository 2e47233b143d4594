using System.CommandLine;
using Slipway.Serving.Workers;

namespace Slipway.Commands.Serving;

/// <summary>The options that say how a model is served, shared by the commands that serve one.</summary>
internal sealed class WorkerSettings
{
    private readonly Option<string?> _runtime = new("--runtime") { Description = $"How the model is loaded: {string.Join(", ", Runtimes.All.Select(runtime => runtime.Name))}; by default what its flavors ask for.", HelpName = "NAME" };
    private readonly Option<string?> _python = new("--python") { Description = "The Python that Python models run in; by default python3 on PATH.", HelpName = "PATH" };
    private readonly Option<string[]> _imports = new("--allow-import") { Description = "A name that pickles may import beside the usual: package.module.Name, or package.* for all below a package; several with commas between.", HelpName = "NAME", DefaultValueFactory = _ => [] };
    private readonly Option<bool> _trustCode = new("--trust-code") { Description = "Runs code that lies in the model's files; by default a model with such code is refused." };
    private readonly Option<string> _pickles = new("--pickles") { Description = "Where Python can't be shut in: 'trusted' loads pickles all the same, 'refused' does not.", HelpName = "trusted|refused", DefaultValueFactory = _ => "refused" };
    private readonly Option<double> _load = new("--load-seconds") { Description = "After this, loading is given up.", DefaultValueFactory = _ => 120 };
    private readonly Option<double> _timeout = new("--timeout") { Description = "After so many seconds, a request is answered 504.", DefaultValueFactory = _ => 60 };
    private readonly Option<long> _body = new("--body-bytes") { Description = "A longer body is refused.", DefaultValueFactory = _ => 64L << 20 };
    private readonly Option<long?> _memory = new("--memory") { Description = "Ends the worker when it holds more bytes of memory than this." };
    private readonly Option<int> _sessions = new("--sessions") { Description = "How many predictions are made at once.", DefaultValueFactory = _ => 1 };
    private readonly Option<int> _threads = new("--threads") { Description = "How many threads work on one prediction.", DefaultValueFactory = _ => 1 };
    private readonly Option<int> _batchRows = new("--batch-rows") { Description = "How many rows of several requests are predicted together at most; 1 batches nothing.", DefaultValueFactory = _ => 1 };
    private readonly Option<double> _batchWait = new("--batch-wait-ms") { Description = "How long the first request of a batch waits for others.", DefaultValueFactory = _ => 2 };

    public void AddTo(Command command)
    {
        Option[] all = [_runtime, _python, _imports, _trustCode, _pickles, _load, _timeout, _body, _memory, _sessions, _threads, _batchRows, _batchWait];
        Array.ForEach(all, command.Options.Add);
    }

    /// <exception cref="UsageException">A number is out of bounds.</exception>
    public WorkerOptions Read(ParseResult parsed, string model)
    {
        return new WorkerOptions(model)
        {
            Runtime = parsed.GetValue(_runtime),
            Python = parsed.GetValue(_python),
            AllowedImports = [.. parsed.GetRequiredValue(_imports).SelectMany(names => names.Split(',', StringSplitOptions.RemoveEmptyEntries))],
            CodeTrusted = parsed.GetValue(_trustCode),
            PicklesTrusted = parsed.GetValue(_pickles) switch
            {
                "trusted" => true,
                "refused" => false,
                _ => throw new UsageException("--pickles must be trusted or refused."),
            },
            LoadLimit = TimeSpan.FromSeconds(AtLeast(parsed, _load, 0.001)),
            RequestLimit = TimeSpan.FromSeconds(AtLeast(parsed, _timeout, 0.001)),
            BodyLimit = AtLeast(parsed, _body, 1),
            MemoryLimit = parsed.GetValue(_memory),
            Sessions = AtLeast(parsed, _sessions, 1),
            Threads = AtLeast(parsed, _threads, 1),
            BatchRows = AtLeast(parsed, _batchRows, 1),
            BatchWait = TimeSpan.FromMilliseconds(AtLeast(parsed, _batchWait, 0)),
        };
    }

    private static T AtLeast<T>(ParseResult parsed, Option<T> option, T least)
        where T : IComparable<T> => parsed.GetValue(option) is { } value && value.CompareTo(least) >= 0
            ? value
            : throw new UsageException(FormattableString.Invariant($"{option.Name} must be at least {least}."));
}
