using System.Globalization;

namespace Slipway.Testing;

/// <summary>Where PostgreSQL's programs are on this machine.</summary>
internal static class PostgresBinaries
{
    public const string Missing =
        "PostgreSQL is not here: no initdb on PATH or in /usr/lib/postgresql; install postgresql or set SLIPWAY_TEST_POSTGRES.";

    /// <summary>The folder of initdb and postgres: the one on PATH, else Debian's newest.</summary>
    public static string? Find() => Programs.Folders().Concat(Debian()).FirstOrDefault(folder =>
        File.Exists(Path.Join(folder, "initdb")) && File.Exists(Path.Join(folder, "postgres")));

    // Debian keeps all but the clients off PATH, one folder for each major version.
    private static IEnumerable<string> Debian()
    {
        var root = new DirectoryInfo("/usr/lib/postgresql");
        return root.Exists
            ? root.GetDirectories().OrderByDescending(Version).Select(version => Path.Join(version.FullName, "bin"))
            : [];
    }

    private static double Version(DirectoryInfo folder) =>
        double.TryParse(folder.Name, CultureInfo.InvariantCulture, out var version) ? version : 0;
}
