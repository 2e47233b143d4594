using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Commands.People;

/// <summary>What <c>slipway login</c> keeps in the user's own folder, readable by that user alone.</summary>
/// <param name="Server">The address that was logged in to; the token goes nowhere else.</param>
/// <param name="Token">The token.</param>
/// <param name="TokenId">The token's number where login made it, so that logout can revoke it.</param>
internal sealed record StoredLogin(string Server, string Token, long? TokenId)
{
    /// <summary><c>~/.config/slipway/login.json</c>, or below <c>XDG_CONFIG_HOME</c>.</summary>
    public static string File => Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "slipway", "login.json");

    /// <exception cref="IOException">It is there and can't be read.</exception>
    public static StoredLogin? Find()
    {
        try
        {
            return JsonSerializer.Deserialize(System.IO.File.ReadAllText(File), StoredLoginJson.Default.StoredLogin);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException exception)
        {
            throw new IOException($"{File} can't be understood: {exception.Message} Run 'slipway login' again.", exception);
        }
    }

    /// <summary>The token, if it was given for this very server.</summary>
    public string? TokenFor(Uri server) => new Uri(Server.TrimEnd('/')) == new Uri(server.ToString().TrimEnd('/')) ? Token : null;

    public void Save()
    {
        var folder = Path.GetDirectoryName(File)!;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        // Made anew with its mode and put in place as a whole, so that it is never readable by others, not even for a moment.
        var fresh = $"{File}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(fresh, options))
        {
            JsonSerializer.Serialize(stream, this, StoredLoginJson.Default.StoredLogin);
        }

        System.IO.File.Move(fresh, File, overwrite: true);
    }

    public static void Forget() => System.IO.File.Delete(File);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StoredLogin))]
internal sealed partial class StoredLoginJson : JsonSerializerContext;
