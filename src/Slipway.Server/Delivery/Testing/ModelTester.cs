using System.Text.Json;
using Slipway.Server.Governance;
using Slipway.Server.Governance.Trusting;
using Slipway.Server.Identity;
using Slipway.Server.Registry;
using Slipway.Server.Routing;
using Slipway.Serving.Models;
using Slipway.Serving.Pickles;
using Slipway.Serving.Workers;
using Slipway.Store;

namespace Slipway.Server.Delivery.Testing;

/// <summary>Runs tests of a version in a worker of its own, and puts what they come to on record.</summary>
internal sealed class ModelTester(Spine spine, string data, string? python) : IDisposable
{
    private const string InProduction = StageName.Production;

    // Each run is a process or two that work as hard as they can.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ModelFolders _folders = new(data, spine);
    private readonly string _place = Path.Join(Path.GetFullPath(data), "serving", "tests");

    /// <summary>Runs the tests that are named, one after the other.</summary>
    /// <exception cref="Fault">There is no such version, or its files are not held, or the dataset can't be read.</exception>
    public async Task<IReadOnlyList<TestResultRow>> RunAsync(Actor actor, (string Model, long Version) what, (IReadOnlyList<string> Names, TestSettings Settings) wanted, CancellationToken cancellationToken)
    {
        var version = await spine.Database.ReadAsync(reader => ModelVersions.GetAsync(reader, what.Model, what.Version, cancellationToken), cancellationToken);
        var rows = await RowsAsync(actor, wanted.Settings, cancellationToken);
        var folder = await _folders.PrepareAsync(version, cancellationToken);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var results = new List<TestResultRow>();
            await foreach (var (name, finding, digest) in FindAsync(version, (folder, rows), wanted, cancellationToken))
            {
                var record = new RecordTest(version.Name, version.Version, name, finding.Outcome) { Measured = MeasuredJson.Decode(finding.Measured), InputsDigest = digest };
                results.Add(await spine.Changes.MakeAsync(actor, record, cancellationToken));
            }

            return results;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async IAsyncEnumerable<(string Name, TestFinding Finding, string? InputsDigest)> FindAsync(
        ModelVersionRow version, (string Folder, DatasetRows? Rows) given, (IReadOnlyList<string> Names, TestSettings Settings) wanted,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TestedModel? model = null;
        string? problem = null;
        try
        {
            model = await StartAsync(version, given.Folder, cancellationToken);
        }
        catch (Exception exception) when (exception is WorkerFailedException or ModelFormatException)
        {
            problem = exception.Message;
        }

        await using (model)
        {
            var run = model is null ? null : await PrepareAsync(model, version, (given.Rows, wanted.Settings), cancellationToken);
            foreach (var name in wanted.Names)
            {
                var finding = BuiltInTest.Find(name) == BuiltInTest.PickleScan ? await ScanAsync(version, given.Folder, cancellationToken)
                    : run is null ? TestFinding.Failed($"the model does not load: {problem}") : await OneAsync(BuiltInTest.Find(name)!, run, cancellationToken);
                yield return (name, finding, InputsDigest(BuiltInTest.Find(name)!, run));
            }
        }
    }

    private async Task<TestRun> PrepareAsync(TestedModel model, ModelVersionRow version, (DatasetRows? Rows, TestSettings Settings) given, CancellationToken cancellationToken)
    {
        var sample = await Sample.FindAsync(model.Folder, given.Rows, given.Settings.Label, cancellationToken);
        return new TestRun(model, given.Settings)
        {
            Rows = given.Rows,
            Sample = sample,
            Recorded = sample is null ? null : await spine.Database.ReadAsync(reader => RecordedAnswers.FindAsync(reader, version, TestReply.DigestOf(sample.Body), cancellationToken), cancellationToken),
            Reference = token => ReferenceAsync(version, token),
        };
    }

    private async Task<TestedModel> StartAsync(ModelVersionRow version, string folder, CancellationToken cancellationToken)
    {
        var options = new WorkerOptions(folder)
        {
            Python = python,
            CodeTrusted = await IsTrustedAsync(version, cancellationToken),
            PicklesTrusted = await spine.Uploaders.AreKnownAsync(cancellationToken),
        };
        return await TestedModel.StartAsync(options, _place, cancellationToken);
    }

    // The folder is named by the digest of its files, and verified.
    private Task<bool> IsTrustedAsync(ModelVersionRow version, CancellationToken cancellationToken) =>
        spine.Database.ReadAsync(reader => Trusts.CoverAsync(reader, version.Id, version.ManifestDigest, cancellationToken), cancellationToken);

    // No worker, for nothing of the model runs.
    private async Task<TestFinding> ScanAsync(ModelVersionRow version, string folder, CancellationToken cancellationToken)
    {
        var scan = PickleScanTest.Of(folder, AllowedImports.Default);
        var measured = new Dictionary<string, JsonElement>(scan.Measured);
        if (!scan.Passed && await IsTrustedAsync(version, cancellationToken))
        {
            measured["trusted"] = JsonSerializer.SerializeToElement("yes");
        }

        return new TestFinding(scan.Passed || measured.ContainsKey("trusted") ? TestOutcome.Passed : TestOutcome.Failed, measured);
    }

    private static Task<TestFinding> OneAsync(string test, TestRun run, CancellationToken cancellationToken) => test switch
    {
        BuiltInTest.Schema => ModelTests.SchemaAsync(run, cancellationToken),
        BuiltInTest.Inference => ModelTests.InferenceAsync(run, cancellationToken),
        BuiltInTest.Latency => ModelTests.LatencyAsync(run, cancellationToken),
        BuiltInTest.Load => ModelTests.LoadAsync(run, cancellationToken),
        BuiltInTest.Distribution => DataTests.DistributionAsync(run, cancellationToken),
        _ => DataTests.AccuracyAsync(run, cancellationToken),
    };

    private static string? InputsDigest(string test, TestRun? run) => test is BuiltInTest.Distribution or BuiltInTest.Accuracy
        ? run?.Rows?.Digest
        : run?.Sample is { } sample ? TestReply.DigestOf(sample.Body) : null;

    // Whoever has a test run sees what a model makes of the rows.
    private async Task<DatasetRows?> RowsAsync(Actor actor, TestSettings settings, CancellationToken cancellationToken) => settings.Dataset is not { } reference
        ? null
        : await spine.Database.ReadAsync(async reader =>
        {
            var rows = await DatasetRows.OpenAsync(spine.Contents, reader, reference, cancellationToken);
            if (actor is Caller { Principal: var who })
            {
                await spine.Rights.RequireAsync(reader, who, (AccessLevel.Read, Securable.Dataset(rows.Dataset)), cancellationToken);
            }

            return rows;
        }, cancellationToken);

    private async Task<TestedModel?> ReferenceAsync(ModelVersionRow version, CancellationToken cancellationToken)
    {
        var held = await spine.Database.ReadAsync(reader => ModelVersions.InStageAsync(reader, version.Model, InProduction, cancellationToken), cancellationToken);
        return held.Find(holder => holder.Id != version.Id && holder.ManifestDigest is not null) is { } reference
            ? await StartAsync(reference, await _folders.PrepareAsync(reference, cancellationToken), cancellationToken)
            : null;
    }
}
