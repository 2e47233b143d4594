using System.Net;
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

    protected static string State(WireReply reply) => reply.Ok()["state"]!.GetValue<string>();

    private static string Sentence(WireReply reply) => reply.Message ?? reply.Body!["detail"]!.GetValue<string>();
}
