using System.CommandLine;
using System.Text.Json;
using Slipway.Client;
using Slipway.Wire.Json;

namespace Slipway.Commands;

/// <summary>One run of a command: what was typed, the server, and how to answer.</summary>
internal sealed class Conversation(ParseResult parsed, SlipwayClient client, bool json)
{
    public SlipwayClient Client => client;

    /// <summary>What was typed.</summary>
    public ParseResult Parsed => parsed;

    /// <summary>Whether the answer is for a program.</summary>
    public bool IsJson => json;

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    public T Get<T>(Argument<T> argument) => parsed.GetValue(argument)!;

    /// <summary>Writes the result: the record as it came from the server, or its form for people.</summary>
    public async Task<int> AnswerAsync<T>(T result, Func<T, string> text)
    {
        await Console.Out.WriteLineAsync(json ? JsonSerializer.Serialize(result, WireJson.Of<T>()) : text(result).TrimEnd());
        return ExitCode.Done;
    }

    /// <summary>Talk, which is no result.</summary>
    public static Task SayAsync(string text) => Console.Error.WriteLineAsync(text);
}
