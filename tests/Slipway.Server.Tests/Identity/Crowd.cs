using System.Text;
using Slipway.Testing;

namespace Slipway.Server.Tests.Identity;

/// <summary>The people of a test, and how they knock.</summary>
internal static class Crowd
{
    public const string Native = "/api/slipway/v1/";

    /// <summary>The password of everybody whose password does not matter.</summary>
    public const string Password = "correct horse battery";

    public static WireClient As(this WireClient client, string name, string password = Password) =>
        client.With("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}")));

    public static WireClient Bearing(this WireClient client, string token) => client.With("Authorization", $"Bearer {token}");

    /// <summary>Makes the first user, as one does on the server's machine.</summary>
    public static async Task<WireClient> FoundAsync(this WireClient nobody, string admin = "root")
    {
        (await nobody.PostAsync(Native + "users", new { name = admin, password = Password, is_admin = true })).Ok();
        return nobody.As(admin);
    }

    /// <summary>Makes a user and answers a client that is them.</summary>
    public static async Task<WireClient> AddAsync(this WireClient admin, string name, object? more = null)
    {
        (await admin.PostAsync(Native + "users", more ?? new { name, password = Password })).Ok();
        return Anew(admin).As(name);
    }

    /// <summary>Makes a token of one's own, or of a service, and answers its secret.</summary>
    public static async Task<string> TokenAsync(this WireClient maker, string owner, string scope = "all") =>
        (await maker.PostAsync($"{Native}users/{owner}/tokens", new { name = "test", scope })).Ok()["secret"]!.GetValue<string>();

    /// <summary>Who the server takes the client for.</summary>
    public static async Task<string> NameAsync(this WireClient client) => (await client.GetAsync("users/current")).Ok()["user"]!["username"]!.GetValue<string>();

    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
        {
            await Task.Yield();
        }
    }

    /// <summary>Another client of the same server that says nothing of who it is.</summary>
    public static WireClient Anew(WireClient client) => new(client.Address);
}
