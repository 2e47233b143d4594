using System.CommandLine;
using Slipway.Commands.Lineage;

namespace Slipway.Commands;

/// <summary>What is done with versions of models.</summary>
internal static class VersionsCommand
{
    public static Command Create() => new("versions", "Versions of models.")
    {
        DiffVersionsCommand.Create(),
        VersionHistoryCommand.Create(),
        LineageCommands.CreateForVersion(),
        RevokeVersionCommand.Create(),
    };
}
