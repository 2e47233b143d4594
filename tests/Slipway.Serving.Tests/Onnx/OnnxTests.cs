using Slipway.Serving.Models;
using Slipway.Serving.Onnx;
using Slipway.Serving.Scoring;
using Slipway.Serving.Tests.Scoring;
using Slipway.Serving.Workers;
using Slipway.Testing;
using Xunit;

namespace Slipway.Serving.Tests.Onnx;

/// <summary>What models in ONNX are given and answer, without a process around them.</summary>
[Needs("onnx")]
public sealed class OnnxTests
{
    [Promise]
    public async Task The_iris_model_tells_its_classes_apart()
    {
        var answer = await AskAsync("iris/model.onnx", """{"dataframe_split": {"data": [[5.1, 3.5, 1.4, 0.2], [6.7, 3.0, 5.2, 2.3]]}}""");

        Assert.StartsWith("""{"predictions":[{"label":0,"probabilities":[0.9""", answer, StringComparison.Ordinal);
        Assert.Contains("""{"label":2,"probabilities":[""", answer, StringComparison.Ordinal);
    }

    [Promise]
    public async Task An_array_is_answered_by_the_outputs_names() => Assert.StartsWith(
        """{"predictions":{"label":[0,2],"probabilities":[[0.9""",
        await AskAsync("iris/model.onnx", """{"inputs": [[5, 3, 1, 0], [7, 3, 5, 2]]}"""),
        StringComparison.Ordinal);

    [Promise]
    public async Task The_maps_of_scikit_learn_are_objects() => Assert.Matches(
        """^\{"predictions":\[\{"output_probability":\{"setosa":0\.9\d*,"versicolor":[^,]*,"virginica":[^,]*\}\}\]\}$""",
        await AskAsync("zipmap.onnx", """{"dataframe_split": {"data": [[5.1, 3.5, 1.4, 0.2]]}}"""));

    [Promise]
    public async Task Inputs_of_every_type_are_given_by_name() => Assert.Equal(
        """{"predictions":[{"float_out":1.5,"double_out":2.5,"int32_out":3,"int64_out":4,"bool_out":true,"text_out":"\u00FC"},{"float_out":0,"double_out":null,"int32_out":-3,"int64_out":-4,"bool_out":false,"text_out":""}]}""",
        await AskAsync("mixed.onnx", """{"dataframe_records": [{"text": "ü", "bool": true, "int64": 4, "int32": 3, "double": 2.5, "float": 1.5}, {"text": "", "bool": false, "int64": -4, "int32": -3, "double": null, "float": 0}]}"""));

    [PromiseTheory]
    [InlineData("iris/model.onnx", """{"inputs": [[1, 2, 3]]}""", "float32 (-1, 4)")]
    [InlineData("iris/model.onnx", """{"inputs": [["a", "b", "c", "d"]]}""", "string")]
    [InlineData("iris/model.onnx", """{"inputs": [1, 2, 3, 4]}""", "(4)")]
    [InlineData("mixed.onnx", """{"inputs": [[1]]}""", "'float', 'double'")]
    [InlineData("mixed.onnx", """{"dataframe_records": [{"float": 1}]}""", "'double' is missing")]
    [InlineData("slow.onnx", """{"inputs": [1.5]}""", "int64")]
    public async Task What_does_not_fit_is_the_callers_failure(string file, string body, string said)
    {
        var fault = await Assert.ThrowsAsync<ScoringFault>(() => AskAsync(file, body));

        Assert.Equal((FailureSide.Input, "INVALID_PARAMETER_VALUE"), (fault.Side, fault.Code));
        Assert.Contains(said, fault.Message, StringComparison.Ordinal);
    }

    [Promise]
    public async Task A_failure_of_the_model_is_the_models()
    {
        var fault = await Assert.ThrowsAsync<ScoringFault>(() => AskAsync("greedy.onnx", """{"inputs": [-5]}"""));

        Assert.Equal(FailureSide.Model, fault.Side);
    }

    [Promise]
    public async Task A_prediction_is_ended_when_nobody_waits_for_it_any_more_and_the_next_one_works()
    {
        await using var scorer = new OnnxScorer(Files.Of("slow.onnx"), sessions: 1, threads: 1);
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scorer.PredictAsync(Asked.Request(null, """{"inputs": [1000000000000]}"""), limit.Token).AsTask());

        Assert.Equal("""{"predictions":{"rounded":[3]}}""", Asked.Answer(await scorer.PredictAsync(Asked.Request(null, """{"inputs": [3]}"""), CancellationToken.None)));
    }

    [Promise]
    public async Task Many_callers_share_a_few_sessions()
    {
        await using var scorer = new OnnxScorer(Files.Of("slow.onnx"), sessions: 2, threads: 1);

        var answers = await Task.WhenAll(Enumerable.Range(1, 200).Select(number => Task.Run(async () =>
            Asked.Answer(await scorer.PredictAsync(Asked.Request(null, $$"""{"inputs": [{{number}}]}"""), CancellationToken.None)))));

        Assert.Equal(Enumerable.Range(1, 200).Select(number => $$$"""{"predictions":{"rounded":[{{{number}}}]}}"""), answers);
    }

    [Promise]
    public async Task What_is_no_model_is_told_in_a_sentence()
    {
        var folder = Directory.CreateTempSubdirectory("slipway-onnx-");
        await File.WriteAllTextAsync(Path.Join(folder.FullName, "broken.onnx"), "no model");

        var failure = await Assert.ThrowsAsync<ModelFormatException>(() => new OnnxRuntime().OpenAsync(ModelFolder.Open(folder.FullName), new WorkerOptions(folder.FullName), CancellationToken.None));

        Assert.StartsWith("ONNX Runtime can't load broken.onnx:", failure.Message, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [Promise]
    public async Task A_folder_of_several_models_has_to_say_which()
    {
        var failure = await Assert.ThrowsAsync<ModelFormatException>(() => new OnnxRuntime().OpenAsync(ModelFolder.Open(Files.Of("")), new WorkerOptions(""), CancellationToken.None));

        Assert.Contains("4 .onnx files", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<string> AskAsync(string file, string body)
    {
        await using var scorer = new OnnxScorer(Files.Of(file), sessions: 1, threads: 1);
        return Asked.Answer(await scorer.PredictAsync(Asked.Request(null, body), CancellationToken.None));
    }
}
