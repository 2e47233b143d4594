using System.Text;
using System.Text.Json;
using Slipway.Bench.Load;

namespace Slipway.Bench.Cases;

/// <summary>Makes what cases work on, over HTTP as any client would.</summary>
internal sealed class Material(Uri address) : IDisposable
{
    public const string Api = "/api/2.0/mlflow/";
    private const string Native = "/api/slipway/v1/";
    private const int Connections = 16;

    private readonly Loader _loader = new(address, Connections);

    public string CreateExperiment(string name)
    {
        var id = "";
        _loader.Send(new Operation(Template.Post($"{Api}experiments/create", $$"""{"name":"{{name}}"}"""), (_, _) => { })
        {
            Read = body => id = Encoding.ASCII.GetString(Text(body, "\"experiment_id\":\""u8)),
        }, 1);
        return id;
    }

    /// <summary>Creates runs and answers their ids.</summary>
    public List<byte[]> CreateRuns(string experiment, int count)
    {
        var ids = new List<byte[]>(count);
        _loader.Send(TrackingCases.CreateRun(experiment) with { Read = body => ids.Add(Text(body, "\"run_id\":\""u8).ToArray()) }, count);
        return ids;
    }

    /// <summary>Logs to each run once. The request's first hole is the run, which is all that the caller leaves open.</summary>
    public void LogToEach(IReadOnlyList<byte[]> runs, Template request, Action<Template, int> fill)
    {
        var next = 0;
        _loader.Send(new Operation(request, (template, _) =>
        {
            template.Write(0, runs[next]);
            fill(template, next++);
        }), runs.Count);
    }

    /// <summary>Creates a model whose versions carry two tags; the first is Archived, the third last in Production, the second last in Staging and the champion.</summary>
    public void CreateModel(string name, int versions)
    {
        Send("registered-models/create", $$"""{"name":"{{name}}"}""");
        _loader.Send(RegistryCases.CreateVersion(name), versions);
        Send("model-versions/transition-stage", $$"""{"name":"{{name}}","version":"1","stage":"Archived","archive_existing_versions":false}""");
        Send("model-versions/transition-stage", $$"""{"name":"{{name}}","version":"{{versions - 2}}","stage":"Production","archive_existing_versions":false}""");
        Send("model-versions/transition-stage", $$"""{"name":"{{name}}","version":"{{versions - 1}}","stage":"Staging","archive_existing_versions":false}""");
        Send("registered-models/alias", $$"""{"name":"{{name}}","alias":"champion","version":"{{versions - 1}}"}""");
    }

    /// <summary>Applies the text of a pipeline.</summary>
    public void ApplyPipeline(string text) => SendTo(Native + "pipelines", JsonSerializer.Serialize(new { text }));

    /// <summary>Records that a version passed a test.</summary>
    public void PassTest(string name, int version, string test) =>
        SendTo($"{Native}models/{name}/versions/{version}/tests", $$"""{"name":"{{test}}","outcome":"passed"}""");

    /// <summary>Stores a file.</summary>
    public void Upload(string path, string content) => _loader.Send(new Operation(Template.Put("/api/2.0/mlflow-artifacts/artifacts/" + path, content), (_, _) => { }), 1);

    public void Dispose() => _loader.Dispose();

    public void Send(string endpoint, string json) => SendTo(Api + endpoint, json);

    private void SendTo(string target, string json) => _loader.Send(new Operation(Template.Post(target, json), (_, _) => { }), 1);

    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> body, ReadOnlySpan<byte> after)
    {
        var rest = body[(body.IndexOf(after) + after.Length)..];
        return rest[..rest.IndexOf((byte)'"')];
    }
}
