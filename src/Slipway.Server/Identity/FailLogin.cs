using Slipway.Store;

namespace Slipway.Server.Identity;

/// <summary>Puts a failed login on record: a change that is always refused.</summary>
/// <param name="Name">Of the user; <c>unknown</c> for every name that nobody has, for what was typed may be a password.</param>
/// <param name="Reason">Why it failed.</param>
internal sealed record FailLogin(string Name, string Reason) : ChangeRequest<bool>
{
    /// <summary>How many there were.</summary>
    public long Times { get; init; } = 1;

    public override string Action => "login.fail";

    public override string Resource => $"users/{Name}";

    public override Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken) => throw new RefusedException(Reason) { Times = Times };
}
