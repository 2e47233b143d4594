namespace Slipway.Server.Governance;

/// <summary>What the tests that Slipway runs are held against.</summary>
internal sealed record TestSettings
{
    public const double MostRate = 1000;
    public const double MostSeconds = 600;

    /// <summary>The dataset version whose rows are sent, such as <c>iris-eval@1.0.0</c>; null sends the logged example.</summary>
    public string? Dataset { get; init; }

    /// <summary>The column of the dataset that holds the true values.</summary>
    public string? Label { get; init; }

    /// <summary>The longest 95th percentile of the latency of one row, in milliseconds.</summary>
    public double LatencyP95 { get; init; } = 1000;

    /// <summary>Requests a second of the load test.</summary>
    public double LoadRate { get; init; } = 20;

    /// <summary>How long the load is held, in seconds.</summary>
    public double LoadSeconds { get; init; } = 5;

    /// <summary>The highest share of requests of the load test that may fail.</summary>
    public double ErrorRate { get; init; } = 0.01;

    /// <summary>The least share of right predictions.</summary>
    public double Accuracy { get; init; } = 0.5;

    /// <summary>The population stability index against the version in Production that is not reached.</summary>
    public double Shift { get; init; } = 0.2;
}
