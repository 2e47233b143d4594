using System.Net;
using Slipway.Server.Tests.Identity;
using Slipway.Testing;
using Xunit;

namespace Slipway.Server.Tests.Governance;

/// <summary>What gates promise where nobody has to say who they are.</summary>
public abstract class OpenYardContract(Func<Task<Fresh>> freshDatabase) : ServerContract(freshDatabase)
{
    [Promise]
    public async Task Gates_hold_for_the_anonymous_too_and_nobody_approves()
    {
        (await Client.PostAsync(Crowd.Native + "pipelines", new { text = Yard.Pipeline.Replace("group: leads", "services: true", StringComparison.Ordinal) })).Ok();
        await CreateModelAsync("iris");
        var run = await CreateRunAsync();
        (await Client.PostAsync("runs/log-metric", new { run_id = run, key = "accuracy", value = 0.95, timestamp = 1 })).Ok();
        Assert.Equal(HttpStatusCode.OK, (await Client.SendAsync(HttpMethod.Put, $"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/model/MLmodel", new StringContent("m"))).Status);
        (await Client.PostAsync("model-versions/create", new { name = "iris", source = $"mlflow-artifacts:/0/{run}/artifacts/model", run_id = run })).Ok();

        Assert.Equal("completed", (await PromoteAsync("Staging")).Ok()["state"]!.GetValue<string>());
        var promotion = (await PromoteAsync("Production")).Ok();
        var review = await Client.PostAsync($"{Crowd.Native}promotions/{promotion["id"]}/approvals", new { verdict = "approved" });

        Assert.Equal("awaiting_approval", promotion["state"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.Forbidden, review.Status);
        Assert.Contains("Approvals need people who say who they are", review.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await Client.PostAsync($"{Crowd.Native}models/iris/versions/1/break-glass", new { to = "Production", reason = "fire" })).Status);

        // Once people have to say who they are, nobody answers for the anonymous any more.
        var root = await Client.FoundAsync();
        await root.AddAsync("ann");
        (await root.PostAsync(Crowd.Native + "models/iris/permissions", new { user = "ann", permission = "approve" })).Ok();
        Assert.Equal("failed", (await Yard.ReviewAsync(Crowd.Anew(Client).As("ann"), promotion["id"]!.GetValue<long>())).Ok()["state"]!.GetValue<string>());
    }

    private Task<WireReply> PromoteAsync(string stage) => Client.PostAsync($"{Crowd.Native}models/iris/versions/1/promotions", new { to = stage });
}

public sealed class OpenYardOnSqlite() : OpenYardContract(Fresh.SqliteAsync);

[Needs("postgres")]
public sealed class OpenYardOnPostgres() : OpenYardContract(Fresh.PostgresAsync);
