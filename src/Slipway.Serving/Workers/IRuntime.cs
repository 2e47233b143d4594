using Slipway.Serving.Models;
using Slipway.Serving.Scoring;

namespace Slipway.Serving.Workers;

/// <summary>A way to load models.</summary>
internal interface IRuntime
{
    /// <summary>As <c>--runtime</c> names it.</summary>
    string Name { get; }

    /// <summary>Whether it is the one for this model when none is named.</summary>
    bool Takes(ModelFolder folder);

    /// <summary>Loads the model.</summary>
    /// <exception cref="ModelFormatException">It can't be loaded; the message says what to do.</exception>
    Task<IScorer> OpenAsync(ModelFolder folder, WorkerOptions options, CancellationToken cancellationToken);
}
