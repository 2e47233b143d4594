using System.Net;
using Slipway.Server.Governance.Trusting;
using Slipway.Server.Registry;
using Slipway.Server.Tests.Identity;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Governance;

/// <summary>What trusting a version's code promises, whatever the database.</summary>
public abstract class TrustContract(Func<Task<Fresh>> freshDatabase) : GovernedContract(freshDatabase)
{
    [Promise]
    public async Task An_admin_answers_for_the_files_of_a_version_and_takes_it_back_on_record()
    {
        var version = await Yard.BuildAsync(0.9);
        Assert.Equal(HttpStatusCode.NotFound, (await Yard.Bob.GetAsync(Path(version))).Status);

        var trust = (await TrustAsync(Yard.Root, version)).Ok();

        Assert.Equal(("iris", version.Version, "read with Ann", "root"), (Text(trust["model"]), Text(trust["version"]), Text(trust["reason"]), Text(trust["trusted_by"])));
        Assert.Equal(await ColumnAsync($"select manifest_digest from model_versions"), [Text(trust["manifest_digest"])]);
        Assert.Equal(trust.ToJsonString(), (await Yard.Bob.GetAsync(Path(version))).Ok().ToJsonString());
        Assert.Contains("trusted already", Conflict(await TrustAsync(Yard.Root, version)), StringComparison.Ordinal);

        (await Yard.Root.DeleteAsync(Path(version), new { })).Ok();
        Assert.Equal(HttpStatusCode.NotFound, (await Yard.Root.DeleteAsync(Path(version), new { })).Status);
        Assert.Equal(["version.distrust", "version.trust"], await ColumnAsync($"select action from audit where action in ('version.trust', 'version.distrust') and outcome = 'done' order by action"));
        Assert.Equal(["version.distrusted", "version.trusted"], await ColumnAsync($"select topic from outbox where topic in ('version.trusted', 'version.distrusted') order by topic"));
    }

    [Promise]
    public async Task It_takes_an_admin_and_a_reason()
    {
        var version = await Yard.BuildAsync(0.9);

        Refused(await TrustAsync(Yard.Bob, version));
        Refused(await TrustAsync(Yard.Ann, version));
        Assert.Equal(HttpStatusCode.BadRequest, (await TrustAsync(Yard.Root, version, " ")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await TrustAsync(Yard.Root, version with { Model = "nothing" })).Status);

        Assert.Empty(await ColumnAsync($"select version from trusts"));
        Assert.Contains("refused", await ColumnAsync($"select outcome from audit where action = 'version.trust'"));
    }

    [Promise]
    public async Task It_covers_the_files_that_were_registered_and_no_others()
    {
        var (altered, good) = (await Yard.BuildAsync(0.9), await Yard.BuildAsync(0.9));
        (await TrustAsync(Yard.Root, good)).Ok();
        await AlterFileAsync($"{altered.Folder}/model.bin", "poison");

        Assert.Contains("altered since it was registered", Conflict(await TrustAsync(Yard.Root, altered)), StringComparison.Ordinal);

        var covered = await Database.ReadAsync(async reader =>
        {
            var row = await ModelVersions.GetAsync(reader, "iris", 2, CancellationToken.None);
            return (await Trusts.CoverAsync(reader, row.Id, row.ManifestDigest, CancellationToken.None), await Trusts.CoverAsync(reader, row.Id, new string('0', 64), CancellationToken.None));
        }, CancellationToken.None);
        Assert.Equal((true, false), covered);
    }

    private static Task<WireReply> TrustAsync(WireClient who, Built version, string reason = "read with Ann") => who.PostAsync(Path(version), new { reason });

    private static string Path(Built version) => $"{Crowd.Native}models/{version.Model}/versions/{version.Version}/trust";
}

public sealed class TrustOnSqlite() : TrustContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class TrustOnPostgres() : TrustContract(Fresh.PostgresAsync);
