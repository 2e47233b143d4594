using System.Net;
using System.Net.Http.Headers;
using Slipway.Server.Tests.Identity;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Delivery;

/// <summary>Versions of an ONNX model of irises, with what is sent to them.</summary>
internal static class IrisModels
{
    public const string Columns = "\"sepal length (cm)\",\"sepal width (cm)\",\"petal length (cm)\",\"petal width (cm)\"";

    /// <summary>A setosa.</summary>
    public const string Request = "{\"dataframe_split\":{\"columns\":[" + Columns + "],\"data\":[[5.1,3.5,1.4,0.2]]}}";

    /// <summary>The measures of one flower of each kind.</summary>
    public static readonly IReadOnlyList<string> Flowers = ["5.1,3.5,1.4,0.2", "5.9,2.8,4.3,1.3", "6.6,3.0,5.6,2.1"];

    /// <summary>Three of each kind, with the kind as the model numbers it.</summary>
    public const string Table = """
        sepal length (cm),sepal width (cm),petal length (cm),petal width (cm),species
        5.1,3.5,1.4,0.2,0
        4.9,3.0,1.4,0.2,0
        4.7,3.2,1.3,0.2,0
        7.0,3.2,4.7,1.4,1
        6.4,3.2,4.5,1.5,1
        6.9,3.1,4.9,1.5,1
        6.3,3.3,6.0,2.5,2
        5.8,2.7,5.1,1.9,2
        7.1,3.0,5.9,2.1,2

        """;

    /// <summary>A request with one flower of these measures.</summary>
    public static string Of(string measures) => "{\"dataframe_split\":{\"columns\":[" + Columns + "],\"data\":[[" + measures + "]]}}";

    /// <summary>The same model with an offset that makes one kind outshine the others.</summary>
    public static (string Name, byte[] Content)[] AlwaysVirginica() => [.. Files().Select(file => file.Name == "model.onnx" ? (file.Name, Outshine(file.Content)) : file)];

    /// <summary>Registers the model and answers the number of the version.</summary>
    /// <param name="client">Who does it.</param>
    /// <param name="model">Under which name, which is made if it is not there.</param>
    /// <param name="files">Other files than the model's own, by name.</param>
    public static async Task<string> RegisterAsync(WireClient client, string model, params (string Name, byte[] Content)[] files)
    {
        await client.PostAsync("registered-models/create", new { name = model });
        var run = (await client.PostAsync("runs/create", new { experiment_id = "0", start_time = 1 })).Ok()["run"]!["info"]!["run_id"]!.GetValue<string>();
        foreach (var (name, content) in files.Length > 0 ? files : Files())
        {
            Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(HttpMethod.Put, $"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/model/{name}", new ByteArrayContent(content))).Status);
        }

        var made = (await client.PostAsync("model-versions/create", new { name = model, source = $"mlflow-artifacts:/0/{run}/artifacts/model", run_id = run })).Ok();
        return made["model_version"]!["version"]!.GetValue<string>();
    }

    /// <summary>Makes the table a dataset version.</summary>
    public static async Task AddTableAsync(WireClient client, string name)
    {
        var content = new StringContent(Table);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(HttpMethod.Put, $"{Crowd.Native}datasets/{name}/versions/1.0.0?path=iris.csv", content)).Status);
    }

    public static (string Name, byte[] Content)[] Files() =>
        [.. Directory.EnumerateFiles(Path.Join(AppContext.BaseDirectory, "Files", "iris")).Select(file => (Path.GetFileName(file), File.ReadAllBytes(file)))];

    // The offset of a class is the square of its mean's length, below zero.
    private static byte[] Outshine(byte[] model)
    {
        var offset = BitConverter.GetBytes(-(float)((6.588 * 6.588) + (2.974 * 2.974) + (5.552 * 5.552) + (2.026 * 2.026)));
        var at = model.AsSpan().IndexOf(offset);
        Assert.True(at >= 0, "The model has no such offset.");
        BitConverter.GetBytes(1e6f).CopyTo(model, at);
        return model;
    }
}
