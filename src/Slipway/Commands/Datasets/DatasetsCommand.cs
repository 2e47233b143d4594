using System.CommandLine;
using Slipway.Commands.Lineage;

namespace Slipway.Commands.Datasets;

/// <summary>Versioned datasets.</summary>
internal static class DatasetsCommand
{
    public static Command Create() => new("datasets", "Keeps immutable versions of data, and tells them apart.")
    {
        AddDatasetCommand.Create(),
        ListDatasetsCommand.Create(),
        ShowDatasetCommand.Create(),
        GetDatasetCommand.Create(),
        DiffDatasetCommand.Create(),
        DatasetNamesCommands.CreateAlias(),
        DatasetNamesCommands.CreateTag(),
        DatasetNamesCommands.CreateDescribe(),
        LineageCommands.CreateForDataset(),
        RecallCommands.CreateRecall(),
        RecallCommands.CreateReinstate(),
        PurgeDatasetCommand.Create(),
    };
}
