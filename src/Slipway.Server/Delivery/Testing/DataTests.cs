namespace Slipway.Server.Delivery.Testing;

/// <summary>The tests that send the rows of a dataset version.</summary>
internal static class DataTests
{
    private const int BatchRows = 256;

    /// <summary>Every class is predicted, and the predictions do not lie far from those of the version in Production.</summary>
    public static async Task<TestFinding> DistributionAsync(TestRun run, CancellationToken cancellationToken)
    {
        if (await PredictAsync(run.Model, run, cancellationToken) is not { } predicted)
        {
            return NoRows;
        }

        if (predicted.Problem is { } problem)
        {
            return TestFinding.Of(false, ("reason", problem));
        }

        var missing = Shift.AreClasses(predicted.Labels) ? predicted.Labels.Distinct().Except(predicted.Values).ToList() : [];
        await using var reference = await run.Reference(cancellationToken);
        if (reference is null)
        {
            return TestFinding.Of(missing.Count == 0, ("rows", (double)predicted.Values.Count), ("classes", Classes(predicted.Values)), ("missing_classes", string.Join(", ", missing)), ("against", "none in Production"));
        }

        var other = await PredictAsync(reference, run, cancellationToken);
        if (other is not { Problem: null })
        {
            return TestFinding.Error($"the version in Production does not answer: {other?.Problem}");
        }

        var shift = Shift.Index(other.Values, predicted.Values);
        return TestFinding.Of(
            missing.Count == 0 && shift < run.Settings.Shift,
            ("rows", (double)predicted.Values.Count), ("classes", Classes(predicted.Values)), ("missing_classes", string.Join(", ", missing)), ("shift", shift), ("bound_shift", run.Settings.Shift));
    }

    /// <summary>The share of rows whose label is predicted.</summary>
    public static async Task<TestFinding> AccuracyAsync(TestRun run, CancellationToken cancellationToken)
    {
        if (run.Settings.Label is null)
        {
            return TestFinding.Failed("no label is named: say which column of the dataset holds what is true");
        }

        if (await PredictAsync(run.Model, run, cancellationToken) is not { } predicted)
        {
            return NoRows;
        }

        if (predicted.Problem is { } problem)
        {
            return TestFinding.Of(false, ("reason", problem));
        }

        var right = predicted.Values.Zip(predicted.Labels).Count(pair => pair.First == pair.Second);
        var accuracy = predicted.Values.Count == 0 ? 0 : (double)right / predicted.Values.Count;
        return TestFinding.Of(accuracy >= run.Settings.Accuracy, ("rows", (double)predicted.Values.Count), ("accuracy", accuracy), ("bound_accuracy", run.Settings.Accuracy));
    }

    private static TestFinding NoRows => TestFinding.Failed("no dataset is named: say which version of one is to be sent, such as --dataset iris-eval@1.0.0");

    private static string Classes(IReadOnlyCollection<string> values) =>
        Shift.AreClasses(values) ? string.Join(", ", values.GroupBy(value => value).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Key}: {group.Count()}")) : "numbers";

    private static async Task<Predicted?> PredictAsync(TestedModel model, TestRun run, CancellationToken cancellationToken)
    {
        if (run.Rows is not { } rows)
        {
            return null;
        }

        var (values, labels) = (new List<string>(), new List<string>());
        await foreach (var batch in rows.BatchesAsync(BatchRows, run.Settings.Label, cancellationToken))
        {
            var reply = await model.SendAsync(batch.ToBody(), cancellationToken);
            var predictions = reply.IsGood ? Predictions.Read(reply.Body) : null;
            if (predictions?.Count != batch.Rows.Count)
            {
                return new Predicted(values, labels, $"rows {values.Count + 1} to {values.Count + batch.Rows.Count}: status {(int)reply.Status}, {Checks.Text.Shorten(reply.Text)}");
            }

            values.AddRange(predictions);
            labels.AddRange(batch.Labels);
        }

        return new Predicted(values, labels, null);
    }

    /// <param name="Values">Row by row.</param>
    /// <param name="Labels">What is true; empty without a label.</param>
    /// <param name="Problem">Why it was not carried to its end.</param>
    private sealed record Predicted(IReadOnlyList<string> Values, IReadOnlyList<string> Labels, string? Problem);
}
