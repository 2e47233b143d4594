using System.Text.Json.Nodes;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Identity;

/// <summary>Looking after people from the command line.</summary>
public sealed class PeopleCommandTests : IAsyncLifetime
{
    private Fresh _fresh = null!;
    private SlipwayProcess _server = null!;
    private string _home = null!;

    public async Task InitializeAsync()
    {
        _fresh = await Fresh.SqliteAsync();
        _home = Directory.CreateDirectory(Path.Join(_fresh.Folder, "home")).FullName;
        _server = await SlipwayProcess.StartAsync(_fresh);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _fresh.DisposeAsync();
    }

    [Fact]
    public async Task From_the_first_admin_to_a_service_that_works_and_a_logout()
    {
        await OkAsync(Crowd.Password, "users", "add", "root", "--admin", "--server", Server);
        Assert.Equal(1, (await RunAsync("", "users", "list", "--server", Server)).Code);
        await OkAsync(Crowd.Password, "login", "--server", Server, "--user", "root");
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(LoginFile));
        }

        Assert.Equal("root", (await JsonAsync("users", "show"))["name"]!.GetValue<string>());
        await OkAsync("", "users", "add", "ci", "--service");
        await OkAsync(Crowd.Password, "users", "add", "ann");
        await OkAsync("", "users", "set-roles", "ann", "--auditor", "true");
        await OkAsync("", "groups", "add", "team");
        await OkAsync("", "groups", "add-member", "team", "ci");
        Assert.Equal("team: ci", await OkAsync("", "groups", "show", "team"));
        using var client = new WireClient(_server.Address).As("root");
        (await client.PostAsync("registered-models/create", new { name = "iris" })).Ok();
        await OkAsync("", "permissions", "grant", "EDIT", "--model", "iris", "--group", "team");
        await OkAsync("", "permissions", "grant", "promote", "--model", "iris", "--user", "ci");
        Assert.Contains("group team", await OkAsync("", "permissions", "list", "--user", "ci"), StringComparison.Ordinal);
        Assert.Equal(3, (await JsonAsync("permissions", "list", "--model", "iris"))["permissions"]!.AsArray().Count);

        var secret = await OkAsync("", "tokens", "create", "nightly", "--user", "ci", "--scope", "read,edit", "--expires", "90d");
        Assert.StartsWith("slw_", secret, StringComparison.Ordinal);
        Assert.Equal("ci", (await JsonAsync("users", "show", "--token", secret))["name"]!.GetValue<string>());
        var token = (await JsonAsync("tokens", "list", "--user", "ci"))["tokens"]![0]!["id"]!.ToString();
        await OkAsync("", "tokens", "revoke", token);
        Assert.Equal(1, (await RunAsync("", "users", "show", "--token", secret)).Code);

        await OkAsync("", "permissions", "revoke", "promote", "--model", "iris", "--user", "ci");
        await OkAsync("", "groups", "remove-member", "team", "ci");
        await OkAsync("", "groups", "remove", "team");
        await OkAsync("", "users", "remove", "ci");
        await OkAsync(Crowd.Password + "\nanother horse battery", "users", "set-password", "root");
        await OkAsync("", "logout");
        Assert.False(File.Exists(LoginFile));
        using var after = new WireClient(_server.Address).As("root", "another horse battery");
        Assert.NotNull((await after.GetAsync(Crowd.Native + "users/root/tokens")).Ok()["tokens"]![0]!["revoked_at"]);
    }

    [Fact]
    public async Task A_remembered_token_goes_to_no_other_server()
    {
        await OkAsync(Crowd.Password, "users", "add", "root", "--admin", "--server", Server);
        await OkAsync(Crowd.Password, "login", "--server", Server, "--user", "root");
        await using var fresh = await Fresh.SqliteAsync();
        await using var stranger = await SlipwayProcess.StartAsync(fresh, ["--authentication", "required"]);

        var (code, _, errors) = await RunAsync("", "users", "show", "--server", stranger.Address.ToString());

        Assert.Equal(1, code);
        Assert.Contains("asks who you are", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_greeting_shows_how_to_make_the_first_admin_where_authentication_is_required()
    {
        await using var fresh = await Fresh.SqliteAsync();
        await using var asking = await SlipwayProcess.StartAsync(fresh, ["--authentication", "required"]);
        var token = await WordAfterAsync(asking, "--setup-token");

        await OkAsync(Crowd.Password, "users", "add", "root", "--admin", "--server", asking.Address.ToString(), "--setup-token", token);

        Assert.Equal(1, (await RunAsync(Crowd.Password, "users", "add", "eve", "--admin", "--server", asking.Address.ToString(), "--setup-token", token)).Code);
    }

    private string Server => _server.Address.ToString();

    private string LoginFile => Path.Join(_home, "slipway", "login.json");

    private static async Task<string> WordAfterAsync(SlipwayProcess process, string word)
    {
        while (true)
        {
            if (process.Output.FirstOrDefault(line => line.Contains(word, StringComparison.Ordinal)) is { } line)
            {
                return line[(line.IndexOf(word, StringComparison.Ordinal) + word.Length)..].Trim();
            }

            await Task.Yield();
        }
    }

    private async Task<JsonNode> JsonAsync(params string[] arguments) => JsonNode.Parse(await OkAsync("", [.. arguments, "--json"]))!;

    private async Task<string> OkAsync(string input, params string[] arguments)
    {
        var (code, output, errors) = await RunAsync(input, arguments);
        Assert.True(code == 0, $"{string.Join(' ', arguments)}: {code} {errors}");
        return output.Trim();
    }

    private Task<(int Code, string Output, string Errors)> RunAsync(string input, params string[] arguments) =>
        new SlipwayCommand(arguments) { Input = input + '\n', Environment = new Dictionary<string, string> { ["XDG_CONFIG_HOME"] = _home } }.RunAsync();
}
