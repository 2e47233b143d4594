using System.Diagnostics;
using System.Net;
using Slipway.Store;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Identity;

/// <summary>Who is let in, and by what.</summary>
public abstract class AuthenticationContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    [Promise]
    public async Task Until_there_is_a_user_everybody_is_anonymous_and_may_do_everything()
    {
        Assert.Equal("anonymous", (await Client.GetAsync("users/current")).Ok()["user"]!["username"]!.GetValue<string>());
        (await Client.PostAsync("experiments/create", new { name = "open" })).Ok();
    }

    [Promise]
    public async Task With_the_first_user_everybody_has_to_say_who_they_are()
    {
        var root = await Client.FoundAsync();

        var reply = await Client.GetAsync("experiments/get", ("experiment_id", "0"));

        Assert.Equal((HttpStatusCode.Unauthorized, "CUSTOMER_UNAUTHORIZED"), (reply.Status, reply.ErrorCode));
        Assert.Equal("Basic realm=\"mlflow\"", reply.Headers.WwwAuthenticate.ToString());
        (await root.GetAsync("experiments/get", ("experiment_id", "0"))).Ok();
    }

    [Promise]
    public async Task Health_and_the_greeting_need_nothing_and_the_version_needs_a_known_caller()
    {
        var root = await Client.FoundAsync();

        Assert.Equal(HttpStatusCode.OK, (await Client.GetAsync("/health")).Status);
        Assert.Equal(HttpStatusCode.OK, (await Client.GetAsync("/")).Status);
        foreach (var path in new[] { "/version", "/api/3.0/mlflow/server-info", "/ajax-api/3.0/mlflow/server-info" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await Client.GetAsync(path)).Status);
            Assert.Equal(HttpStatusCode.OK, (await root.GetAsync(path)).Status);
        }
    }

    [Promise]
    public async Task Only_an_admin_can_be_the_first_user()
    {
        var plain = await Client.PostAsync(Crowd.Native + "users", new { name = "ann", password = Crowd.Password });
        var mlflow = await Client.PostAsync("users/create", new { username = "ann", password = Crowd.Password });
        var service = await Client.PostAsync(Crowd.Native + "users", new { name = "ci", kind = "service", is_admin = true });

        Assert.All([plain, mlflow, service], reply => Assert.Equal(HttpStatusCode.Forbidden, reply.Status));
        Assert.Contains("slipway users add NAME --admin", mlflow.Message, StringComparison.Ordinal);
        Assert.Empty(await ColumnAsync($"select name from users"));
    }

    [Promise]
    public async Task A_wrong_password_an_unknown_name_and_a_malformed_header_are_told_alike()
    {
        await Client.FoundAsync();

        var replies = new[]
        {
            await Client.As("root", "wrong horse battery").GetAsync("users/current"),
            await Client.As("nobody").GetAsync("users/current"),
            await Client.As("no\0body").GetAsync("users/current"),
            await Client.Bearing("slw_nonsense").GetAsync("users/current"),
            await Client.Bearing("eyJhbGciOiJub25lIn0.e30.").GetAsync("users/current"),
        };

        Assert.All(replies, reply => Assert.Equal(HttpStatusCode.Unauthorized, reply.Status));
        Assert.Single(replies.Select(reply => reply.Message).Distinct());
        foreach (var header in new[] { "Basic", "Basic !!", "Basic cm9vdA==", "Digest a=b", "Bearer", "Basic /w==" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await Client.With("Authorization", header).GetAsync("users/current")).Status);
        }
    }

    [Promise]
    public async Task Failed_logins_are_on_record_without_what_was_typed()
    {
        await Client.FoundAsync();
        await Client.As("root", "wrong horse battery").GetAsync("users/current");
        await Client.As("my secret pass phrase").GetAsync("users/current");

        await Crowd.UntilAsync(async () => (await ColumnAsync($"select seq from audit where action = 'login.fail'")).Count == 2);

        Assert.Equal(["root", "unknown"], await ColumnAsync($"select actor from audit where action = 'login.fail' and outcome = 'refused' order by actor"));
    }

    [Promise]
    public async Task Hashing_a_password_costs_its_time_once_and_not_with_each_request()
    {
        var root = await Client.FoundAsync();
        var begun = Stopwatch.GetTimestamp();
        Assert.Equal("root", await Client.As("root").NameAsync());
        var first = Stopwatch.GetElapsedTime(begun);

        begun = Stopwatch.GetTimestamp();
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal("root", await root.NameAsync());
        }

        Assert.True(Stopwatch.GetElapsedTime(begun) < first * 50, $"A hundred requests took {Stopwatch.GetElapsedTime(begun)}, and the first {first}.");
    }

    [Promise]
    public async Task When_the_store_of_people_can_not_be_asked_nobody_is_let_in()
    {
        var root = await Client.FoundAsync();
        var token = Client.Bearing(await root.TokenAsync("root"));
        Assert.Equal("root", await token.NameAsync());

        await using (var changes = new Changes(Database, [], TimeProvider.System))
        {
            await changes.MakeAsync(new Actor("test", "none", null), new HidePeople(), CancellationToken.None);
        }

        await Crowd.UntilAsync(async () => (await token.GetAsync("users/current")).Status != HttpStatusCode.OK);

        foreach (var client in new[] { token, root, Client, Client.As("nobody") })
        {
            var reply = await client.GetAsync("experiments/search", ("max_results", "10"));
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "TEMPORARILY_UNAVAILABLE"), (reply.Status, reply.ErrorCode));
        }

        Assert.Equal(HttpStatusCode.OK, (await Client.GetAsync("/health")).Status);
    }

    [Promise]
    public async Task An_old_password_stops_working_when_a_new_one_is_set()
    {
        var root = await Client.FoundAsync();
        var ann = await root.AddAsync("ann");
        Assert.Equal("ann", await ann.NameAsync());

        (await ann.PatchAsync("users/update-password", new { username = "ann", password = "another horse battery" })).Ok();

        Assert.Equal(HttpStatusCode.Unauthorized, (await ann.GetAsync("users/current")).Status);
        Assert.Equal("ann", await Client.As("ann", "another horse battery").NameAsync());
    }

    [Promise]
    public async Task A_deleted_user_is_not_let_in_again_by_anything()
    {
        var root = await Client.FoundAsync();
        var ann = await root.AddAsync("ann");
        var token = Client.Bearing(await ann.TokenAsync("ann"));
        Assert.Equal("ann", await token.NameAsync());

        (await root.DeleteAsync("users/delete", new { username = "ann" })).Ok();
        await root.AddAsync("ann", new { name = "ann", password = "a new horse altogether" });

        Assert.Equal(HttpStatusCode.Unauthorized, (await ann.GetAsync("users/current")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await token.GetAsync("users/current")).Status);
    }

    [Promise]
    public async Task The_last_admin_can_neither_go_nor_step_down()
    {
        var root = await Client.FoundAsync();

        var gone = await root.DeleteAsync("users/delete", new { username = "root" });
        var down = await root.PatchAsync("users/update-admin", new { username = "root", is_admin = false });

        Assert.All([gone, down], reply => Assert.Equal(HttpStatusCode.Forbidden, reply.Status));
        await root.AddAsync("eve", new { name = "eve", password = Crowd.Password, is_admin = true });
        (await root.DeleteAsync("users/delete", new { username = "root" })).Ok();
    }

    private sealed record HidePeople : ChangeRequest<bool>
    {
        public override string Action => "test.hide";

        public override string Resource => "test";

        public override async Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken)
        {
            await change.ExecuteAsync($"alter table identity_epoch rename to hidden", cancellationToken);
            return true;
        }
    }
}

public sealed class AuthenticationOnSqlite() : AuthenticationContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class AuthenticationOnPostgres() : AuthenticationContract(Fresh.PostgresAsync);
