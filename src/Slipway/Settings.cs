using System.Text.Json;
using Slipway.Server;

namespace Slipway;

/// <summary>Puts the server's options together: a flag wins over the environment, and that over the file.</summary>
internal static class Settings
{
    /// <param name="file">The file that a flag names.</param>
    /// <param name="flag">The value of a flag; null when it was not given, empty when it stood alone.</param>
    /// <exception cref="OptionsException">What could not be understood, all of it at once.</exception>
    public static ServerOptions Read(string? file, Func<string, string?> flag)
    {
        var options = new ServerOptions();
        var problems = new List<string>();
        var fromFile = ReadFile(file ?? Environment.GetEnvironmentVariable("SLIPWAY_CONFIG"), problems);
        foreach (var setting in Setting.All)
        {
            var value = flag(setting.Name) ?? Environment.GetEnvironmentVariable(setting.Variable) ?? fromFile.GetValueOrDefault(setting.Name);
            if (value is not null && !setting.Apply(options, value.Length == 0 ? bool.TrueString : value))
            {
                problems.Add($"{setting.Name} can't be '{value}'. {setting.Description}");
            }
        }

        return problems.Count == 0 ? options : throw new OptionsException(problems);
    }

    private static Dictionary<string, string> ReadFile(string? file, List<string> problems)
    {
        if (string.IsNullOrEmpty(file))
        {
            return [];
        }

        try
        {
            using var json = JsonDocument.Parse(File.ReadAllText(file), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            var values = json.RootElement.EnumerateObject().ToDictionary(property => property.Name, property => property.Value.ToString());
            problems.AddRange(values.Keys.Except(Setting.All.Select(setting => setting.Name)).Select(key =>
                $"{file}: there is no setting '{key}'; there are {string.Join(", ", Setting.All.Select(setting => setting.Name))}."));
            return values;
        }
        catch (Exception exception) when (exception is IOException or JsonException or InvalidOperationException or UnauthorizedAccessException)
        {
            problems.Add($"{file} can't be read as a JSON object: {exception.Message}");
            return [];
        }
    }
}
