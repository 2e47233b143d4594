using System.CommandLine;
using Slipway.Wire.Registry;

namespace Slipway.Commands;

/// <summary>The two arguments that name a version: its model, and its number, its stage or an alias with an at sign.</summary>
internal sealed class ModelVersionArguments
{
    private readonly Argument<string> _name = new("NAME") { Description = "The registered model." };
    private readonly Argument<string> _version = new("VERSION") { Description = "A number, a stage (its highest version), or an alias as @champion." };

    public void AddTo(Command command)
    {
        command.Arguments.Add(_name);
        command.Arguments.Add(_version);
    }

    public string Name(Conversation talk) => talk.Get(_name);

    /// <summary>The version's number, as digits.</summary>
    /// <exception cref="UsageException">No version is meant.</exception>
    public Task<string> NumberAsync(Conversation talk, CancellationToken cancellationToken) => NumberAsync(talk, Name(talk), talk.Get(_version), cancellationToken);

    /// <summary>The same for what was typed elsewhere.</summary>
    /// <exception cref="UsageException">No version is meant.</exception>
    public static async Task<string> NumberAsync(Conversation talk, string name, string text, CancellationToken cancellationToken)
    {
        if (text.Length > 0 && text.All(char.IsAsciiDigit))
        {
            return text;
        }

        if (text.StartsWith('@'))
        {
            return (await talk.Client.GetByAliasAsync(name, text[1..], cancellationToken)).Version;
        }

        // As in MLflow's models:/NAME/STAGE.
        var held = await talk.Client.GetLatestVersionsAsync(new GetLatestVersionsRequest(name, [text]), cancellationToken);
        return held.Count > 0 ? held[0].Version : throw new UsageException($"No version of '{name}' is in {text}.");
    }
}
