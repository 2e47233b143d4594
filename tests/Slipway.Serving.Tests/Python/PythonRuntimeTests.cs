using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Serving.Models;
using Slipway.Serving.Scoring;
using Slipway.Serving.Workers;
using Slipway.Testing;
using Xunit;
using static Slipway.Serving.Tests.Python.PythonModels;

namespace Slipway.Serving.Tests.Python;

/// <summary>What models in Python load and answer.</summary>
[Needs("python3-sklearn")]
public sealed class PythonRuntimeTests(PythonModels models) : IClassFixture<PythonModels>
{
    [Promise]
    public async Task The_tutorials_forest_answers_the_tutorials_request()
    {
        await using var scorer = await OpenAsync(models.Options("iris"));
        await using var host = await ScoringHost.StartAsync(
            scorer, ModelFolder.Open(models.Options("iris").Model).Model, (WorkerAddress.Tcp(System.Net.IPAddress.Loopback, 0), new ScoringOptions(TimeSpan.FromSeconds(60), 1 << 20)), NullLoggerFactory.Instance, CancellationToken.None);
        using var client = new HttpClient();
        using var body = new StringContent("""{"dataframe_split": {"columns": ["0", "1", "2", "3"], "data": [[5.1, 3.5, 1.4, 0.2]]}}""", Encoding.UTF8, "application/json");

        var answer = await client.PostAsync(new Uri($"{host.Address}/invocations"), body);

        Assert.Equal("""{"predictions":[0]}""", await answer.Content.ReadAsStringAsync());
    }

    [Promise]
    public async Task A_bare_file_of_joblib_loads()
    {
        await using var scorer = await OpenAsync(models.Options("joblib"));
        var answer = await PredictAsync(scorer, new TensorInput(new Tensor(ElementType.Float64, new[] { 2.0, 3.0 }, [2, 1])));
        Assert.Equal([2.0, 3.0], answer.EnumerateArray().Select(value => Math.Round(value.GetDouble(), 9)));
    }

    [Promise]
    [Needs("python3-torch")]
    public async Task A_network_of_torch_answers_as_in_mlflow()
    {
        await using var scorer = await OpenAsync(models.Options("network"));
        Assert.Equal("[[5],[0]]", Numbers(await PredictAsync(scorer, new TensorInput(new Tensor(ElementType.Float32, new[] { 1f, 2f, -1f, -1f }, [2, 2])))));
        Assert.Equal("""[{"0":5}]""", Numbers(await PredictAsync(scorer, Table(true, Column("a", ElementType.Float64, new[] { 1.0 }), Column("b", ElementType.Int64, new[] { 2L })))));
    }

    [Promise]
    public async Task Columns_keep_their_types_and_names()
    {
        await using var scorer = await OpenAsync(models.Yard);
        var table = Table(
            true,
            Column("f", ElementType.Float64, new[] { 1.5, double.NaN }),
            Column("g", ElementType.Float32, new[] { 1.5f, 2f }),
            Column("i", ElementType.Int32, new[] { 1, -2 }),
            Column("l", ElementType.Int64, new[] { 1L << 60, 2 }),
            Column("b", ElementType.Boolean, new[] { true, false }),
            Column("s", ElementType.Text, new string?[] { "grün", null }),
            Column("y", ElementType.Bytes, new byte[]?[] { [1, 255], null }),
            Column("t", ElementType.Time, new DateTime?[] { new DateTime(2024, 2, 29, 1, 2, 3, DateTimeKind.Unspecified), null }),
            Column("j", ElementType.Json, new[] { JsonSerializer.SerializeToElement(new[] { 1, 2 }), JsonSerializer.SerializeToElement<object?>(null) }));

        var answer = await PredictAsync(scorer, table);

        Assert.Equal("DataFrame", answer.GetProperty("type").GetString());
        Assert.Equal(["float64", "float32", "int32", "int64", "bool", "object", "object", "datetime64[ns]", "object"], answer.GetProperty("dtypes").EnumerateArray().Select(type => type.GetString()));
        Assert.Equal(
            """{"f":1.5,"g":1.5,"i":1,"l":1152921504606846976,"b":true,"s":"grün","y":"Af8=\n","t":"2024-02-29T01:02:03","j":[1,2]}""",
            System.Text.RegularExpressions.Regex.Unescape(answer.GetProperty("values")[0].GetRawText()).ReplaceLineEndings("\\n"));
        Assert.Equal([JsonValueKind.Null], answer.GetProperty("values")[1].EnumerateObject().Where(value => value.Name is "f" or "s" or "y" or "t" or "j").Select(value => value.Value.ValueKind).Distinct());
    }

