using System.Data.Common;

namespace Slipway.Store;

/// <summary>A commit that gave no answer: nothing is answered, and nothing tried again, before its fate is known.</summary>
internal static class LostCommit
{
    private const int LookUps = 60;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Asks whether it took effect until the database answers.</summary>
    /// <exception cref="UnknownFateException">The database stays away.</exception>
    public static async Task<bool> TookEffectAsync(Func<Task<bool>> look, TimeProvider time)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await look();
            }
            catch (Exception exception) when (exception is DbException or Fault { Kind: FaultKind.Unavailable })
            {
                if (attempt == LookUps)
                {
                    throw new UnknownFateException(exception);
                }

                await Task.Delay(Pause, time);
            }
        }
    }
}

/// <summary>Nobody can say whether the work took effect, so it is not tried again.</summary>
internal sealed class UnknownFateException(Exception cause)
    : Fault(FaultKind.Unavailable, "The database went away while this was being committed, so it is not known whether it was done. Look before you repeat it.", cause);
