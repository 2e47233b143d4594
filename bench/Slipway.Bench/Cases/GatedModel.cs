using System.Text;

namespace Slipway.Bench.Cases;

/// <summary>A model with a pipeline: before Production stand five gates besides those that always do, and every version meets them.</summary>
internal sealed class GatedModel(Material material)
{
    private const string Pipeline = """
        pipeline: bench
        models: "gated"
        stages:
          - name: Production
            limit: {versions: 1, oldest: archive}
            gates:
              metrics: {accuracy: {min: 0.85}, val_loss: {max: 0.5}}
              tags: [team]
              tests: [schema_test, load_test]
        """;

    /// <summary>Makes the model, with versions that lie under runs of their own, and answers its name.</summary>
    public string Create(string name, int versions)
    {
        var experiment = material.CreateExperiment(name);
        var runs = material.CreateRuns(experiment, versions);
        material.Send("registered-models/create", $$"""{"name":"{{name}}"}""");
        for (var version = 1; version <= versions; version++)
        {
            AddVersion(name, $"{experiment}/{Encoding.ASCII.GetString(runs[version - 1])}", version);
        }

        material.ApplyPipeline(Pipeline);
        return name;
    }

    private void AddVersion(string name, string place, int version)
    {
        var run = place[(place.IndexOf('/', StringComparison.Ordinal) + 1)..];
        material.Upload($"{place}/artifacts/model/MLmodel", "flavors: {}");
        material.Upload($"{place}/artifacts/model/model.onnx", new string('x', 1024));
        material.Send("runs/log-batch", $$"""{"run_id":"{{run}}","metrics":[{"key":"accuracy","value":0.97,"timestamp":1700000000000},{"key":"val_loss","value":0.1,"timestamp":1700000000000}]}""");
        material.Send("model-versions/create", $$"""{"name":"{{name}}","source":"mlflow-artifacts:/{{place}}/artifacts/model","run_id":"{{run}}","tags":[{"key":"team","value":"bench"}]}""");
        material.PassTest(name, version, "schema_test");
        material.PassTest(name, version, "load_test");
    }
}
