using System.Net;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Identity;

/// <summary>How many tokens somebody may have.</summary>
public abstract class TokenLimitContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    [Promise]
    public async Task Nobody_has_more_than_a_hundred_good_tokens_and_those_that_are_over_do_not_count()
    {
        var root = await Client.FoundAsync();
        (await root.PostAsync(Crowd.Native + "users", new { name = "ci", kind = "service" })).Ok();
        var brief = (await MakeAsync(root, TimeProvider.System.GetUtcNow().AddMilliseconds(500).ToUnixTimeMilliseconds())).Ok();
        var last = brief;
        for (var i = 0; i < 100; i++)
        {
            last = (await UntilMadeAsync(root, i)).Ok();
        }

        var refused = await MakeAsync(root);
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("slipway tokens revoke", refused.Text, StringComparison.Ordinal);

        (await root.PostAsync(Crowd.Native + "users/root/tokens", new { name = "own" })).Ok();
        (await root.DeleteAsync($"{Crowd.Native}tokens/{last["token"]!["id"]}")).Ok();
        (await MakeAsync(root)).Ok();
        Assert.Equal(HttpStatusCode.Conflict, (await MakeAsync(root)).Status);
    }

    private static Task<WireReply> MakeAsync(WireClient root, long? until = null) => root.PostAsync(Crowd.Native + "users/ci/tokens", new { name = "t", expires_at = until });

    // The hundredth waits until the brief one is over.
    private static async Task<WireReply> UntilMadeAsync(WireClient root, int number)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var reply = await MakeAsync(root);
            if (reply.Status == HttpStatusCode.OK || number < 99 || patience.IsCancellationRequested)
            {
                return reply;
            }

            await Task.Delay(20);
        }
    }
}

public sealed class TokenLimitOnSqlite() : TokenLimitContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class TokenLimitOnPostgres() : TokenLimitContract(Fresh.PostgresAsync);
