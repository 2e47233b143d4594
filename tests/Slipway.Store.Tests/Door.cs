namespace Slipway.Store.Tests;

/// <summary>Holds whoever comes to it until the test opens it.</summary>
internal sealed class Door
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Somebody waits here.</summary>
    public Task Reached => _reached.Task.WaitAsync(TimeSpan.FromSeconds(20));

    public void Open() => _open.TrySetResult();

    public Task PassAsync()
    {
        _reached.TrySetResult();
        return _open.Task;
    }
}
