using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Slipway.Server.Routing;
using Slipway.Server.Tests.Identity;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Matrix;

/// <summary>Every route of the server knocked at by every kind of caller, compared with a file that people have looked at.</summary>
/// <remarks>A route without a row fails. <c>SLIPWAY_TEST_REWRITE=1</c> writes the file anew; look at what changed before it is committed.</remarks>
public sealed class RouteMatrixTests : IAsyncLifetime
{
    private const string Nobody = "nobody";
    private const string Unpermitted = "none";
    private const string Pass = "pass";

    private static readonly string[] Roles = [Nobody, Unpermitted, "reader", "editor", "manager", "promoter", "approver", "auditor", "admin", "token"];

    // The token is a manager's, and may only read.
    private static readonly Dictionary<string, string[]> Grants = new()
    {
        ["reader"] = ["READ"],
        ["editor"] = ["EDIT"],
        ["manager"] = ["MANAGE"],
        ["promoter"] = ["READ", "promote"],
        ["approver"] = ["READ", "approve"],
        ["token"] = ["MANAGE"],
    };

    private readonly Dictionary<string, WireClient> _clients = [];
    private Fresh _fresh = null!;
    private SlipwayServer _server = null!;
    private Universe _universe = null!;

    public async Task InitializeAsync()
    {
        _fresh = await Fresh.SqliteAsync();
        _server = await SlipwayServer.StartAsync(new ServerOptions { Port = 0, Data = _fresh.Folder, DefaultPermission = "NO_PERMISSIONS", Gateways = false });
        var nobody = new WireClient(_server.Address);
        var root = await nobody.FoundAsync();
        root = nobody.Bearing(await root.TokenAsync("root"));
        foreach (var role in Roles.Except([Nobody]))
        {
            (await root.PostAsync(Crowd.Native + "users", new { name = role, kind = "service", is_auditor = role == "auditor", is_admin = role == "admin" })).Ok();
            _clients[role] = nobody.Bearing(await root.TokenAsync(role, role == "token" ? "read" : "all"));
        }

        _clients[Nobody] = nobody;
        _universe = new Universe(root, Grants);
        await _universe.RenewAsync();
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _fresh.DisposeAsync();
    }

    [Fact]
    public async Task Every_route_decides_for_every_role_as_the_file_says_and_every_alias_decides_the_same()
    {
        var rows = new SortedDictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var route in _server.Routes.Routes)
        {
            rows.Add($"{route.Method} {route.Pattern}", await RowAsync(route));
        }

        AssertNobodyIsLetIn(rows);
        AssertAliasesAgree(rows);
        AssertSameAsFile(rows);
    }

    [Fact]
    public async Task No_other_spelling_of_a_path_lets_anybody_past()
    {
        foreach (var route in _server.Routes.Routes.Where(route => route.Permission != Permission.None))
        {
            var (path, content) = _universe.Request(route);
            var (bare, query) = (path[..path.IndexOf('?', StringComparison.Ordinal)], path[path.IndexOf('?', StringComparison.Ordinal)..]);
            foreach (var other in new[] { bare + "/", bare + "//", "/" + bare, bare.Replace("/", "//", StringComparison.Ordinal), bare.ToUpperInvariant(), "/x/.." + bare, "/." + bare, bare + "%20", bare + ";a", bare.Replace("/api/", "/%61pi/", StringComparison.Ordinal) })
            {
                var reply = await RawHttp.SendAsync(_server.Address, $"{route.Method} {other}{query} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                Assert.True(other == bare || reply!.Status is 401 or 403 or 404 or 405, $"{route.Method} {other}: {reply?.Status}");
            }

            content?.Dispose();
        }
    }

    private async Task<string[]> RowAsync(Route route)
    {
        var cells = new List<string>();
        foreach (var role in Roles)
        {
            var (path, content) = _universe.Request(route);
            var reply = await _clients[role].SendAsync(new HttpMethod(route.Method), path, content);
            Assert.True((int)reply.Status < 500 || reply.Status == HttpStatusCode.NotImplemented, $"{route.Method} {route.Pattern} for {role}: {reply.Text}");
            cells.Add(reply.Status switch
            {
                HttpStatusCode.Unauthorized => "401",
                HttpStatusCode.Forbidden => "403",
                _ => Pass,
            });
            if ((int)reply.Status < 300 && MayDestroy(route))
            {
                await _universe.RenewAsync();
            }
        }

        return [.. cells];
    }

    // Writing into what there is changes nobody's rights on it.
    private static bool MayDestroy(Route route) => route.Method is not ("GET" or "HEAD")
        && (route.Method == "DELETE" || route.Permission >= Permission.Manage || route.Pattern.EndsWith("rename", StringComparison.Ordinal) || route.Pattern.EndsWith("/rollback", StringComparison.Ordinal));

    // A request that fails before its caller is judged would pass for everybody, and tell nothing.
    private void AssertNobodyIsLetIn(SortedDictionary<string, string[]> rows)
    {
        foreach (var route in _server.Routes.Routes)
        {
            Assert.True(rows[$"{route.Method} {route.Pattern}"][0] == "401" || route.Permission == Permission.None, $"{route.Method} {route.Pattern} does not ask who is there.");
        }

        Assert.Empty(_server.Routes.Routes
            .Where(route => route.Permission > Permission.Known && rows[$"{route.Method} {route.Pattern}"][1] != "403")
            .Select(route => $"{route.Method} {route.Pattern} lets in whoever has no permissions."));
    }

    private static void AssertAliasesAgree(SortedDictionary<string, string[]> rows)
    {
        foreach (var aliases in rows.GroupBy(row => row.Key.Replace("/ajax-api/", "/api/", StringComparison.Ordinal).Replace("/preview/", "/", StringComparison.Ordinal)))
        {
            Assert.True(aliases.Select(row => string.Join(' ', row.Value)).Distinct().Count() == 1, $"The paths of {aliases.Key} decide differently.");
        }
    }

    private static void AssertSameAsFile(SortedDictionary<string, string[]> rows, [CallerFilePath] string here = "")
    {
        var file = Path.Join(Path.GetDirectoryName(here), "RouteMatrix.txt");
        var text = TextOf(rows);
        if (Environment.GetEnvironmentVariable("SLIPWAY_TEST_REWRITE") == "1")
        {
            File.WriteAllText(file, text);
        }

        var differences = text.Split('\n').Except(File.ReadAllText(file).Split('\n')).Concat(File.ReadAllText(file).Split('\n').Except(text.Split('\n'))).ToList();
        Assert.True(differences.Count == 0, $"RouteMatrix.txt says otherwise of (SLIPWAY_TEST_REWRITE=1 writes it anew):\n{string.Join('\n', differences)}");
    }

    private static string TextOf(SortedDictionary<string, string[]> rows)
    {
        var width = rows.Keys.Max(key => key.Length);
        var text = new StringBuilder().Append("# 401: who are you? 403: you may not. pass: whatever else the answer is.\n").Append(Line("", Roles, width));
        foreach (var (route, cells) in rows)
        {
            text.Append(Line(route, cells, width));
        }

        return text.ToString();
    }

    private static string Line(string route, string[] cells, int width) => $"{route.PadRight(width)}  {string.Join(' ', cells.Select(cell => cell.PadRight(8)))}".TrimEnd() + "\n";
}
