using System.Text;
using Slipway.Serving.Gateway.Records;
using Slipway.Serving.Judging;
using Xunit;

namespace Slipway.Serving.Tests.Gateway;

/// <summary>The records that the gateway speaks, as they are written.</summary>
public sealed class GatewayRecordTests
{
    [Fact]
    public void A_table_is_read_from_snake_case_and_fills_in_what_is_missing()
    {
        var table = GatewayJson.Read<GatewayTable>("""
            {
              "epoch": 7, "environment": "production", "listen": "http://127.0.0.1:5002",
              "models": [{
                "name": "iris",
                "deployments": [{"id": "d1", "version": "3", "role": "stable", "folder": "/models/iris/3", "settings": {"runtime": "onnx"}}],
                "rollout": {"id": "r1", "candidate": "d2", "strategy": "blue-green", "judge": {"signals": ["errors"], "inconclusive": "hold"}}
              }]
            }
            """u8);

        var model = Assert.Single(table.Models);
        Assert.Equal(RolloutStrategy.BlueGreen, model.Rollout!.Strategy);
        Assert.Equal([Signal.Errors], model.Rollout.Judge.Signals);
        Assert.Equal(InconclusiveRule.Hold, model.Rollout.Judge.Inconclusive);
        Assert.Equal(0.005, model.Rollout.Judge.FalseAlarms);
        Assert.Equal("onnx", Assert.Single(model.Deployments).Settings["runtime"]);
        Assert.Equal(60, table.TimeoutSeconds);
    }

    [Fact]
    public void A_state_is_written_in_snake_case()
    {
        var state = new GatewayState
        {
            Epoch = 1,
            Pid = 2,
            StartedAt = 3,
            Models = [new ModelState { Name = "iris", Rollout = new RolloutState { Id = "r1", Phase = RolloutPhase.Shifting, Since = 4, Verdict = Verdict.Continue } }],
        };

        var json = Encoding.UTF8.GetString(GatewayJson.Write(state));

        Assert.Contains("\"started_at\":3", json, StringComparison.Ordinal);
        Assert.Contains("\"phase\":\"shifting\"", json, StringComparison.Ordinal);
        Assert.DoesNotContain("address", json, StringComparison.Ordinal);
    }
}
