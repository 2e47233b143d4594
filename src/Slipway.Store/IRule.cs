namespace Slipway.Store;

/// <summary>A feature's say in the changes of others. It forbids by a <see cref="RefusedException"/>.</summary>
public interface IRule
{
    /// <summary>Asked inside the transaction, before the change is applied.</summary>
    Task BeforeAsync(Change change, ChangeRequest request, CancellationToken cancellationToken);

    /// <summary>Asked inside the transaction, after the change is applied and before its entry is written.</summary>
    Task AfterAsync(Change change, ChangeRequest request, CancellationToken cancellationToken);
}
