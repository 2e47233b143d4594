using System.Net;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Identity;

/// <summary>Who may do what, by whose word.</summary>
public abstract class PermissionsContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    private WireClient _root = null!;
    private WireClient _ann = null!;
    private WireClient _bob = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _root = await Client.FoundAsync();
        (_ann, _bob) = (await _root.AddAsync("ann"), await _root.AddAsync("bob"));
    }

    [Promise]
    public async Task Whoever_makes_a_model_manages_it_and_others_only_read()
    {
        await CreateAsync(_ann, "iris");

        (await _bob.GetAsync("registered-models/get", ("name", "iris"))).Ok();
        var denied = await _bob.PatchAsync("registered-models/update", new { name = "iris", description = "mine" });
        (await _ann.PatchAsync("registered-models/update", new { name = "iris", description = "mine" })).Ok();

        Assert.Equal((HttpStatusCode.Forbidden, "PERMISSION_DENIED"), (denied.Status, denied.ErrorCode));
        var granted = (await _ann.GetAsync("users/get", ("username", "ann"))).Ok()["user"]!["registered_model_permissions"]!.AsArray();
        Assert.Equal(("iris", "MANAGE"), (granted[0]!["name"]!.GetValue<string>(), granted[0]!["permission"]!.GetValue<string>()));
    }

    [Promise]
    public async Task Mlflows_permission_endpoints_create_get_update_and_delete()
    {
        await CreateAsync(_ann, "iris");
        var id = (await _ann.PostAsync("experiments/create", new { name = "iris" })).Ok()["experiment_id"]!.GetValue<string>();
        foreach (var (path, key, value) in new[] { ("registered-models/permissions/", "name", "iris"), ("experiments/permissions/", "experiment_id", id) })
        {
            object Body(string? permission = null) => permission is null
                ? new Dictionary<string, string> { [key] = value, ["username"] = "bob" }
                : new Dictionary<string, string> { [key] = value, ["username"] = "bob", ["permission"] = permission };
            Task<WireReply> GetAsync() => _ann.GetAsync(path + "get", (key, value), ("username", "bob"));

            Assert.Equal("RESOURCE_DOES_NOT_EXIST", (await GetAsync()).ErrorCode);
            Assert.Equal("RESOURCE_DOES_NOT_EXIST", (await _ann.PatchAsync(path + "update", Body("EDIT"))).ErrorCode);
            var made = (await _ann.PostAsync(path + "create", Body("EDIT"))).Ok();
            Assert.Equal("EDIT", made.AsObject().Single().Value!["permission"]!.GetValue<string>());
            Assert.Equal(value, made.AsObject().Single().Value![key]!.GetValue<string>());
            Assert.Equal("RESOURCE_ALREADY_EXISTS", (await _ann.PostAsync(path + "create", Body("EDIT"))).ErrorCode);
            Assert.Equal("INVALID_PARAMETER_VALUE", (await _ann.PatchAsync(path + "update", Body("OWN"))).ErrorCode);
            Assert.Equal("{}", (await _ann.PatchAsync(path + "update", Body("NO_PERMISSIONS"))).Text);
            Assert.Equal("NO_PERMISSIONS", (await GetAsync()).Ok().AsObject().Single().Value!["permission"]!.GetValue<string>());
            Assert.Equal("{}", (await _ann.DeleteAsync(path + "delete", Body())).Text);
            Assert.Equal("RESOURCE_DOES_NOT_EXIST", (await GetAsync()).ErrorCode);
            Assert.Equal(HttpStatusCode.Forbidden, (await _bob.PostAsync(path + "create", Body("MANAGE"))).Status);
        }
    }

    [Promise]
    public async Task Permissions_are_granted_only_on_what_exists_to_those_who_exist()
    {
        await CreateAsync(_ann, "iris");

        var noModel = await _root.PostAsync("registered-models/permissions/create", new { name = "nope", username = "bob", permission = "READ" });
        var noExperiment = await _root.PostAsync("experiments/permissions/create", new { experiment_id = "999", username = "bob", permission = "READ" });
        var noUser = await _root.PostAsync("registered-models/permissions/create", new { name = "iris", username = "nobody", permission = "READ" });

        Assert.All([noModel, noExperiment, noUser], reply => Assert.Equal("RESOURCE_DOES_NOT_EXIST", reply.ErrorCode));
    }

    [Promise]
    public async Task What_is_said_of_a_user_wins_over_their_groups_and_those_over_the_default()
    {
        await CreateAsync(_ann, "iris");
        await GroupAsync("team", "bob");
        await GrantAsync(_ann, "iris", new { group = "team", permission = "EDIT" });
        (await _bob.PostAsync("registered-models/set-tag", new { name = "iris", key = "a", value = "b" })).Ok();

        await GrantAsync(_ann, "iris", new { user = "bob", permission = "NO_PERMISSIONS" });
        Assert.Equal(HttpStatusCode.Forbidden, (await _bob.GetAsync("registered-models/get", ("name", "iris"))).Status);

        (await _ann.DeleteAsync(Crowd.Native + "models/iris/permissions", new { user = "bob", permission = "NO_PERMISSIONS" })).Ok();
        (await _root.DeleteAsync(Crowd.Native + "groups/team/members/bob")).Ok();
        (await _bob.GetAsync("registered-models/get", ("name", "iris"))).Ok();
        Assert.Equal(HttpStatusCode.Forbidden, (await _bob.PostAsync("registered-models/set-tag", new { name = "iris", key = "a", value = "b" })).Status);
    }

    [Promise]
    public async Task Promoting_approving_and_breaking_the_glass_are_granted_by_admins_alone()
    {
        await CreateAsync(_ann, "iris");
        foreach (var permission in new[] { "promote", "approve", "break-glass" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await _ann.PostAsync(Crowd.Native + "models/iris/permissions", new { user = "ann", permission })).Status);
            await GrantAsync(_root, "iris", new { user = "bob", permission });
        }

        var listed = (await _ann.GetAsync(Crowd.Native + "models/iris/permissions")).Ok()["permissions"]!.AsArray();
        Assert.Equal("""[{"user":"ann","level":"MANAGE","promote":false,"approve":false,"break_glass":false},{"user":"bob","promote":true,"approve":true,"break_glass":true}]""", listed.ToJsonString());
        Assert.Equal(HttpStatusCode.Forbidden, (await _bob.GetAsync(Crowd.Native + "models/iris/permissions")).Status);
        Assert.Equal(4, (await ColumnAsync($"select seq from audit where action = 'permission.grant' and outcome = 'done' or action = 'model.create'")).Count);

        // Of what one person is refused in a minute, one entry tells; the others are counted.
        Assert.Single(await ColumnAsync($"select seq from audit where action = 'permission.grant' and outcome = 'refused'"));
    }

    [Promise]
    public async Task A_later_model_of_the_same_name_inherits_nothing_and_a_renamed_one_keeps_everything()
    {
        await CreateAsync(_ann, "iris");
        await GrantAsync(_ann, "iris", new { user = "bob", permission = "MANAGE" });
        (await _ann.PostAsync("registered-models/rename", new { name = "iris", new_name = "lily" })).Ok();
        (await _bob.PatchAsync("registered-models/update", new { name = "lily", description = "kept" })).Ok();

        (await _bob.DeleteAsync("registered-models/delete", new { name = "lily" })).Ok();
        await CreateAsync(_root, "lily");

        Assert.Equal(HttpStatusCode.Forbidden, (await _bob.PatchAsync("registered-models/update", new { name = "lily", description = "mine" })).Status);
    }

    [Promise]
    public async Task Searches_leave_out_what_may_not_be_read_and_their_pages_stay_full()
    {
        for (var i = 0; i < 12; i++)
        {
            await CreateAsync(_ann, $"m{i:00}");
            await VersionAsync($"m{i:00}");
            var id = (await _ann.PostAsync("experiments/create", new { name = $"e{i:00}" })).Ok()["experiment_id"]!.GetValue<string>();
            (await _ann.PostAsync("runs/create", new { experiment_id = id, start_time = i })).Ok();
            if (i % 2 == 0)
            {
                await GrantAsync(_ann, $"m{i:00}", new { user = "bob", permission = "NO_PERMISSIONS" });
                (await _ann.PostAsync("experiments/permissions/create", new { experiment_id = id, username = "bob", permission = "NO_PERMISSIONS" })).Ok();
            }
        }

        var odd = Enumerable.Range(0, 6).Select(i => $"{(2 * i) + 1:00}").ToList();
        Assert.Equal(odd.Select(n => "m" + n), await PagesAsync("registered-models/search", "registered_models", model => model["name"]!.GetValue<string>(), "name ASC"));
        Assert.Equal(odd.Select(n => "m" + n), (await PagesAsync("model-versions/search", "model_versions", version => version["name"]!.GetValue<string>(), "name ASC")));
        Assert.Equal(odd.Select(n => "e" + n), (await PagesAsync("experiments/search", "experiments", experiment => experiment["name"]!.GetValue<string>(), "name ASC")).Where(name => name != "Default"));
        var ids = (await _root.GetAsync("experiments/search", ("max_results", "100"))).Ok()["experiments"]!.AsArray().Select(experiment => experiment!["experiment_id"]!.GetValue<string>()).ToList();
        Assert.Equal(6, (await _bob.PostAsync("runs/search", new { experiment_ids = ids })).Ok()["runs"]!.AsArray().Count);
        Assert.Equal(12, (await _root.PostAsync("runs/search", new { experiment_ids = ids })).Ok()["runs"]!.AsArray().Count);
    }

    [Promise]
    public async Task People_see_themselves_and_auditors_and_admins_see_everybody()
    {
        var eve = await _root.AddAsync("eve", new { name = "eve", password = Crowd.Password, is_auditor = true });

        (await _bob.GetAsync(Crowd.Native + "users/bob")).Ok();
        (await eve.GetAsync(Crowd.Native + "users/bob")).Ok();
        (await eve.GetAsync(Crowd.Native + "users")).Ok();
        foreach (var path in new[] { "users/ann", "users/nobody", "users", "users/ann/tokens", "users/ann/permissions", "groups" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await _bob.GetAsync(Crowd.Native + path)).Status);
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await eve.PostAsync("users/create", new { username = "x", password = Crowd.Password })).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _bob.GetAsync("users/get", ("username", "ann"))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _bob.GetAsync("users/list")).Status);
    }

    [Promise]
    public async Task Nobody_gets_the_word_of_somebody_else()
    {
        Assert.Equal(HttpStatusCode.Forbidden, (await _bob.PostAsync(Crowd.Native + "users/ann/tokens", new { name = "hers" })).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _root.PostAsync(Crowd.Native + "users/ann/tokens", new { name = "hers" })).Status);

        (await _root.PostAsync(Crowd.Native + "users", new { name = "ci", kind = "service" })).Ok();
        var ci = Client.Bearing(await _root.TokenAsync("ci", "read edit"));
        Assert.Equal("service", (await ci.GetAsync(Crowd.Native + "me")).Ok()["kind"]!.GetValue<string>());
        Assert.Equal("INVALID_PARAMETER_VALUE", (await _root.PutAsync(Crowd.Native + "users/ci/password", new { password = Crowd.Password })).Body!["code"]!.GetValue<string>());
    }

    [Promise]
    public async Task Ones_own_password_takes_the_current_one_unless_the_request_was_made_with_it()
    {
        var token = Client.Bearing(await _ann.TokenAsync("ann"));
        object Change(string? current) => new { username = "ann", password = "another horse battery", current_password = current };

        Assert.Equal("INVALID_PARAMETER_VALUE", (await token.PatchAsync("users/update-password", Change(null))).ErrorCode);
        Assert.Equal("INVALID_PARAMETER_VALUE", (await token.PatchAsync("users/update-password", Change("wrong horse battery"))).ErrorCode);
        Assert.Equal("INVALID_PARAMETER_VALUE", (await _ann.PatchAsync("users/update-password", Change("wrong horse battery"))).ErrorCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await _bob.PatchAsync("users/update-password", Change(Crowd.Password))).Status);
        Assert.Equal("INVALID_PARAMETER_VALUE", (await _ann.PatchAsync("users/update-password", new { username = "ann", password = "short" })).ErrorCode);
        (await token.PatchAsync("users/update-password", Change(Crowd.Password))).Ok();
        (await Client.As("ann", "another horse battery").GetAsync("users/current")).Ok();
    }

    [Promise]
    public async Task Names_and_passwords_that_can_not_be_are_refused()
    {
        foreach (var name in new[] { "", "a:b", "a/b", " a", "a\n", "a\0b", "anonymous", "Slipway", new string('x', 129) })
        {
            Assert.Equal("INVALID_PARAMETER_VALUE", (await _root.PostAsync("users/create", new { username = name, password = Crowd.Password })).ErrorCode);
        }

        foreach (var password in new[] { "", "elevenchars", "slw_looks_like_a_token", new string('x', 1025) })
        {
            Assert.Equal("INVALID_PARAMETER_VALUE", (await _root.PostAsync("users/create", new { username = "carl", password })).ErrorCode);
        }

        Assert.Equal("RESOURCE_ALREADY_EXISTS", (await _root.PostAsync("users/create", new { username = "ann", password = Crowd.Password })).ErrorCode);
        Assert.Equal("INVALID_PARAMETER_VALUE", (await _root.SendTextAsync(HttpMethod.Post, "users/create", "username=carl", "application/x-www-form-urlencoded")).ErrorCode);
    }

    private static async Task CreateAsync(WireClient client, string name) => (await client.PostAsync("registered-models/create", new { name })).Ok();

    private static async Task GrantAsync(WireClient client, string model, object grant) => (await client.PostAsync($"{Crowd.Native}models/{model}/permissions", grant)).Ok();

    private async Task VersionAsync(string name) => (await _ann.PostAsync("model-versions/create", new { name, source = "s3://bucket/model" })).Ok();

    private async Task GroupAsync(string name, string member)
    {
        (await _root.PostAsync(Crowd.Native + "groups", new { name })).Ok();
        (await _root.PostAsync($"{Crowd.Native}groups/{name}/members", new { user = member })).Ok();
    }

    // Every page but the last has to be full.
    private async Task<List<string>> PagesAsync(string path, string list, Func<System.Text.Json.Nodes.JsonNode, string> name, string order)
    {
        const int Size = 2;
        var all = new List<string>();
        string? token = null;
        do
        {
            var page = (await _bob.GetAsync(path, [("max_results", Size.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("order_by", order), .. token is null ? [] : new[] { ("page_token", token) }])).Ok();
            var items = page[list]?.AsArray() ?? [];
            token = page["next_page_token"]?.GetValue<string>();
            Assert.True(items.Count == Size || string.IsNullOrEmpty(token));
            all.AddRange(items.Select(item => name(item!)));
        }
        while (!string.IsNullOrEmpty(token));

        return all;
    }
}

public sealed class PermissionsOnSqlite() : PermissionsContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class PermissionsOnPostgres() : PermissionsContract(Fresh.PostgresAsync);
