using Slipway.Serving.Scoring;
using Xunit;

namespace Slipway.Serving.Tests.Scoring;

/// <summary>The rules of the signature's enforcement, X-1 to X-10 of the protocol.</summary>
public sealed class EnforcementTests
{
    private const string Named = """[{"type": "long", "name": "a", "required": true}, {"type": "double", "name": "b", "required": true}, {"type": "string", "name": "c", "required": false}]""";
    private const string Unnamed = """[{"type": "long"}, {"type": "double"}]""";
    private const string Tensor = """[{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 2]}}]""";
    private const string NamedTensors = """[{"type": "tensor", "name": "x", "tensor-spec": {"dtype": "int64", "shape": [-1]}}, {"type": "tensor", "name": "y", "tensor-spec": {"dtype": "float64", "shape": [-1, 2, 2]}}]""";

    [Theory]
    [InlineData("""{"dataframe_records": [{"b": 1, "extra": 0, "a": 2}]}""", "a:Int64[2] b:Float64[1]")]
    [InlineData("""{"dataframe_records": [{"b": 1, "c": "x", "a": 2}]}""", "a:Int64[2] b:Float64[1] c:Text[x]")]
    [InlineData("""{"inputs": {"a": [1, 2], "b": [3, 4]}}""", "a:Int64[1,2] b:Float64[3,4]")]
    [InlineData("""{"inputs": {"a": 1, "b": 2}}""", "a:Int64[1] b:Float64[2]")]
    [InlineData("""{"inputs": [{"a": 1, "b": 2}]}""", "a:Int64[1] b:Float64[2]")]
    [InlineData("""{"instances": [{"a": 1, "b": 2}, {"a": 3, "b": 4}]}""", "a:Int64[1,3] b:Float64[2,4]")]
    public void Named_columns_come_in_the_order_of_the_signature_without_extra_ones(string body, string expected) => Assert.Equal(expected, Asked.Show(Named, body));

    [Theory]
    [InlineData("""{"dataframe_records": [{"a": 2}]}""", "['b']")]
    [InlineData("""{"dataframe_records": []}""", "['a', 'b']")]
    [InlineData("""{"dataframe_split": {"data": [[1, 2]]}}""", "['a', 'b']. Note that there were extra inputs: ['0', '1']")]
    public void Missing_columns_are_named(string body, string said)
    {
        var (code, message) = Asked.Fault(Named, body);

        Assert.Equal("INVALID_PARAMETER_VALUE", code);
        Assert.Contains("Failed to enforce schema of data", message, StringComparison.Ordinal);
        Assert.Contains($"Model is missing inputs {said}.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_of_different_lengths_are_bad_input() => Assert.Equal("BAD_REQUEST", Asked.Fault(Named, """{"inputs": {"a": [1], "b": [1, 2]}}""").Code);

    [Fact]
    public void Unnamed_columns_are_counted_and_what_is_too_much_is_dropped_on_the_right()
    {
        Assert.Equal("0:Int64[1] 1:Float64[2]", Asked.Show(Unnamed, """{"dataframe_split": {"data": [[1, 2, "x"]]}}"""));
        Assert.Equal("0:Int64[1] 1:Float64[2]", Asked.Show(Unnamed, """{"inputs": [[1, 2]]}"""));
        Assert.Equal("INVALID_PARAMETER_VALUE", Asked.Fault(Unnamed, """{"dataframe_split": {"data": [[1]]}}""").Code);
    }

    [Fact]
    public void Integers_with_missing_values_are_refused_with_a_hint() =>
        Assert.Contains("as double", Asked.Fault(Named, """{"dataframe_records": [{"a": 1, "b": 1}, {"b": 1}]}""").Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"inputs": [[1, 2], [3, 4]]}""", "Float32(2,2)[1,2,3,4]")]
    [InlineData("""{"instances": [[1, 2.5]]}""", "Float32(1,2)[1,2.5]")]
    [InlineData("""{"dataframe_split": {"columns": ["p", "q"], "data": [[1, 2], [3, 4]]}}""", "Float32(2,2)[1,2,3,4]")]
    public void A_tensor_takes_arrays_and_data_frames_of_its_shape(string body, string expected) => Assert.Equal(expected, Asked.Show(Tensor, body));

