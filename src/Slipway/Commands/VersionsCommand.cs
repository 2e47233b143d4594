using System.CommandLine;

namespace Slipway.Commands;

/// <summary>What is done with versions of models.</summary>
internal static class VersionsCommand
{
    public static Command Create() => new("versions", "Versions of models.")
    {
        DiffVersionsCommand.Create(),
        VersionHistoryCommand.Create(),
        RevokeVersionCommand.Create(),
    };
}
