using Slipway.Server.Tests.Identity;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Delivery;

/// <summary>Who may ask for predictions, whatever the database.</summary>
public abstract class EntryContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    private LiveEnvironment _live = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _live = new LiveEnvironment(Place.Folder, "live");
    }

    public override async Task DisposeAsync()
    {
        // Taken away first, or the server would start the gateway anew.
        using (var root = Client.As("root"))
        {
            await root.DeleteAsync($"{Crowd.Native}environments/live");
        }

        await _live.DisposeAsync();
        await base.DisposeAsync();
    }

    [Promise]
    public async Task With_people_a_token_is_needed_unless_the_environment_is_public()
    {
        var version = await IrisModels.RegisterAsync(Client, "iris");
        (await Client.PostAsync("model-versions/transition-stage", new { name = "iris", version, stage = "Production" })).Ok();
        await ApplyAsync(Client, "");
        await _live.UntilServedAsync(version);
        Assert.DoesNotContain("pickles", _live.Table().Models[0].Deployments[0].Settings.Keys);

        var root = await Client.FoundAsync();
        var ann = await (await root.AddAsync("ann")).TokenAsync("ann");
        var eve = await (await root.AddAsync("eve")).TokenAsync("eve");
        (await root.PostAsync("registered-models/permissions/create", new { name = "iris", username = "eve", permission = "NO_PERMISSIONS" })).Ok();

        await UntilAsync(null, 401);
        await UntilAsync(eve, 403);
        await UntilAsync("slw_nobody", 401);
        await UntilAsync(ann, 200);
        await RevokeAsync(root, "ann");
        await UntilAsync(ann, 401);

        // Whoever may upload is known by now, so that pickles load where no namespaces are.
        Assert.Equal("trusted", _live.Table().Models[0].Deployments[0].Settings["pickles"]);

        await ApplyAsync(root, "public: true");
        await UntilAsync(null, 200);
        await UntilAsync(ann, 200);
    }

    private static async Task ApplyAsync(WireClient client, string more) =>
        (await client.PostAsync(Crowd.Native + "environments", new { text = $"environment: live\nstage: Production\nmodels: iris\nlisten: 127.0.0.1:0\n{more}" })).Ok();

    private static async Task RevokeAsync(WireClient admin, string user)
    {
        var token = (await admin.GetAsync($"{Crowd.Native}users/{user}/tokens")).Ok()["tokens"]![0]!["id"]!;
        (await admin.DeleteAsync($"{Crowd.Native}tokens/{token}")).Ok();
    }

    // The gateway remembers for two seconds whom it let in, and the server looks once a second for other people; the rest is for busy machines.
    private async Task UntilAsync(string? bearer, int status)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        for (var answer = 0; answer != status;)
        {
            answer = (await _live.PredictAsync(IrisModels.Request, bearer)).Status;
            Assert.False(patience.IsCancellationRequested, $"{answer} in place of {status}");
            await Task.Delay(20);
        }
    }
}

[Needs("onnx")]
public sealed class EntryOnSqlite() : EntryContract(Fresh.SqliteAsync);

[Needs("postgres"), Needs("onnx")]
public sealed class EntryOnPostgres() : EntryContract(Fresh.PostgresAsync);
