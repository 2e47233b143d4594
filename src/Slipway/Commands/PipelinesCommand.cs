using System.CommandLine;

namespace Slipway.Commands;

/// <summary>What is done with pipelines.</summary>
internal static class PipelinesCommand
{
    public static Command Create() => new("pipelines", "Pipelines: the stages of models, and the gates in front of each.")
    {
        ApplyPipelineCommand.Create(),
        ListPipelinesCommand.Create(),
        ShowPipelineCommand.Create(),
        DeletePipelineCommand.Create(),
    };

    /// <summary>Says which version the caller has seen.</summary>
    public static Option<long?> SeenOption() => new("--if-version") { Description = "Only if this version is in force still." };
}
