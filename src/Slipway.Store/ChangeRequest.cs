namespace Slipway.Store;

/// <summary>A change to governed state: a value that names what is done to what.</summary>
public abstract record ChangeRequest
{
    /// <summary>What is done, such as <c>version.transition</c>.</summary>
    public abstract string Action { get; }

    /// <summary>What it is done to, such as <c>models/iris/versions/3</c>.</summary>
    public abstract string Resource { get; }
}

/// <inheritdoc/>
public abstract record ChangeRequest<T> : ChangeRequest
{
    /// <summary>Does it. It may be called again after a rollback, so it changes nothing but the database.</summary>
    public abstract Task<T> ApplyAsync(Change change, CancellationToken cancellationToken);
}
