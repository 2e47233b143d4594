using Slipway.Store;

namespace Slipway.Server.Registry;

/// <summary>Finds out which stages of a model texts name.</summary>
internal abstract class StageReading
{
    /// <summary>Asks what is needed to know it, together with other queries.</summary>
    public abstract Query Query { get; }

    /// <summary>The stages, in their own spelling, once the query was asked; null when that was not enough.</summary>
    /// <exception cref="Fault">The model has no such stage.</exception>
    public abstract IReadOnlySet<string>? TryRead();

    /// <summary>The stages, in their own spelling.</summary>
    /// <exception cref="Fault">The model has no such stage.</exception>
    public abstract Task<IReadOnlySet<string>> ReadAsync(Reader reader, CancellationToken cancellationToken);
}

/// <summary>Begins to find out which stages of a model the texts name.</summary>
internal delegate StageReading StageAsking(string model, IReadOnlyCollection<string> texts);
