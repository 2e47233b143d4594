using Slipway.Serving.Scoring;
using Xunit;

namespace Slipway.Serving.Tests.Scoring;

/// <summary>The forms of a body, and what a model without a signature gets of them.</summary>
public sealed class FormTests
{
    [Theory]
    [InlineData("""{"dataframe_split": {"columns": ["a", "b"], "data": [[1, "x"], [2, "y"]]}}""", "a:Int64[1,2] b:Text[x,y]")]
    [InlineData("""{"dataframe_split": {"index": [7], "data": [[1, 2.5]]}}""", "0:Int64[1] 1:Float64[2.5]")]
    [InlineData("""{"dataframe_split": {"columns": ["a"], "data": [[1], [null]]}, "signature_name": "x"}""", "a:Float64[1,NaN]")]
    [InlineData("""{"dataframe_split": {"columns": ["a"], "data": [[true], [1]]}}""", "a:Json[true,1]")]
    [InlineData("""{"dataframe_records": [{"a": 1}, {"b": true, "a": 2}]}""", "a:Int64[1,2] b:Json[null,true]")]
    [InlineData("""{"dataframe_records": []}""", "")]
    [InlineData("""{"instances": [{"a": 1, "b": [1, 2]}, {"a": 2, "b": [3, 4]}]}""", "a=Int64(2)[1,2] b=Int64(2,2)[1,2,3,4]")]
    [InlineData("""{"instances": [[1, 2.5], [3, 4]]}""", "Float64(2,2)[1,2.5,3,4]")]
    [InlineData("""{"instances": [1, 2]}""", "Int64(2)[1,2]")]
    [InlineData("""{"inputs": {"a": [1, 2], "b": "x"}}""", "a=Int64(2)[1,2] b=Text()[x]")]
    [InlineData("""{"inputs": 5}""", "Int64()[5]")]
    [InlineData("""{"inputs": ["a", "b"]}""", "Text(2)[a,b]")]
    [InlineData("""{"inputs": [["a", 1]]}""", "Text(1,2)[a,1]")]
    [InlineData("""{"inputs": [[1, 2], [3]]}""", "Json(2)[[1, 2],[3]]")]
    [InlineData("""{"inputs": [{"a": 1}]}""", """[{"a": 1}]""")]
    [InlineData("""{"inputs": [true, false]}""", "Boolean(2)[True,False]")]
    public void A_model_without_a_signature_gets_what_was_sent(string body, string expected) => Assert.Equal(expected, Asked.Show(null, body));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("{}")]
    [InlineData("""{"data": [1]}""")]
    [InlineData("""{"inputs": [1], "instances": [1]}""")]
    [InlineData("""{"dataframe_split": [[1]]}""")]
    [InlineData("""{"dataframe_split": {"columns": ["a"]}}""")]
    [InlineData("""{"dataframe_split": {"data": [[1]], "more": 1}}""")]
    [InlineData("""{"dataframe_split": {"columns": ["a"], "data": [[1, 2]]}}""")]
    [InlineData("""{"dataframe_split": {"columns": "a", "data": [[1]]}}""")]
    [InlineData("""{"dataframe_split": {"data": [[1], [1, 2]]}}""")]
    [InlineData("""{"dataframe_records": {"a": 1}}""")]
    [InlineData("""{"dataframe_records": [1]}""")]
    [InlineData("""{"instances": 1}""")]
    [InlineData("""{"instances": [{"a": 1}, {"b": 1}]}""")]
    [InlineData("""{"dataframe_records": [{"a": "\ud800"}]}""")]
    public void What_is_in_none_of_the_forms_is_bad_input(string body) => Assert.Equal("BAD_REQUEST", Asked.Fault(null, body).Code);

    [Fact]
    public void A_short_body_that_claims_a_vast_table_is_bad_input()
    {
        var sparse = string.Join(',', Enumerable.Range(0, 10_000).Select(number => $$"""{"c{{number}}":0}"""));
        var csv = $"{string.Join(',', Enumerable.Range(0, 10_000))}\n{string.Concat(Enumerable.Repeat("0\n", 10_000))}";

        Assert.Contains("too many", Asked.Fault(null, $$"""{"dataframe_records": [{{sparse}}]}""").Message, StringComparison.Ordinal);
        Assert.Contains("too many", Asked.Fault(null, csv, BodyForm.Csv).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_two_values_with_the_same_name_the_last_counts()
    {
        Assert.Equal("a=Int64()[2]", Asked.Show(null, """{"inputs": {"a": 1, "a": 2}}"""));
        Assert.Equal("a:Int64[2]", Asked.Show(null, """{"dataframe_records": [{"a": 1, "a": 2}]}"""));
        Assert.Equal("""{"prompt": 1, "prompt": 2}""", Asked.Show(null, """{"prompt": 1, "prompt": 2}"""));
    }

    [Fact]
    public void A_body_that_is_nested_without_end_is_bad_input() =>
        Assert.Equal("BAD_REQUEST", Asked.Fault(null, $$"""{"inputs": {{new string('[', 100_000)}}""").Code);

    [Theory]
    [InlineData("a,b\n1,x\n2,y\n", "a:Int64[1,2] b:Text[x,y]")]
    [InlineData("\uFEFFa,b\r\n1.5,\r\n\r\n,true", "a:Float64[1.5,NaN] b:Text[null,true]")]
    [InlineData("a\ntrue\nFalse\n", "a:Boolean[True,False]")]
    [InlineData("a,b\n1\n", "a:Int64[1] b:Float64[NaN]")]
    [InlineData("\"a,1\",b\n\"x\ny\",2", "a,1:Text[x\ny] b:Int64[2]")]
    public void Csv_is_read_as_pandas_reads_it(string body, string expected) => Assert.Equal(expected, Asked.Show(null, body, BodyForm.Csv));

    [Theory]
    [InlineData("")]
    [InlineData("a\n1,2\n")]
    [InlineData("a\n\"x")]
    public void Csv_that_is_broken_is_bad_input(string body) => Assert.Equal("BAD_REQUEST", Asked.Fault(null, body, BodyForm.Csv).Code);

    [Fact]
    public void What_language_models_are_asked_is_passed_on_without_its_params()
    {
        var model = Asked.Model(null, """[{"name": "temperature", "type": "double", "default": 1.0, "shape": null}]""");

        var request = Asked.Request(model, """{"messages": [{"role": "user"}], "temperature": 0.5, "stream": false}""");

        Assert.Equal("""{"messages":[{"role":"user"}],"stream":false}""", ((JsonInput)request.Input).Value.GetRawText());
        Assert.True(((JsonInput)request.Input).IsBare);
        Assert.Equal(0.5, request.Parameters["temperature"].GetDouble());
    }

    [Fact]
    public void A_signature_from_a_type_hint_takes_inputs_only_and_leaves_them_as_they_are()
    {
        var model = Asked.Model("""[{"type": "long"}]""", isFromTypeHint: true);

        Assert.Equal("""["x", 1]""", Asked.Show(Asked.Request(model, """{"inputs": ["x", 1]}""").Input));
        Assert.Equal("INVALID_PARAMETER_VALUE", Assert.Throws<ScoringFault>(() => Asked.Request(model, """{"instances": [1]}""")).Code);
    }

    [Theory]
    [InlineData("application/json", 0)]
    [InlineData("application/json; charset=utf-8", 0)]
    [InlineData("Application/JSON;charset=\"UTF-8\"", 0)]
    [InlineData("text/csv; charset=UTF-8", 1)]
    public void A_content_type_says_the_form(string contentType, int form) => Assert.Equal((BodyForm)form, MediaType.Parse(contentType));

    [Theory]
    [InlineData(null, "content types")]
    [InlineData("", "content types")]
    [InlineData("text/plain", "'text/plain'")]
    [InlineData("application/json; charset=latin-1", "only supports UTF-8")]
    [InlineData("application/json; format=pandas-split", "MLflow 1")]
    [InlineData("application/vnd.apache.parquet", "Parquet is not read")]
    public void Other_content_types_are_told_what_is_served(string? contentType, string said)
    {
        var fault = Assert.Throws<ScoringFault>(() => MediaType.Parse(contentType));

        Assert.Equal(415, fault.Status);
        Assert.Contains(said, fault.Message, StringComparison.Ordinal);
    }
}
