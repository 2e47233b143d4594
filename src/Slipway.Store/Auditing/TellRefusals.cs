namespace Slipway.Store.Auditing;

/// <summary>Writes the entries that tell of refusals which were only counted.</summary>
/// <param name="All">Also of those whose minute is not over: the program ends.</param>
internal sealed record TellRefusals(bool All) : ChangeRequest<bool>
{
    public override string Action => "refusals.tell";

    public override string Resource => "audit";

    // The group writes the entries; there is nothing else to do.
    public override Task<bool> ApplyAsync(Change change, CancellationToken cancellationToken) => Task.FromResult(true);
}
