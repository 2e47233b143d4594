using System.Diagnostics;
using System.Net;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Identity;

/// <summary>What one process takes away stops working in every other within two seconds.</summary>
[Needs("postgres")]
public sealed class TwoServersTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private Fresh _fresh = null!;
    private SlipwayProcess _one = null!;
    private SlipwayProcess _other = null!;
    private WireClient _root = null!;
    private WireClient _far = null!;

    public async Task InitializeAsync()
    {
        _fresh = await Fresh.PostgresAsync();
        _one = await SlipwayProcess.StartAsync(_fresh);
        _other = await SlipwayProcess.StartAsync(_fresh);
        _root = await new WireClient(_one.Address).FoundAsync();
        _far = new WireClient(_other.Address);
    }

    public async Task DisposeAsync()
    {
        _root.Dispose();
        _far.Dispose();
        await _one.DisposeAsync();
        await _other.DisposeAsync();
        await _fresh.DisposeAsync();
    }

    [Promise]
    public async Task The_other_process_asks_who_everybody_is_soon_after_the_first_user() =>
        await WithinAsync(async () => (await _far.GetAsync("experiments/search")).Status == HttpStatusCode.Unauthorized);

    [Promise]
    public async Task A_revoked_token_a_changed_password_and_a_lost_role_stop_working_everywhere()
    {
        var ann = await _root.AddAsync("ann", new { name = "ann", password = Crowd.Password, is_admin = true });
        var made = (await ann.PostAsync(Crowd.Native + "users/ann/tokens", new { name = "far" })).Ok();
        var (token, password) = (_far.Bearing(made["secret"]!.GetValue<string>()), _far.As("ann"));
        await WithinAsync(async () => await StatusAsync(token) == HttpStatusCode.OK && await StatusAsync(password) == HttpStatusCode.OK);

        (await ann.DeleteAsync($"{Crowd.Native}tokens/{made["token"]!["id"]}")).Ok();
        await WithinAsync(async () => await StatusAsync(token) == HttpStatusCode.Unauthorized);

        (await _root.PatchAsync("users/update-admin", new { username = "ann", is_admin = false })).Ok();
        await WithinAsync(async () => await StatusAsync(password) == HttpStatusCode.Forbidden);

        (await _root.PatchAsync("users/update-password", new { username = "ann", password = "another horse battery" })).Ok();
        await WithinAsync(async () => await StatusAsync(password) == HttpStatusCode.Unauthorized);
    }

    [Promise]
    public async Task A_membership_that_ends_takes_its_rights_along_everywhere()
    {
        await _root.AddAsync("ann");
        (await _root.PostAsync("registered-models/create", new { name = "iris" })).Ok();
        (await _root.PostAsync(Crowd.Native + "groups", new { name = "team" })).Ok();
        (await _root.PostAsync(Crowd.Native + "groups/team/members", new { user = "ann" })).Ok();
        (await _root.PostAsync(Crowd.Native + "models/iris/permissions", new { group = "team", permission = "EDIT" })).Ok();
        var ann = _far.As("ann");
        await WithinAsync(async () => (await TagAsync(ann)).Status == HttpStatusCode.OK);

        (await _root.DeleteAsync(Crowd.Native + "groups/team/members/ann")).Ok();

        await WithinAsync(async () => (await TagAsync(ann)).Status == HttpStatusCode.Forbidden);
    }

    private static Task<WireReply> TagAsync(WireClient client) => client.PostAsync("registered-models/set-tag", new { name = "iris", key = "a", value = "b" });

    // A list that takes an admin, so that it tells a lost role from a lost credential.
    private static async Task<HttpStatusCode> StatusAsync(WireClient client) => (await client.GetAsync(Crowd.Native + "users")).Status;

    private static async Task WithinAsync(Func<Task<bool>> condition)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(begun) < Limit, "It took longer than two seconds.");
        }
    }
}
