using Slipway.Server.Registry.Comparing;
using Xunit;

namespace Slipway.Server.Tests.Comparing;

public sealed class ModelSignatureTests
{
    [Fact]
    public void Columns_tensors_and_params_are_told_by_name_or_place()
    {
        var found = ModelSignature.Parse("""
            artifact_path: model
            flavors: {sklearn: {code: null, list: [1, {a: b}]}}
            signature:
              inputs: '[{"name": "a", "type": "double", "required": true}, {"type": "long"}]'
              outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]'
              params: '[{"name": "t", "dtype": "float", "default": 0.1}]'
              other: {a: [b]}
            utc_time_created: now
            """);

        Assert.Equal(
            ["inputs [1]=long", "inputs a=double", "outputs [0]={\"type\": \"tensor\", \"tensor-spec\": {\"dtype\": \"int64\", \"shape\": [-1]}}", "params t={\"name\": \"t\", \"dtype\": \"float\", \"default\": 0.1}"],
            found.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));
    }

    [Theory]
    [InlineData("flavors: {}")]
    [InlineData("signature: null")]
    [InlineData("signature: {inputs: null, outputs: '', params: {a: b}}")]
    public void A_file_without_one_has_none(string text) => Assert.Empty(ModelSignature.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("- a list")]
    [InlineData("signature: {inputs: 'no json'}")]
    [InlineData("signature: {inputs: '[")]
    [InlineData("? [a]\n: b")]
    public void What_is_no_such_file_is_said_to_be_none(string text) => Assert.Throws<FormatException>(() => ModelSignature.Parse(text));

    [Fact]
    public void A_file_that_grows_when_it_is_expanded_or_is_nested_deeply_costs_no_more_than_its_length()
    {
        var bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + string.Concat(Enumerable.Range(1, 20).Select(i => $"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat(i == 1 ? "*a" : $"*a{i - 1}", 9))}]\n"));
        Assert.Empty(ModelSignature.Parse(bomb));

        var deep = "flavors: " + new string('[', 5000) + new string(']', 5000);
        Assert.True(Record.Exception(() => ModelSignature.Parse(deep)) is null or FormatException);
    }
}
