using System.Net;
using System.Text.Json.Nodes;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Governance;

/// <summary>A contract that is tested in a yard with a clock of its own.</summary>
public abstract class GovernedContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    private readonly ManualTime _clock = new();

    private protected Yard Yard { get; private set; } = null!;

    protected ManualTime Time => _clock;

    protected override TimeProvider? Clock => _clock;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Yard = await Yard.OpenAsync((Database, _clock), Client);
    }

    /// <summary>Answers the sentence of a refusal.</summary>
    protected static string Refused(WireReply reply)
    {
        Assert.True(reply.Status == HttpStatusCode.Forbidden, $"{(int)reply.Status} {reply.Text}");
        Assert.Equal("PERMISSION_DENIED", reply.ErrorCode ?? reply.Body!["code"]!.GetValue<string>());
        return Sentence(reply);
    }

    /// <summary>Answers the sentence of a request that another state would allow.</summary>
    protected static string Conflict(WireReply reply)
    {
        Assert.True(reply.Status == HttpStatusCode.Conflict, $"{(int)reply.Status} {reply.Text}");
        return Sentence(reply);
    }

    protected static string Text(JsonNode? node) => node!.GetValue<string>();

    /// <summary>A version in Staging, of this accuracy.</summary>
    /// <param name="accuracy">What its run logged.</param>
    /// <param name="bound">What Staging asks for in place of 0.85.</param>
    private protected async Task<Built> StagedAsync(double accuracy, string? bound = null)
    {
        if (bound is not null)
        {
            await Yard.ApplyAsync(Yard.Pipeline.Replace("0.85", bound, StringComparison.Ordinal));
        }

        var version = await Yard.BuildAsync(accuracy);
        (await version.TransitionAsync(Yard.Bob, "Staging")).Ok();
        return version;
    }

    /// <summary>Moves the clock on until a promotion is in a state: what metrics change is found by the next look of the clock's timer.</summary>
    protected async Task TickUntilAsync(long promotion, string state)
    {
        while ((await ColumnAsync($"select state from promotions where id = {promotion}")) is not [var kept] || kept != state)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10);
        }
    }

    protected static string State(WireReply reply) => reply.Ok()["state"]!.GetValue<string>();

    private static string Sentence(WireReply reply) => reply.Message ?? reply.Body!["detail"]!.GetValue<string>();
}