    [Promise]
    public async Task Columns_without_names_are_numbered_and_arrays_are_arrays()
    {
        await using var scorer = await OpenAsync(models.Yard);
        Assert.Equal("""[{"0":1,"1":2}]""", (await PredictAsync(scorer, Table(false, Column("0", ElementType.Int64, new[] { 1L }), Column("1", ElementType.Int64, new[] { 2L })))).GetProperty("values").GetRawText());
        var tensor = await PredictAsync(scorer, new TensorInput(new Tensor(ElementType.UInt8, new byte[] { 1, 2, 3, 4, 5, 6 }, [1, 2, 3])));
        Assert.Equal("""{"type":"ndarray","dtypes":"uint8","values":[[[1,2,3],[4,5,6]]],"params":{}}""", tensor.GetRawText());
        var named = await PredictAsync(scorer, new NamedInput([Column("a", ElementType.Int16, new short[] { 7 })]));
        Assert.Equal("""{"type":"dict","dtypes":["int16"],"values":{"a":[7]},"params":{}}""", named.GetRawText());
    }

    [Promise]
    public async Task Answers_are_values_of_json()
    {
        await using var scorer = await OpenAsync(models.Yard);
        var answer = await AskAsync(scorer, new { what = "values" });
        Assert.Equal(
            """{"nan":[1.5,null,null],"array":[[1,2],[3,4]],"holes":[1.0,null],"day":"2024-02-29","time":"2024-02-29T12:30:00","times":["2024-02-29",null],"never":null,"bytes":"YWJj\n","frame":[{"a":1,"b":"x"},{"a":2,"b":null}],"series":[{"s":1},{"s":2}],"flag":true}""",
            answer.GetRawText());
        var fault = await Assert.ThrowsAsync<ScoringFault>(() => AskAsync(scorer, new { what = "strange" }));
        Assert.Contains("JSON has nothing for", fault.Message, StringComparison.Ordinal);
    }

    [Promise]
    public async Task What_the_model_prints_disturbs_nothing()
    {
        await using var scorer = await OpenAsync(models.Yard);
        Assert.Equal("", (await AskAsync(scorer, new { what = "chat" })).GetString());
        Assert.Equal("", (await AskAsync(scorer, new { what = "chat" })).GetString());
    }

    [Promise]
    public async Task What_is_missing_is_named_with_how_to_install_it()
    {
        var nowhere = await Assert.ThrowsAsync<ModelFormatException>(() => OpenAsync(models.Options("missing") with { AllowedImports = ["nowhere.Net"] }));
        Assert.Contains("needs 'nowhere', which /usr/bin/python3 has not: /usr/bin/python3 -m pip install nowhere", nowhere.Message, StringComparison.Ordinal);

        var python = Path.Join(models.Root, "empty", "bin", "python3");
        await Command.RunAsync([PythonModels.Python, "-m", "venv", "--without-pip", Path.Join(models.Root, "empty")]);
        var sklearn = await Assert.ThrowsAsync<ModelFormatException>(() => OpenAsync(models.Options("iris") with { Python = python }));
        Assert.Matches("apt install python3-(numpy|sklearn) or .*/empty/bin/python3 -m pip install (numpy|scikit-learn==1)", sklearn.Message);

        var none = await Assert.ThrowsAsync<ModelFormatException>(() => OpenAsync(models.Options("iris") with { Python = "/nowhere/python3" }));
        Assert.Contains("Name a Python with --python", none.Message, StringComparison.Ordinal);
    }

    private static string Numbers(JsonElement answer) => answer.GetRawText().Replace(".0", "", StringComparison.Ordinal);

    private static TableInput Table(bool isNamed, params NamedTensor[] columns) => new(columns, columns[0].Tensor.Rows, isNamed);

    private static NamedTensor Column(string name, ElementType type, Array values) => new(name, Tensor.Column(type, values));
}
