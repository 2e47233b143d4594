using System.Net;
using Slipway.Server.Tests.Identity;
using Slipway.Store;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Governance;

/// <summary>Nobody has the server read files for what they may not do.</summary>
public abstract class UnreadFilesContract(Func<Task<Fresh>> freshDatabase) : GovernedContract(freshDatabase)
{
    [Promise]
    public async Task Files_are_looked_at_for_those_who_may_and_for_nobody_else()
    {
        var version = await Yard.BuildAsync(0.95);
        await Yard.GrantAsync("cleo", "NO_PERMISSIONS");
        await LayOutAsync(version);
        await ForgetFilesAsync();

        // Dan edits and Ann reads; neither promotes. Cleo may not even read.
        foreach (var who in new[] { Yard.Dan, Yard.Ann, Yard.Cleo })
        {
            await AssertRefusedAsync(version.TransitionAsync(who, "Staging"));
            await AssertRefusedAsync(SetAliasAsync(who));
            await AssertRefusedAsync(version.BreakGlassAsync(who, "Staging"));
            await AssertRefusedAsync(Yard.RollBackAsync(who, new { version = version.Version }));
        }

        await AssertRefusedAsync(version.PromoteAsync(Yard.Cleo, "Staging"));
        await AssertRefusedAsync(CheckAsync(Yard.Cleo));
        Assert.Empty(await FilesAsync());

        (await CheckAsync(Yard.Ann)).Ok();
        Assert.NotEmpty(await FilesAsync());
        await ForgetFilesAsync();
        (await version.TransitionAsync(Yard.Bob, "Staging")).Ok();
        Assert.NotEmpty(await FilesAsync());
    }

    [Promise]
    public async Task Whoever_may_not_read_is_refused_on_record_and_what_is_not_there_is_not_found()
    {
        var version = await Yard.BuildAsync(0.95);
        await Yard.GrantAsync("cleo", "NO_PERMISSIONS");

        await AssertRefusedAsync(version.TransitionAsync(Yard.Cleo, "Staging"));

        Assert.Equal(["version.transition"], await ColumnAsync($"select action from audit where actor = 'cleo' and outcome = 'refused'"));
        Assert.Equal(HttpStatusCode.NotFound, (await Yard.Cleo.PostAsync("model-versions/transition-stage", new { name = "nowhere", version = "1", stage = "Staging" })).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Yard.Bob.PostAsync("model-versions/transition-stage", new { name = Yard.Model, version = "99", stage = "Staging" })).Status);
    }

    private static async Task AssertRefusedAsync(Task<WireReply> reply) => Refused(await reply);

    private static Task<WireReply> SetAliasAsync(WireClient who) => who.PostAsync("registered-models/alias", new { name = Yard.Model, alias = "champion", version = "1" });

    private static Task<WireReply> CheckAsync(WireClient who) => who.GetAsync($"{Crowd.Native}models/{Yard.Model}/versions/1/check", ("stage", "Staging"));

    // As the first versions kept files: what the store keeps now has its digest with its name, and is not read for it.
    private async Task LayOutAsync(Built version)
    {
        var text = (await Yard.Bob.GetAsync(version.FilePath)).Text;
        var file = Path.Join(Place.Folder, "artifacts", "files", version.Folder, "model.bin");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, text);
        await AlterFileAsync($"{version.Folder}/model.bin", null);
        Assert.Equal(text, (await Yard.Bob.GetAsync(version.FilePath)).Text);
    }

    // Whatever is hashed is remembered, so what is forgotten and not remembered again was not read.
    private async Task ForgetFilesAsync()
    {
        await using var ingest = new Ingest(Database, TimeProvider.System);
        await ingest.WriteAsync((writer, token) => writer.ExecuteAsync($"delete from artifact_digests", token), CancellationToken.None);
        Assert.Empty(await FilesAsync());
    }

    private Task<List<string>> FilesAsync() => ColumnAsync($"select path from artifact_digests");
}

public sealed class UnreadFilesOnSqlite() : UnreadFilesContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class UnreadFilesOnPostgres() : UnreadFilesContract(Fresh.PostgresAsync);
