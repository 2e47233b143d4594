using Slipway.Testing;
using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Slipway.Store.Tests.Testing;

public sealed class NeedsTests
{
    private static readonly Dictionary<string, Func<string?>> _probes = new()
    {
        ["here"] = () => null,
        ["gone"] = () => "it is gone",
    };

    [Theory]
    [InlineData(typeof(NeedsNothing), nameof(NeedsNothing.Plain))]
    [InlineData(typeof(NeedsHere), nameof(NeedsHere.Plain))]
    public void A_promise_with_all_it_needs_is_tested(Type type, string method) =>
        Assert.Null(Unmet(type, method, allRequired: false));

    [Theory]
    [InlineData(typeof(NeedsGone), nameof(NeedsGone.Plain))]
    [InlineData(typeof(InheritsGone), nameof(InheritsGone.Plain))]
    [InlineData(typeof(NeedsNothing), nameof(NeedsNothing.Choosy))]
    public async Task A_need_on_the_class_or_above_it_or_on_the_method_skips_with_its_reason(Type type, string method)
    {
        var messages = await RunAsync(Unmet(type, method, allRequired: false));

        Assert.Equal("it is gone", Assert.Single(messages.OfType<ITestSkipped>()).Reason);
        Assert.Empty(messages.OfType<ITestFailed>());
        Assert.Empty(messages.OfType<ITestPassed>());
    }

    [Fact]
    public async Task Where_everything_is_required_an_unmet_need_fails_with_its_reason()
    {
        var messages = await RunAsync(Unmet(typeof(NeedsGone), nameof(NeedsGone.Plain), allRequired: true));

        Assert.Contains("it is gone", Assert.Single(messages.OfType<ITestFailed>()).Messages.Single(), StringComparison.Ordinal);
        Assert.Empty(messages.OfType<ITestSkipped>());
    }

    [Fact]
    public async Task A_need_that_nobody_knows_fails()
    {
        var messages = await RunAsync(Unmet(typeof(NeedsNothing), nameof(NeedsNothing.Misspelt), allRequired: false));

        Assert.Equal(
            "No test can need 'goen'; needs are gone, here.",
            Assert.Single(messages.OfType<ITestFailed>()).Messages.Single());
    }

    [Fact]
    public void A_promise_and_a_theory_are_found_as_facts_and_theories_are()
    {
        var fact = new PromiseDiscoverer(new NullMessageSink());
        var theory = new PromiseTheoryDiscoverer(new NullMessageSink());
        var options = new DefaultOptions();

        var one = Method(typeof(NeedsNothing), nameof(NeedsNothing.Plain));
        var rows = Method(typeof(NeedsNothing), nameof(NeedsNothing.Rows));

        Assert.IsType<XunitTestCase>(Assert.Single(fact.Discover(options, one, Attribute(one, typeof(PromiseAttribute)))));
        Assert.Equal(2, theory.Discover(options, rows, Attribute(rows, typeof(PromiseTheoryAttribute))).Count());
    }

    private static IXunitTestCase? Unmet(Type type, string method, bool allRequired) =>
        new Needs(_probes, allRequired).Unmet(new NullMessageSink(), new DefaultOptions(), Method(type, method));

    private static TestMethod Method(Type type, string method)
    {
        var assembly = new TestAssembly(Reflector.Wrap(type.Assembly));
        var testClass = new TestClass(new TestCollection(assembly, null, "needs"), Reflector.Wrap(type));
        return new TestMethod(testClass, Reflector.Wrap(type.GetMethod(method)!));
    }

    private static IAttributeInfo Attribute(TestMethod method, Type type) =>
        method.Method.GetCustomAttributes(type.AssemblyQualifiedName).Single();

    private static async Task<List<IMessageSinkMessage>> RunAsync(IXunitTestCase? testCase)
    {
        Assert.NotNull(testCase);
        using var bus = new Recording();
        await testCase.RunAsync(new NullMessageSink(), bus, [], new ExceptionAggregator(), new CancellationTokenSource());
        return bus.Messages;
    }

    private sealed class DefaultOptions : ITestFrameworkDiscoveryOptions
    {
        public TValue GetValue<TValue>(string name) => default!;

        public void SetValue<TValue>(string name, TValue value) => throw new NotSupportedException();
    }

    private sealed class Recording : IMessageBus
    {
        public List<IMessageSinkMessage> Messages { get; } = [];

        public bool QueueMessage(IMessageSinkMessage message)
        {
            Messages.Add(message);
            return true;
        }

        public void Dispose()
        {
        }
    }

    // Samples: private, so that the runner does not find them itself.
#pragma warning disable xUnit1000
    private class NeedsNothing
    {
        [Promise]
        public void Plain()
        {
        }

        [Promise]
        [Needs("here")]
        [Needs("gone")]
        public void Choosy()
        {
        }

        [Promise]
        [Needs("goen")]
        public void Misspelt()
        {
        }

        [PromiseTheory]
        [InlineData(1)]
        [InlineData(2)]
        public void Rows(int row) => Assert.True(row > 0);
    }

    [Needs("here")]
    private sealed class NeedsHere : NeedsNothing;

    [Needs("gone")]
    private class NeedsGone : NeedsNothing;

    private sealed class InheritsGone : NeedsGone;
#pragma warning restore xUnit1000
}
