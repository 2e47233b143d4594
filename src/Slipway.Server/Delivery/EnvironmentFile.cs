using System.Net;
using Slipway.Server.Governance.Files;
using Slipway.Server.Registry;
using Slipway.Serving.Judging;

namespace Slipway.Server.Delivery;

/// <summary>Reads an environment from its file, whole or not at all.</summary>
internal static class EnvironmentFile
{
    private const int NameLimit = 64;
    private const int PatternLimit = 256;
    private const int WorkerLimit = 256;
    private const int QueueMost = 1_000_000;

    private static readonly Dictionary<string, Signal> Signals = new()
    {
        ["errors"] = Signal.Errors,
        ["latency"] = Signal.Latency,
        ["predictions"] = Signal.Predictions,
        ["schema"] = Signal.Schema,
        ["accuracy"] = Signal.Accuracy,
    };

    /// <exception cref="Store.Fault">It can't be used; the message tells every problem with its line.</exception>
    public static ServingEnvironment Parse(string text)
    {
        var problems = new Problems("environment");
        var environment = YamlReader.Read(text, problems) is { } node && Section.Of(node, "an environment", problems) is { } file ? Read(file) : null;
        return environment is not null && problems.IsEmpty ? environment : throw problems.ToFault();
    }

    private static ServingEnvironment Read(Section file)
    {
        var stage = Stage(file, file.RequiredText("stage"));
        var environment = new ServingEnvironment(Name(file, file.RequiredText("environment")), stage, Pattern(file, file.RequiredText("models")))
        {
            Description = file.Text("description"),
            Listen = Listen(file, stage),
            IsPublic = file.Flag("public") ?? false,
            Workers = file.Count("workers", WorkerLimit) ?? 1,
            Timeout = file.Duration("timeout") ?? TimeSpan.FromSeconds(60),
            QueueLimit = file.Count("queue", QueueMost) ?? 256,
            Warm = file.Duration("warm") ?? TimeSpan.FromMinutes(30),
            StickyHeader = Sticky(file),
            RetryInFlight = file.Flag("retry") ?? true,
            Python = file.Text("python"),
            Rollout = file.Map("rollout") is { } rollout ? RolloutSection.Read(rollout) : new RolloutRules(),
            Watch = Watch(file),
        };
        file.RefuseOthers();
        return environment;
    }

    private static string Name(Section file, string? name)
    {
        if (name is not null && (name.Length > NameLimit || !char.IsAsciiLetterOrDigit(name.FirstOrDefault()) || !name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_')))
        {
            file.Problems.Add(file.LineOf("environment"), $"'environment' must be up to {NameLimit} letters, digits, dashes and underscores, not '{Checks.Text.Shorten(name)}'");
        }

        return name ?? "";
    }

    private static string Stage(Section file, string? stage)
    {
        if (stage is not null && StageName.Find(stage) is StageName.None or StageName.Archived)
        {
            file.Problems.Add(file.LineOf("stage"), $"nothing is served from {stage}");
        }

        return stage is null ? "" : StageName.Find(stage) ?? stage;
    }

    private static string Pattern(Section file, string? pattern)
    {
        if (pattern is not null && (pattern.Length is 0 or > PatternLimit || pattern.Contains('/', StringComparison.Ordinal) || pattern.Contains(':', StringComparison.Ordinal)))
        {
            file.Problems.Add(file.LineOf("models"), $"'models' must be the name of a model or a pattern such as iris-*, up to {PatternLimit} characters without / and :");
        }

        return pattern ?? "";
    }

    private static string Listen(Section file, string stage)
    {
        var listen = file.Text("listen") ?? stage switch
        {
            StageName.Staging => "127.0.0.1:5001",
            StageName.Production => "127.0.0.1:5002",
            _ => null,
        };
        if (listen is null)
        {
            file.Problems.Add(file.Line, $"an environment of the stage '{Checks.Text.Shorten(stage)}' needs 'listen', such as 127.0.0.1:5003");
        }
        else if (!IPEndPoint.TryParse(listen, out var place) || listen.EndsWith(']') || !listen.Contains(':', StringComparison.Ordinal))
        {
            file.Problems.Add(file.LineOf("listen"), $"'listen' must be an address with a port, such as 127.0.0.1:5002, not '{Checks.Text.Shorten(listen)}'");
        }
        else
        {
            return $"http://{place}";
        }

        return "";
    }

    private static IReadOnlyList<Signal> Watch(Section file)
    {
        if (file.Find("watch") is not YamlList list)
        {
            return file.Flag("watch") ?? true ? ServingEnvironment.UsualWatch : [];
        }

        var signals = new List<Signal>();
        foreach (var item in list.Items)
        {
            if (item is YamlText text && Signals.TryGetValue(text.Value, out var signal))
            {
                signals.Add(signal);
            }
            else
            {
                file.Problems.Add(item.Line, $"'watch' is true, false or a list of {string.Join(", ", Signals.Keys)}, not {item.Kind}");
            }
        }

        return [.. signals.Distinct()];
    }

    private static string? Sticky(Section file)
    {
        var header = file.Text("sticky");
        if (header is not null && (header.Length is 0 or > NameLimit || !header.All(character => char.IsAsciiLetterOrDigit(character) || character == '-')))
        {
            file.Problems.Add(file.LineOf("sticky"), $"'sticky' must be the name of a header, such as X-Customer, not '{Checks.Text.Shorten(header)}'");
        }

        return header;
    }
}
