using Slipway.Server.Search;
using Slipway.Server.Search.Grammar;
using Slipway.Store;
using Xunit;

namespace Slipway.Server.Tests.Search;

public sealed class GrammarTests
{
    public static TheoryData<string> WrongFilters => [.. RunCases.Specified.Concat(RunCases.Derived).Where(one => one.Found == RunCases.Wrong).Select(one => one.Filter)];

    public static TheoryData<string> GoodFilters => [.. RunCases.Specified.Concat(RunCases.Derived).Where(one => one.Found != RunCases.Wrong).Select(one => one.Filter)];

    [Theory]
    [MemberData(nameof(WrongFilters))]
    public void A_wrong_filter_is_refused_with_a_sentence(string filter)
    {
        var fault = Assert.Throws<Fault>(() => RunVocabulary.Words.ReadFilter(filter));

        Assert.Equal(FaultKind.Invalid, fault.Kind);
        Assert.True(fault.Message.Length > 20, fault.Message);
    }

    [Theory]
    [MemberData(nameof(GoodFilters))]
    public void A_good_filter_is_read(string filter) => Assert.Equal(filter.Length == 0, RunVocabulary.Words.ReadFilter(filter).Count == 0);

    [Theory]
    [InlineData("metrics.acc>0.4", Subject.Metric, "acc")]
    [InlineData("tags.a.b.c = 'x'", Subject.Tag, "a.b.c")]
    [InlineData("tags.`a b` = 'x'", Subject.Tag, "a b")]
    [InlineData("`params`.`a/b` = 'x'", Subject.Param, "a/b")]
    [InlineData("param.é_1 = 'x'", Subject.Param, "é_1")]
    [InlineData("metrics.1 = 1", Subject.Metric, "1")]
    [InlineData("tags.`it's \"quoted\"` = 'x'", Subject.Tag, "it's \"quoted\"")]
    [InlineData("created = 1", Subject.Attribute, "start_time")]
    [InlineData("attr.`Run name` = 'x'", Subject.Attribute, "run_name")]
    [InlineData("datasets.context = 'x'", Subject.Dataset, "context")]
    internal void A_name_is_split_at_its_first_dot(string filter, Subject subject, string name)
    {
        var clause = Assert.Single(RunVocabulary.Words.ReadFilter(filter));

        Assert.Equal((subject, name), (clause.Subject, clause.Name));
    }

    [Theory]
    [InlineData("params.a = 'x'", "x")]
    [InlineData("params.a = \"it's\"", "it's")]
    [InlineData("params.a = 'it''s'", "it''s")]
    [InlineData("params.a = 'a\\'", "a\\")]
    [InlineData("params.a = ''", "")]
    [InlineData("params.a = 'x and params.b = 1'", "x and params.b = 1")]
    [InlineData("params.a = '-- no comment; (really)'", "-- no comment; (really)")]
    public void There_is_no_escape_in_a_text(string filter, string value)
    {
        var clause = Assert.Single(RunVocabulary.Words.ReadFilter(filter));

        Assert.Equal([value], Assert.IsType<TextCondition>(clause.Condition).Values);
    }

    [Theory]
    [InlineData("1", 1.0)]
    [InlineData("-1.50", -1.5)]
    [InlineData(".5", 0.5)]
    [InlineData("-.5", -0.5)]
    [InlineData("1.", 1.0)]
    [InlineData("4e-1", 0.4)]
    [InlineData("1E+3", 1000.0)]
    [InlineData("1e400", double.PositiveInfinity)]
    [InlineData("0.1", 0.1)]
    [InlineData("1.7976931348623157e308", double.MaxValue)]
    public void A_number_is_read_exactly(string digits, double value)
    {
        var clause = Assert.Single(RunVocabulary.Words.ReadFilter($"metrics.a = {digits}"));

        Assert.Equal(value, Assert.IsType<NumberCondition>(clause.Condition).Value.Double);
    }

    [Theory]
    [InlineData("metrics.a LIKE 'x'", "use one of =, !=, <, <=, >, >=")]
    [InlineData("params.a > 'x'", "use one of =, !=, LIKE, ILIKE, IS NULL, IS NOT NULL")]
    [InlineData("params.a = 5", "Expected a quoted text")]
    [InlineData("metrics.a = 'x'", "Expected a number without quotes after 'metrics.a ='")]
    [InlineData("acc > 1", "Invalid attribute key 'acc'")]
    [InlineData("foo.bar = 'x'", "Invalid entity type 'foo'. Valid values are 'metric'")]
    [InlineData("tags.key-dash = 'x'", "Unexpected '-' at position 9")]
    [InlineData("tags.a = 'x", "is not closed")]
    [InlineData("metrics.a == 1", "found '=='")]
    [InlineData("metrics.a > 1 or metrics.a < 0", "or is not supported")]
    [InlineData("   ", "holds no clause")]
    public void The_sentence_says_what_is_wrong_and_what_is_allowed(string filter, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<Fault>(() => RunVocabulary.Words.ReadFilter(filter)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_sentence_stays_short()
    {
        var fault = Assert.Throws<Fault>(() => RunVocabulary.Words.ReadFilter($"tags.`{new string('k', 30_000)}` > '{new string('v', 30_000)}'"));

        Assert.True(fault.Message.Length < 1000);
    }

    [Theory]
    [InlineData("metrics.acc", Subject.Metric, "acc", false)]
    [InlineData("  metric.`a b`   desc ", Subject.Metric, "a b", true)]
    [InlineData("params.desc", Subject.Param, "desc", false)]
    [InlineData("tag.a.b ASC", Subject.Tag, "a.b", false)]
    [InlineData("attribute.Created Desc", Subject.Attribute, "start_time", true)]
    internal void An_order_is_a_name_and_a_direction(string item, Subject subject, string name, bool descending) =>
        Assert.Equal(new OrderKey(subject, name, descending), RunVocabulary.Words.ReadOrder(item));
}
