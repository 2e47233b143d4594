using System.Text.Json;
using Slipway.Serving.Scoring;
using Xunit;

namespace Slipway.Serving.Tests.Scoring;

/// <summary>How answers look on the wire.</summary>
public sealed class AnswerTests
{
    [Fact]
    public void An_array_is_nested_lists_and_what_is_no_number_is_null() => Assert.Equal(
        """{"predictions":[[1.5,null],[null,0.1]]}""",
        Asked.Answer(new TensorOutput(new Tensor(ElementType.Float32, new[] { 1.5f, float.NaN, float.PositiveInfinity, 0.1f }, [2, 2]))));

    [Fact]
    public void A_data_frame_is_a_list_of_objects()
    {
        var rows = new RowsOutput([new NamedTensor("label", Tensor.Column(ElementType.Int64, new long[] { 0, 2 })), new NamedTensor("p", new Tensor(ElementType.Float64, new[] { 1d, 0, 0.5, 0.5 }, [2, 2]))], 2);

        Assert.Equal("""{"predictions":[{"label":0,"p":[1,0]},{"label":2,"p":[0.5,0.5]}]}""", Asked.Answer(rows));
    }

    [Fact]
    public void Every_type_has_its_form()
    {
        var json = JsonSerializer.SerializeToElement(new { a = 1 });
        NamedTensor[] tensors =
        [
            new("bool", Tensor.Column(ElementType.Boolean, new[] { true })),
            new("uint8", Tensor.Column(ElementType.UInt8, new byte[] { 255 })),
            new("int8", Tensor.Column(ElementType.Int8, new sbyte[] { -1 })),
            new("uint64", Tensor.Column(ElementType.UInt64, new[] { ulong.MaxValue })),
            new("uint32", Tensor.Column(ElementType.UInt32, new[] { uint.MaxValue })),
            new("text", Tensor.Column(ElementType.Text, new string?[] { "x", null })),
            new("bytes", Tensor.Column(ElementType.Bytes, new byte[]?[] { "hi"u8.ToArray() })),
            new("time", Tensor.Column(ElementType.Time, new DateTime?[] { new DateTime(2026, 3, 1, 12, 0, 0, DateTimeKind.Unspecified), null })),
            new("json", Tensor.Column(ElementType.Json, new[] { json, default })),
            new("scalar", new Tensor(ElementType.Int32, new[] { 7 }, [])),
        ];

        Assert.Equal(
            """{"predictions":{"bool":[true],"uint8":[255],"int8":[-1],"uint64":[18446744073709551615],"uint32":[4294967295],"text":["x",null],"bytes":["aGk=\n"],"time":["2026-03-01T12:00:00",null],"json":[{"a":1},null],"scalar":7}}""",
            Asked.Answer(new NamedOutput(tensors)));
    }

    [Fact]
    public void Json_of_the_model_is_passed_on_and_bare_where_the_question_was()
    {
        var output = new JsonOutput("""{"choices":[]}"""u8.ToArray());

        Assert.Equal("""{"predictions":{"choices":[]}}""", Asked.Answer(output));
        Assert.Equal("""{"choices":[]}""", Asked.Answer(output, isBare: true));
    }
}
