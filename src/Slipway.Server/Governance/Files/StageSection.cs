using Slipway.Server.Registry;

namespace Slipway.Server.Governance.Files;

/// <summary>Reads one stage of a pipeline's file.</summary>
internal static class StageSection
{
    private const int GroupLimit = 255;
    private const int VersionLimit = 1000;

    public static PipelineStage Read(Section stage, StageNames names)
    {
        var limit = stage.Map("limit");
        var most = limit?.Count("versions", VersionLimit);
        if (limit is not null && !limit.Has("versions"))
        {
            stage.Problems.Add(limit.Line, "'limit' needs 'versions'");
        }

        var archive = stage.Flag("archive_existing");
        if (archive == true && most > 1)
        {
            stage.Problems.Add(stage.LineOf("archive_existing"), $"archive_existing: true leaves one version in the stage, so a limit of {most} is never reached");
        }

        var read = new PipelineStage(names.Own)
        {
            Promoters = Group(stage, "promoters"),
            Alias = Alias(stage),

            // Whoever allows several versions in a stage wants them to stay.
            ArchivesExisting = archive ?? limit is null,
            Limit = most,
            ArchivesOldest = limit?.OneOf("oldest", "archive", "refuse") != "refuse",
            ArchivesRejected = stage.OneOf("on_rejection", "stay", "archive") == "archive",
            OnRegistration = stage.Flag("on_registration") ?? false,
            Expiry = stage.Duration("expires") ?? TimeSpan.FromDays(14),
            Testing = stage.Map("testing") is { } testing ? TestingSection.Read(testing) : null,
            Gates = stage.Map("gates") is { } gates ? GateSection.Read(gates, names) : [],
        };
        limit?.RefuseOthers();
        stage.RefuseOthers();
        return read;
    }

    /// <summary>The name of a group; whether there is one is seen when somebody has to be in it.</summary>
    public static string? Group(Section section, string key)
    {
        var group = section.Text(key);
        if (group is { Length: 0 or > GroupLimit })
        {
            section.Problems.Add(section.LineOf(key), $"'{key}' must be the name of a group, up to {GroupLimit} characters");
        }

        return group;
    }

    private static string? Alias(Section stage)
    {
        var alias = stage.Text("alias");
        if (alias is not null)
        {
            stage.Problems.Check(stage.LineOf("alias"), () => AliasName.CheckNew(alias));
        }

        return alias;
    }
}
