using System.Text;

namespace Slipway.Commands.People;

/// <summary>Secrets are asked from the terminal or read from stdin: arguments stand in the shell's history and in everybody's list of processes.</summary>
internal static class Secrets
{
    /// <summary>A new password: asked twice, or the first line of stdin.</summary>
    public static async Task<string> AskNewPasswordAsync(string name)
    {
        if (Console.IsInputRedirected)
        {
            return await AskAsync("");
        }

        var password = await AskAsync($"New password of {name}: ");
        return password == await AskAsync("Once more: ") ? password : throw new UsageException("The two passwords differ.");
    }

    /// <summary>Something that must not be seen: asked without echo, or the next line of stdin.</summary>
    public static async Task<string> AskAsync(string question)
    {
        if (Console.IsInputRedirected)
        {
            return await Console.In.ReadLineAsync() is { Length: > 0 } line ? line : throw new UsageException("Nothing came from stdin, where a secret was expected as one line.");
        }

        await Console.Error.WriteAsync(question);
        var secret = ReadHidden();
        await Console.Error.WriteLineAsync();
        return secret;
    }

    private static string ReadHidden()
    {
        var text = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                text.Length = Math.Max(0, text.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                text.Append(key.KeyChar);
            }
        }

        return text.ToString();
    }
}