    [Theory]
    [InlineData("""{"inputs": [[1, 2, 3]]}""", "Shape of input (1, 3) does not match expected shape (-1, 2)")]
    [InlineData("""{"inputs": [1, 2]}""", "Shape of input (2,) does not match expected shape (-1, 2)")]
    [InlineData("""{"inputs": [[1, 2], [3]]}""", "not of the same length")]
    public void A_tensor_of_another_shape_is_refused(string body, string said) => Assert.Contains(said, Asked.Fault(Tensor, body).Message, StringComparison.Ordinal);

    [Fact]
    public void An_object_for_a_tensor_without_a_name_is_bad_input() => Assert.Equal("BAD_REQUEST", Asked.Fault(Tensor, """{"inputs": {"x": [[1, 2]]}}""").Code);

    [Theory]
    [InlineData("""{"inputs": {"y": [[[1, 2], [3, 4]]], "x": [5], "z": 0}}""")]
    [InlineData("""{"instances": [{"x": 5, "y": [[1, 2], [3, 4]]}]}""")]
    [InlineData("""{"dataframe_records": [{"x": 5, "y": [1, 2, 3, 4]}]}""")]
    [InlineData("""{"dataframe_records": [{"x": 5, "y": [[1, 2], [3, 4]]}]}""")]
    public void Named_tensors_are_each_checked(string body) => Assert.Equal("x=Int64(1)[5] y=Float64(1,2,2)[1,2,3,4]", Asked.Show(NamedTensors, body));

    [Theory]
    [InlineData("""{"inputs": {"x": [5]}}""", "Model is missing inputs ['y']")]
    [InlineData("""{"inputs": {"x": [5], "y": [[1, 2]]}}""", "Shape of input (1, 2)")]
    [InlineData("""{"inputs": [[1]]}""", "'x', 'y'")]
    public void Named_tensors_that_do_not_fit_are_refused(string body, string said) => Assert.Contains(said, Asked.Fault(NamedTensors, body).Message, StringComparison.Ordinal);

    [Fact]
    public void Lists_of_different_lengths_pass_where_a_later_dimension_is_free() => Assert.Equal(
        "Json(2)[[1, 2],[3]]",
        Asked.Show("""[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1, -1]}}]""", """{"inputs": [[1, 2], [3]]}"""));

    private const string Params = """[{"name": "t", "type": "double", "default": 0.5, "shape": null}, {"name": "n", "type": "long", "default": 3, "shape": null}, {"name": "stop", "type": "string", "default": ["x"], "shape": [-1]}]""";

    [Theory]
    [InlineData("", "t=0.5 n=3 stop=[\"x\"]")]
    [InlineData(""", "params": {"t": 1, "unknown": 5}""", "t=1 n=3 stop=[\"x\"]")]
    [InlineData(""", "params": {"t": null, "stop": ["a", "b"]}""", "t=null n=3 stop=[\"a\", \"b\"]")]
    public void Params_are_filled_up_with_their_defaults(string sent, string expected)
    {
        var request = Asked.Request(Asked.Model(null, Params), $$"""{"inputs": [1]{{sent}}}""");

        Assert.Equal(expected, string.Join(' ', request.Parameters.Select(parameter => $"{parameter.Key}={parameter.Value.GetRawText()}")));
    }

    [Theory]
    [InlineData("""{"t": "x"}""")]
    [InlineData("""{"n": 1.5}""")]
    [InlineData("""{"n": true}""")]
    [InlineData("""{"stop": "a"}""")]
    [InlineData("""{"t": [1]}""")]
    [InlineData("[1]")]
    public void Params_that_do_not_fit_are_refused(string sent)
    {
        var fault = Assert.Throws<ScoringFault>(() => Asked.Request(Asked.Model(null, Params), $$"""{"inputs": [1], "params": {{sent}}}"""));

        Assert.Equal("INVALID_PARAMETER_VALUE", fault.Code);
    }

    [Fact]
    public void Params_of_a_model_that_takes_none_are_passed_over() => Assert.Empty(Asked.Request(Asked.Model(null), """{"inputs": [1], "params": 5}""").Parameters);
}
