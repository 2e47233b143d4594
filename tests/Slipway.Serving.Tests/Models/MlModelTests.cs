using Slipway.Serving.Models;
using Slipway.Serving.Scoring;
using Xunit;

namespace Slipway.Serving.Tests.Models;

/// <summary>What is read of an MLmodel file, whichever MLflow wrote it.</summary>
public sealed class MlModelTests
{
    [Fact]
    public void Columns_of_MLflow_1_are_all_required()
    {
        var model = MlModel.Parse("""
            flavors:
              sklearn: {pickled_model: model.pkl, serialization_format: cloudpickle}
              python_function: {loader_module: mlflow.sklearn, env: conda.yaml}
            signature:
              inputs: '[{"name": "a", "type": "long"}, {"name": "b", "type": "string"}]'
              outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]'
            """);

        Assert.Equal("model.pkl", model.Flavors["sklearn"]["pickled_model"]);
        Assert.Equal([("a", true), ("b", true)], model.Signature!.Inputs!.Columns.Select(column => (column.Name!, column.Required)));
        Assert.Equal((ElementType.Int64, -1), (model.Signature.Outputs!.Tensors[0].Type, model.Signature.Outputs.Tensors[0].Shape[0]));
        Assert.Null(model.Signature.Parameters);
    }

    [Fact]
    public void Optional_columns_are_known_in_both_of_their_forms()
    {
        var model = MlModel.Parse("""
            flavors: {python_function: {}}
            signature:
              inputs: '[{"name": "a", "type": "long", "required": false}, {"name": "b", "type": "long", "optional": true}, {"name": "c", "type": "long", "required": true}]'
              params: '[{"name": "t", "type": "double", "default": 0.5, "shape": null}, {"name": "stop", "type": "string", "default": ["x"], "shape": [-1]}]'
            """);

        Assert.Equal([false, false, true], model.Signature!.Inputs!.Columns.Select(column => column.Required));
        Assert.Equal([("t", false), ("stop", true)], model.Signature.Parameters!.Select(parameter => (parameter.Name, parameter.IsList)));
    }

    [Fact]
    public void Composite_types_are_read_to_their_ends()
    {
        var schema = SignatureReader.ReadSchema("""
            [{"type": "array", "items": {"type": "object", "properties": {"role": {"type": "string", "required": true}, "n": {"type": "long", "required": false}}}, "name": "messages"},
             {"type": "map", "values": {"type": "double"}, "name": "m"}, {"type": "any", "name": "x"}]
            """)!;

        Assert.Equal(
            ["Array({role: string, n: long (optional)})", "Map(str -> double)", "any"],
            schema.Columns.Select(column => column.Type.ToString()));
    }

    [Fact]
    public void Unknown_fields_type_tags_and_aliases_do_no_harm()
    {
        var model = MlModel.Parse("""
            flavors: &f {onnx: {data: model.onnx}}
            again: *f
            metadata: {deep: [1, {x: !!python/object:os.system 'id'}]}
            is_signature_from_type_hint: true
            saved_input_example_info: {artifact_path: input_example.json, type: dataframe, serving_input_path: serving_input_example.json}
            """);

        Assert.True(model.IsSignatureFromTypeHint);
        Assert.Equal(new InputExample("input_example.json", "dataframe", "serving_input_example.json", false), model.InputExample);
        Assert.Null(model.Signature);
    }

    [Theory]
    [InlineData("- a list")]
    [InlineData("flavors: 1")]
    [InlineData("run_id: abc")]
    [InlineData("flavors: {a: [}")]
    [InlineData("flavors: {[a]: 1}")]
    [InlineData("flavors: {x: {}}\nsignature: {inputs: 'no json'}")]
    [InlineData("flavors: {x: {}}\nsignature: {inputs: '[{\"type\": \"complex\"}]'}")]
    [InlineData("flavors: {x: {}}\nsignature: {inputs: '[{\"type\": \"long\", \"name\": \"a\"}, {\"type\": \"long\"}]'}")]
    public void What_is_no_model_is_refused_in_a_sentence(string yaml) => Assert.Throws<ModelFormatException>(() => MlModel.Parse(yaml));

    [Fact]
    public void A_file_that_is_nested_without_end_is_refused_and_exhausts_no_stack() =>
        Assert.Throws<ModelFormatException>(() => MlModel.Parse("flavors: " + new string('[', 100_000)));
}
