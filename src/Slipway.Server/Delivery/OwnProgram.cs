namespace Slipway.Server.Delivery;

/// <summary>How this program is started once more.</summary>
internal static class OwnProgram
{
    /// <summary>The executable, or .NET's with the program as its first argument.</summary>
    public static IReadOnlyList<string> Command { get; } = Find();

    private static IReadOnlyList<string> Find()
    {
        var process = Environment.ProcessPath ?? "dotnet";
        if (Path.GetFileNameWithoutExtension(process) == "slipway")
        {
            return [process];
        }

        // Run by dotnet, and in tests inside of their own host.
        var program = Path.Join(AppContext.BaseDirectory, "slipway.dll");
        return File.Exists(program) ? [Path.GetFileNameWithoutExtension(process) == "dotnet" ? process : "dotnet", program] : ["slipway"];
    }
}
