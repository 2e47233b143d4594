namespace Slipway.Testing;

/// <summary>Programs on PATH.</summary>
internal static class Programs
{
    public static IEnumerable<string> Folders() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    public static string? Find(string name) => Folders().Select(folder => Path.Join(folder, name)).FirstOrDefault(File.Exists);
}
