using System.Net;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Identity;

/// <summary>What a token opens, and for how long.</summary>
public abstract class TokenUseContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    [Promise]
    public async Task A_token_works_as_bearer_and_as_password_until_it_is_revoked()
    {
        var root = await Client.FoundAsync();
        var ann = await root.AddAsync("ann");
        var made = (await ann.PostAsync(Crowd.Native + "users/ann/tokens", new { name = "laptop" })).Ok();
        var secret = made["secret"]!.GetValue<string>();

        Assert.StartsWith("slw_", secret, StringComparison.Ordinal);
        Assert.Equal("ann", await Client.Bearing(secret).NameAsync());
        Assert.Equal("ann", await Client.As("ann", secret).NameAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, (await Client.As("root", secret).GetAsync("users/current")).Status);
        Assert.DoesNotContain(secret, (await ann.GetAsync(Crowd.Native + "users/ann/tokens")).Text, StringComparison.Ordinal);

        (await ann.DeleteAsync($"{Crowd.Native}tokens/{made["token"]!["id"]}")).Ok();

        Assert.Equal(HttpStatusCode.Unauthorized, (await Client.Bearing(secret).GetAsync("users/current")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Client.As("ann", secret).GetAsync("users/current")).Status);
    }

    [Promise]
    public async Task No_secret_is_kept()
    {
        var root = await Client.FoundAsync();
        var once = root.With("Idempotency-Key", "make-token-1");
        var secret = (await once.PostAsync(Crowd.Native + "users/root/tokens", new { name = "laptop" })).Ok()["secret"]!.GetValue<string>();

        var kept = await ColumnAsync($"""
            select hash from tokens union all select password from users union all select answer from idempotency_keys
            """);

        Assert.DoesNotContain(kept, text => text.Contains(secret, StringComparison.Ordinal) || text.Contains(Crowd.Password, StringComparison.Ordinal));
        Assert.Equal(2, kept.Count);
        Assert.Empty(await ColumnAsync($"select answer from idempotency_keys"));
    }

    [Promise]
    public async Task A_token_whose_scope_is_cut_down_does_no_more_than_that_and_can_not_widen_itself()
    {
        var root = await Client.FoundAsync();
        var reader = Client.Bearing(await root.TokenAsync("root", "read"));

        (await reader.GetAsync("experiments/get", ("experiment_id", "0"))).Ok();
        var edit = await reader.PostAsync("experiments/set-experiment-tag", new { experiment_id = "0", key = "a", value = "b" });
        var widen = await reader.PostAsync(Crowd.Native + "users/root/tokens", new { name = "more" });
        var takeOver = await reader.PatchAsync("users/update-password", new { username = "root", password = "another horse battery", current_password = Crowd.Password });
        var model = await reader.PostAsync("registered-models/create", new { name = "iris" });
        var experiment = await reader.PostAsync("experiments/create", new { name = "iris" });
        var admin = await reader.PostAsync("users/create", new { username = "eve", password = Crowd.Password });

        Assert.All([edit, widen, takeOver, model, experiment, admin], reply => Assert.Equal(HttpStatusCode.Forbidden, reply.Status));
        Assert.Equal("root", await root.NameAsync());
    }

    [Promise]
    public async Task A_token_that_may_not_read_finds_nothing()
    {
        var root = await Client.FoundAsync();
        (await root.PostAsync("registered-models/create", new { name = "iris" })).Ok();
        var approver = Client.Bearing(await root.TokenAsync("root", "approve"));

        Assert.Equal("{}", (await approver.GetAsync("registered-models/search")).Text);
        Assert.Equal("{}", (await approver.GetAsync("experiments/search", ("max_results", "10"))).Text);
        Assert.Equal(HttpStatusCode.Forbidden, (await approver.GetAsync("registered-models/get", ("name", "iris"))).Status);
    }

    [Promise]
    public async Task A_token_ends_when_its_time_is_over()
    {
        var root = await Client.FoundAsync();
        var soon = TimeProvider.System.GetUtcNow().AddSeconds(2).ToUnixTimeMilliseconds();
        var token = Client.Bearing((await root.PostAsync(Crowd.Native + "users/root/tokens", new { name = "short", expires_at = soon })).Ok()["secret"]!.GetValue<string>());
        Assert.Equal("root", await token.NameAsync());

        await Crowd.UntilAsync(async () => (await token.GetAsync("users/current")).Status == HttpStatusCode.Unauthorized);

        Assert.True(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() >= soon);
        Assert.Equal("INVALID_PARAMETER_VALUE", (await root.PostAsync(Crowd.Native + "users/root/tokens", new { name = "past", expires_at = soon })).Body!["code"]!.GetValue<string>());
    }
}

public sealed class TokenUseOnSqlite() : TokenUseContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class TokenUseOnPostgres() : TokenUseContract(Fresh.PostgresAsync);
