using Slipway.Serving.Scoring;
using Xunit;

namespace Slipway.Serving.Tests.Scoring;

/// <summary>The table of casts: what a column's type makes of JSON, and what it refuses.</summary>
public sealed class CastTests
{
    [Theory]
    [InlineData("long", "7", "Int64[7]")]
    [InlineData("long", "\"7\"", "Int64[7]")]
    [InlineData("long", "true", "Int64[1]")]
    [InlineData("long", "2.0", "Int64[2]")]
    [InlineData("long", "9223372036854775807", "Int64[9223372036854775807]")]
    [InlineData("integer", "-5", "Int32[-5]")]
    [InlineData("double", "1", "Float64[1]")]
    [InlineData("double", "\"2.5\"", "Float64[2.5]")]
    [InlineData("double", "true", "Float64[1]")]
    [InlineData("double", "null", "Float64[NaN]")]
    [InlineData("double", "\"nan\"", "Float64[NaN]")]
    [InlineData("float", "0.1", "Float32[0.1]")]
    [InlineData("string", "\"x\"", "Text[x]")]
    [InlineData("string", "5", "Json[5]")]
    [InlineData("string", "null", "Text[null]")]
    [InlineData("boolean", "\"x\"", "Boolean[True]")]
    [InlineData("boolean", "\"\"", "Boolean[False]")]
    [InlineData("boolean", "0", "Boolean[False]")]
    [InlineData("boolean", "null", "Boolean[False]")]
    [InlineData("datetime", "\"2026-03-01T12:00:00\"", "Time[2026-03-01T12:00:00.000]")]
    [InlineData("datetime", "\"2026-03-01T12:00:00+02:00\"", "Time[2026-03-01T10:00:00.000]")]
    [InlineData("datetime", "null", "Time[null]")]
    [InlineData("binary", "\"aGk=\"", "Bytes[6869]")]
    [InlineData("binary", "\"aG k=\\n\"", "Bytes[6869]")]
    public void What_loses_nothing_is_cast(string type, string value, string expected) => Assert.Equal($"c:{expected}", Asked.Show(Column(type), Split(value)));

    [Theory]
    [InlineData("long", "\"z\"")]
    [InlineData("long", "null")]
    [InlineData("long", "[1]")]
    [InlineData("double", "\"x\"")]
    [InlineData("double", "{}")]
    [InlineData("datetime", "\"soon\"")]
    [InlineData("binary", "5")]
    [InlineData("binary", "\"a\"")]
    public void What_is_something_else_is_bad_input(string type, string value)
    {
        var (code, message) = Asked.Fault(Column(type), Split(value));

        Assert.Equal("BAD_REQUEST", code);
        Assert.StartsWith("Failed to convert column 'c' to type", message, StringComparison.Ordinal);
    }

    // MLflow truncates and wraps here without a word.
    [Theory]
    [InlineData("long", "1.5")]
    [InlineData("long", "1e30")]
    [InlineData("integer", "3000000000")]
    [InlineData("integer", "\"3000000000\"")]
    [InlineData("float", "1e300")]
    public void What_would_lose_something_is_refused(string type, string value) => Assert.Equal("INVALID_PARAMETER_VALUE", Asked.Fault(Column(type), Split(value)).Code);

    [Theory]
    [InlineData("""{"type": "array", "items": {"type": "long"}}""", "[1, 2]", true)]
    [InlineData("""{"type": "array", "items": {"type": "long"}}""", "[1.5]", false)]
    [InlineData("""{"type": "array", "items": {"type": "long"}}""", "[]", true)]
    [InlineData("""{"type": "object", "properties": {"k": {"type": "string", "required": true}}}""", """{"k": "v"}""", true)]
    [InlineData("""{"type": "object", "properties": {"k": {"type": "string", "required": true}}}""", "{}", false)]
    [InlineData("""{"type": "object", "properties": {"k": {"type": "string", "required": false}}}""", "{}", true)]
    [InlineData("""{"type": "object", "properties": {"k": {"type": "string", "required": true}}}""", """{"k": "v", "other": 1}""", false)]
    [InlineData("""{"type": "map", "values": {"type": "double"}}""", """{"a": 1, "b": 2.5}""", true)]
    [InlineData("""{"type": "map", "values": {"type": "double"}}""", """{"a": "x"}""", false)]
    [InlineData("""{"type": "any"}""", """{"a": [null]}""", true)]
    public void Composite_types_are_checked_element_by_element(string type, string value, bool fits)
    {
        var schema = $$"""[{{type[..^1]}}, "name": "c"}]""";

        if (fits)
        {
            Assert.StartsWith("c:Json[", Asked.Show(schema, Split(value)), StringComparison.Ordinal);
            return;
        }

        Assert.Equal("BAD_REQUEST", Asked.Fault(schema, Split(value)).Code);
    }

    [Theory]
    [InlineData("long", "7", "Int64[7]")]
    [InlineData("double", "", "Float64[NaN]")]
    [InlineData("double", "1e3", "Float64[1000]")]
    [InlineData("boolean", "True", "Boolean[True]")]
    [InlineData("string", "\"a,\"\"b\"\"\"", "Text[a,\"b\"]")]
    [InlineData("string", "NA", "Text[null]")]
    [InlineData("datetime", "2026-03-01", "Time[2026-03-01T00:00:00.000]")]
    public void Csv_is_read_by_the_types_of_the_signature(string type, string cell, string expected) =>
        Assert.Equal($"c:{expected}", Asked.Show(Column(type), $"other,c\nx,{cell}\n", BodyForm.Csv));

    [Theory]
    [InlineData("long", "1.5")]
    [InlineData("long", "")]
    [InlineData("double", "x")]
    [InlineData("boolean", "maybe")]
    public void Csv_is_strict(string type, string cell) => Assert.Equal("BAD_REQUEST", Asked.Fault(Column(type), $"other,c\nx,{cell}\n", BodyForm.Csv).Code);

    private static string Column(string type) => $$"""[{"type": "{{type}}", "name": "c", "required": true}]""";

    private static string Split(string value) => $$$"""{"dataframe_split": {"columns": ["c"], "data": [[{{{value}}}]]}}""";
}
