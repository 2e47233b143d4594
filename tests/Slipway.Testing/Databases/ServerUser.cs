namespace Slipway.Testing;

/// <summary>The user that PostgreSQL runs as: ourselves, or another when we are root, whom initdb refuses.</summary>
internal sealed record ServerUser(string? Name, IReadOnlyList<string> Prefix)
{
    public const string Missing =
        "PostgreSQL does not run as root, and there is no other user to run it as: it takes a user postgres or nobody, and setpriv, runuser or su.";

    public static ServerUser? Find()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return new ServerUser(null, []);
        }

        // name:password:uid:gid:...
        var users = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).ToList();
        var user = users.Find(fields => fields[0] == "postgres") ?? users.Find(fields => fields[0] == "nobody");
        return user is null || PrefixFor(user[0], user[2], user[3]) is not { } prefix ? null : new ServerUser(user[0], prefix);
    }

    /// <summary>Gives the user a folder that we made.</summary>
    public Task OwnAsync(string folder) => Name is null ? Task.CompletedTask : Command.RunAsync(["chown", Name, folder]);

    private static IReadOnlyList<string>? PrefixFor(string name, string uid, string gid)
    {
        if (Programs.Find("setpriv") is { } setpriv)
        {
            return [setpriv, $"--reuid={uid}", $"--regid={gid}", "--clear-groups", "--"];
        }

        if (Programs.Find("runuser") is { } runuser)
        {
            return [runuser, "-u", name, "--"];
        }

        return Programs.Find("su") is { } su ? [su, "-s", "/bin/sh", "-c", "exec \"$@\"", name, "--", "sh"] : null;
    }
}
