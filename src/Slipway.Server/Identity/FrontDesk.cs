using System.Data.Common;
using Microsoft.Extensions.Logging;
using Slipway.Server.Routing;
using Slipway.Store;
using Slipway.Wire;

namespace Slipway.Server.Identity;

/// <summary>What the doorman and the endpoints of people share: who is known, how passwords are checked, what failed.</summary>
internal sealed class FrontDesk : IAsyncDisposable
{
    /// <summary>How we know who somebody is: not at all.</summary>
    public const string Anonymous = "none";

    /// <summary>How we know who somebody is, in the audit log.</summary>
    public const string ByPassword = "password";

    /// <inheritdoc cref="ByPassword"/>
    public const string ByToken = "token";

    /// <inheritdoc cref="ByPassword"/>
    public const string ByProvider = "oidc";

    /// <inheritdoc cref="ByPassword"/>
    public const string BySetupToken = "setup-token";

    private readonly Spine _spine;
    private readonly bool _isRequired;

    private FrontDesk(Spine spine, ServerOptions options, ILoggerFactory loggers)
    {
        (_spine, _isRequired) = (spine, options.IsAuthenticationRequired);
        Provider = ProviderTokens.Of(options, spine.Time);
        Watch = new PeopleWatch(spine.Database, spine.Time);
        Failures = new LoginFailures(spine.Changes, loggers.CreateLogger<LoginFailures>());
    }

    public PeopleWatch Watch { get; }

    public Passwords Passwords { get; } = new();

    public LoginFailures Failures { get; }

    /// <summary>Null where no identity provider is configured.</summary>
    public ProviderTokens? Provider { get; }

    /// <summary>Makes the first admin where nobody is let in without one; null where that is not so.</summary>
    public SetupToken? Setup { get; private set; }

    public long Now => _spine.Now;

    public static async Task<FrontDesk> OpenAsync(Spine spine, ServerOptions options, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var desk = new FrontDesk(spine, options, loggers);
        desk.Setup = options.IsAuthenticationRequired && !await desk.AskAsync(reader => Users.IsThereOtherAdminAsync(reader, than: 0, cancellationToken), cancellationToken) ? new SetupToken() : null;
        return desk;
    }

    /// <summary>Whether people have to say who they are.</summary>
    public bool Asks(KnownPeople people) => _isRequired || people.AreThereUsers;

    /// <summary>Reads what decides who somebody is.</summary>
    /// <exception cref="Fault">The database can't be asked, so nobody is let in.</exception>
    public async Task<T> AskAsync<T>(Func<Reader, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            return await _spine.Database.ReadAsync(read, cancellationToken);
        }
        catch (DbException exception)
        {
            throw Fault.Unavailable("The database can't be asked who you are. Try again.", exception);
        }
    }

    /// <summary>Makes a change of people; this process knows of it at once, others within two seconds.</summary>
    public async Task<T> MakeAsync<T>(Actor actor, ChangeRequest<T> request, CancellationToken cancellationToken)
    {
        try
        {
            // Passwords and tokens are neither kept as answers nor told apart by their bytes, so a key does not repeat these.
            return await _spine.Changes.MakeAsync(actor is Caller caller ? caller with { Idempotency = null } : actor, request, cancellationToken);
        }
        finally
        {
            Watch.Expire();
        }
    }

    /// <inheritdoc cref="MakeAsync"/>
    public async Task<EmptyResponse> DoneAsync(Actor actor, ChangeRequest<bool> request, CancellationToken cancellationToken)
    {
        await MakeAsync(actor, request, cancellationToken);
        return EmptyResponse.Value;
    }

    public async ValueTask DisposeAsync()
    {
        await Failures.DisposeAsync();
        Provider?.Dispose();
        Passwords.Dispose();
        Watch.Dispose();
    }
}
