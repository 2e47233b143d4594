using Slipway.Server.Governance;
using Slipway.Serving.Models;

namespace Slipway.Server.Delivery.Testing;

/// <summary>What the tests of one run share.</summary>
/// <param name="Model">The version that is tested, in its worker.</param>
/// <param name="Settings">What it is held against.</param>
internal sealed record TestRun(TestedModel Model, TestSettings Settings)
{
    /// <summary>The rows that are sent; null when no dataset version is named.</summary>
    public DatasetRows? Rows { get; init; }

    /// <summary>One request; null when there is nothing to send.</summary>
    public Sample? Sample { get; init; }

    /// <summary>What the first passed inference answered to the sample; null when none did.</summary>
    public string? Recorded { get; init; }

    /// <summary>Starts the version that is in Production; null when none is, or it is this one.</summary>
    public required Func<CancellationToken, Task<TestedModel?>> Reference { get; init; }

    /// <summary>What a test says that has nothing to send.</summary>
    public static TestFinding NothingToSend { get; } = TestFinding.Failed("there is nothing to send: log the model with an input example or a signature, or name a dataset version");

    public Schema? Inputs => Model.Folder.Model?.Signature?.Inputs;
}
