using System.Net;
using System.Text;
using Slipway.Serving.Gateway.Forwarding;
using Slipway.Serving.Gateway.Journals;
using Slipway.Serving.Gateway.Records;
using Slipway.Serving.Judging;
using Slipway.Testing;
using Xunit;

namespace Slipway.Serving.Tests.Gateway;

/// <summary>What turned out to be true later.</summary>
public sealed class FeedbackTests : IAsyncLifetime
{
    private Site _site = null!;
    private EchoWorker _worker = null!;

    public async Task InitializeAsync()
    {
        _site = await Site.StartAsync();
        _worker = await _site.AddWorkerAsync();
        await _site.ServeAsync(Site.Deploy("d3", DeploymentRole.Stable, _worker));
    }

    public async Task DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public async Task Feedback_is_taken_once_also_after_a_restart()
    {
        var right = await PredictAsync("\"setosa\"");
        var wrong = await PredictAsync("\"setosa\"");
        await _site.RestartAsync();

        Assert.Equal((HttpStatusCode.OK, "{\"version\":\"3\",\"error\":0}"), await GiveAsync(right, "\"setosa\""));
        Assert.Equal((HttpStatusCode.OK, "{\"version\":\"3\",\"error\":1}"), await GiveAsync(wrong, "\"virginica\""));
        Assert.Equal(HttpStatusCode.Conflict, (await GiveAsync(right, "\"setosa\"")).Status);
    }

    [Fact]
    public async Task Numbers_are_off_by_a_distance()
    {
        var id = await PredictAsync("2.5");

        Assert.Equal((HttpStatusCode.OK, "{\"version\":\"3\",\"error\":0.5}"), await GiveAsync(id, "2"));
    }

    [Fact]
    public async Task Nobody_guesses_an_id()
    {
        var id = await PredictAsync("1");
        Assert.True(RequestId.TryParse(id, out var known));

        Assert.Equal(HttpStatusCode.NotFound, (await GiveAsync((known with { Nonce = known.Nonce + 1 }).ToString(), "1")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await GiveAsync((known with { Number = 1_000_000 }).ToString(), "1")).Status);
        Assert.Equal(HttpStatusCode.Gone, (await GiveAsync((known with { Day = (ushort)(known.Day - 31) }).ToString(), "1")).Status);
        Assert.Equal(HttpStatusCode.OK, (await GiveAsync(id, "1")).Status);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{\"request_id\": 1, \"actual\": 1}")]
    [InlineData("{\"request_id\": \"x\", \"actual\": [1]}")]
    [InlineData("nonsense")]
    public async Task What_is_no_feedback_is_refused(string body)
    {
        using var answer = await _site.AskAsync(body, "/feedback");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public void Days_change_and_old_ones_are_forgotten()
    {
        var folder = Directory.CreateTempSubdirectory("slipway-journal-").FullName;
        var time = new ManualTime();
        using var journal = new RequestJournal(folder, time);
        var first = journal.Begin();
        journal.End(first, 0, new Choice(null, false, 0), Prediction.OfNumber(1.5));

        time.Advance(TimeSpan.FromDays(1));
        journal.Flush();
        Assert.Equal(first.Day + 1, journal.Begin().Day);
        Assert.Equal(RequestFound.Yes, journal.Take(first, out var record));
        Assert.Equal(1.5, record.Prediction.Number);

        time.Advance(TimeSpan.FromDays(30));
        journal.Flush();
        Assert.Equal(RequestFound.TooOld, journal.Take(first, out _));
        Assert.DoesNotContain(Directory.EnumerateFiles(folder), path => Path.GetFileName(path).StartsWith(first.Day.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Ids_are_what_they_were_when_they_are_read()
    {
        var id = RequestId.Make(20_000, (1L << 40) - 1);

        Assert.True(RequestId.TryParse(id.ToString(), out var read));
        Assert.Equal(id, read);
        Assert.False(RequestId.TryParse("x", out _));
        Assert.False(RequestId.TryParse(new string('!', 23), out _));
    }

    private async Task<string> PredictAsync(string prediction)
    {
        _worker.Answer = context => EchoWorker.PredictAsync(context, prediction);
        using var answer = await _site.AskAsync();
        return answer.Headers.GetValues("X-Slipway-Request-Id").Single();
    }

    private async Task<(HttpStatusCode Status, string Body)> GiveAsync(string id, string actual)
    {
        using var answer = await _site.Callers.PostAsync(_site.At("/feedback"), new StringContent($"{{\"request_id\": \"{id}\", \"actual\": {actual}}}", Encoding.UTF8, "application/json"));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
