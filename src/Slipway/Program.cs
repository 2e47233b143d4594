using System.CommandLine;
using Slipway;
using Slipway.Commands;
using Slipway.Commands.Datasets;
using Slipway.Commands.Delivery;
using Slipway.Commands.Lineage;
using Slipway.Commands.People;
using Slipway.Commands.Serving;

var root = new RootCommand("Slipway: a model registry that governs and delivers, for every MLflow client.")
{
    ServeCommand.Create(),
    StatusCommand.Create(),
    LoginCommand.Create(),
    LogoutCommand.Create(),
    UsersCommand.Create(),
    TokensCommand.Create(),
    GroupsCommand.Create(),
    PermissionsCommand.Create(),
    AuditCommand.Create(),
    ModelsCommand.Create(),
    PipelinesCommand.Create(),
    TestsCommand.Create(),
    CheckCommand.Create(),
    PromoteCommand.Create(),
    ReviewCommands.CreateApprove(),
    ReviewCommands.CreateReject(),
    PromotionsCommand.Create(),
    RollbackCommand.Create(),
    EnvironmentsCommand.Create(),
    DeploymentsCommand.Create(),
    TrialsCommand.Create(),
    TestCommand.Create(),
    FreezeCommands.CreateFreeze(),
    FreezeCommands.CreateUnfreeze(),
    FreezeCommands.CreateList(),
    VersionsCommand.Create(),
    RunsCommand.Create(),
    DatasetsCommand.Create(),
    ArtifactsCommand.Create(),
    GarbageCommand.Create(),
    WorkerCommand.Create(),
    GatewayCommand.Create(),
};
// An alias is written as @champion, which would be read as a file of arguments.
var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors)
    {
        await Console.Error.WriteLineAsync($"slipway: {error.Message}");
    }

    await Console.Error.WriteLineAsync("Run 'slipway --help', or 'slipway COMMAND --help', to see what is allowed.");
    return ExitCode.WrongUsage;
}

return await parsed.InvokeAsync();
