using System.Collections.Concurrent;

namespace Slipway.Server.Identity;

/// <summary>Whom this process has recognised since people last changed. When they change it is dropped as a whole.</summary>
/// <param name="epoch">The state of people that it is about.</param>
/// <param name="areThereUsers">Whether anybody was made a user yet.</param>
internal sealed class KnownPeople(long epoch, bool areThereUsers)
{
    private const int Limit = 10_000;

    private readonly ConcurrentDictionary<CredentialKey, Acquaintance> _byCredential = new();
    private int _count;

    public long Epoch => epoch;

    public bool AreThereUsers => areThereUsers;

    public Acquaintance? Find(CredentialKey key) => _byCredential.GetValueOrDefault(key);

    public void Add(CredentialKey key, Acquaintance acquaintance)
    {
        // Starting over costs each of ten thousand credentials one look into the database.
        if (Interlocked.Increment(ref _count) > Limit)
        {
            _byCredential.Clear();
            _count = 1;
        }

        _byCredential[key] = acquaintance;
    }
}

/// <summary>Somebody whose credential was checked.</summary>
/// <param name="Principal">Who it is.</param>
/// <param name="Authentication">How we know: <c>password</c>, <c>token</c> or <c>oidc</c>.</param>
/// <param name="Until">When the credential expires, in milliseconds; null when it doesn't.</param>
internal sealed record Acquaintance(Principal Principal, string Authentication, long? Until);
