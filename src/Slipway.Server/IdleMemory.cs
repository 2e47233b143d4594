using System.Runtime.InteropServices;

namespace Slipway.Server;

/// <summary>Gives memory back to the system once nobody has asked for anything for a while, so that what a load took at its peak is not kept for good.</summary>
internal sealed class IdleMemory : IAsyncDisposable
{
    /// <summary>So often it looks whether anybody has asked since.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromSeconds(4);

    private readonly Action _giveBack;
    private readonly ITimer _timer;
    private long _requests;
    private long _seen = -1;
    private bool _isGivenBack;

    public IdleMemory(TimeProvider time, Action giveBack)
    {
        _giveBack = giveBack;
        _timer = time.CreateTimer(static memory => ((IdleMemory)memory!).Look(), this, Pace, Pace);
    }

    /// <summary>Somebody asks.</summary>
    public void Note() => Interlocked.Increment(ref _requests);

    /// <summary>Ends it, and waits for what is being given back.</summary>
    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    /// <summary>Gives back what this process has no use for.</summary>
    public static void GiveBack()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out var libc) && NativeLibrary.TryGetExport(libc, "malloc_trim", out _))
        {
            // Not every C library has it: musl keeps nothing that it could give back.
            _ = TrimHeap(0);
        }
    }

    private void Look()
    {
        var requests = Interlocked.Read(ref _requests);
        var isQuiet = requests == _seen;
        if (isQuiet && !_isGivenBack)
        {
            _giveBack();
        }

        (_seen, _isGivenBack) = (requests, isQuiet);
    }

    [DllImport("libc.so.6", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int TrimHeap(nuint padding);
}
