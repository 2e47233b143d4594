using System.Text;
using Slipway.Server.Tests.Datasets;
using Slipway.Server.Tests.Datasets.Api;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Lineage;

/// <summary>The same lesson goes on: a run names its data as the lesson does, and the model that comes of it names the data.</summary>
public abstract class LessonLineageContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    [Promise]
    public async Task A_run_logs_its_data_as_the_lesson_does_and_the_model_version_names_it()
    {
        foreach (var version in new[] { "1.0.0", "2.0.0" })
        {
            (await Client.TryAddAsync("sentiment-train", version, [("train.csv", await File.ReadAllBytesAsync(SentimentFiles.Path(version)))])).Ok();
        }

        var run = await Client.RunAsync();
        foreach (var (key, value) in new[] { ("dataset_name", "sentiment-train"), ("dataset_version", "2.0.0"), ("dataset_hash", "f857ec7011590a4d"), ("dataset_samples", "15000"), ("dataset_features", "5") })
        {
            await Client.ParamAsync(run, key, value);
        }

        await UploadAsync($"{run}/artifacts/data/dataset_manifest.json", """
            {
              "name": "sentiment-train",
              "version": "2.0.0",
              "hash": "f857ec7011590a4d",
              "num_samples": 15000,
              "num_features": 5,
              "created_at": "2026-01-01T00:00:00",
              "description": "Expanded training dataset, 15k samples with more diversity"
            }
            """);
        await UploadAsync($"{run}/artifacts/model/MLmodel", "flavors: {}");
        var model = await Client.RegisterAsync("sentiment-classifier", run, $"mlflow-artifacts:/0/{run}/artifacts/model");

        Assert.Equal(["sentiment-train@2.0.0 manifest params"], await Client.UsesAsync(run));
        Assert.Equal(new[] { "datasets/sentiment-train@2.0.0", $"runs/{run}" }, await Client.LineageAsync(model, "up"));
        Assert.Equal(new[] { model, $"runs/{run}" }, await Client.LineageAsync("datasets/sentiment-train@2.0.0", "down"));
        Assert.Empty(await Client.LineageAsync("datasets/sentiment-train@1.0.0", "down"));
    }

    private async Task UploadAsync(string path, string text) =>
        (await Client.SendAsync(HttpMethod.Put, $"/api/2.0/mlflow-artifacts/artifacts/0/{path}", new ByteArrayContent(Encoding.UTF8.GetBytes(text)))).Ok();
}

public sealed class LessonLineageOnSqlite() : LessonLineageContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class LessonLineageOnPostgres() : LessonLineageContract(Fresh.PostgresAsync);
