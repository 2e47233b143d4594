using System.CommandLine;

namespace Slipway.Commands;

/// <summary>What is done with tests as evidence.</summary>
internal static class TestsCommand
{
    public static Command Create() => new("tests", "Tests of model versions, as evidence for gates.")
    {
        RecordTestCommand.Create(),
        ListTestsCommand.Create(),
    };
}
