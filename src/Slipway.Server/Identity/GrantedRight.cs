using Slipway.Store;

namespace Slipway.Server.Identity;

/// <summary>What is granted or taken back: a level, or one of the rights beside the levels.</summary>
internal sealed record GrantedRight(AccessLevel? Level)
{
    private const string PromoteWord = "promote";
    private const string ApproveWord = "approve";
    private const string BreakGlassWord = "break-glass";

    private string? Word { get; init; }

    /// <summary>Whoever manages an object gives levels; the rights by which gates are passed are given by admins.</summary>
    public bool TakesAdmin => Word is not null;

    public static GrantedRight Parse(string? text) => text switch
    {
        PromoteWord or ApproveWord or BreakGlassWord => new GrantedRight((AccessLevel?)null) { Word = text },
        _ => AccessLevels.TryParse(text, out var level)
            ? new GrantedRight(level)
            : throw Fault.Invalid($"Invalid permission '{Checks.Text.Shorten(text ?? "")}'. Valid permissions are: {AccessLevels.Allowed}, {PromoteWord}, {ApproveWord}, {BreakGlassWord}."),
    };

    public Grant AddTo(Grant grant) => Word is null ? grant with { Level = Level } : Set(grant, value: true);

    public Grant RemoveFrom(Grant grant) => Word is null ? grant with { Level = null } : Set(grant, value: false);

    public bool IsIn(Grant grant) => Word switch
    {
        null => grant.Level is not null,
        PromoteWord => grant.MayPromote,
        ApproveWord => grant.MayApprove,
        _ => grant.MayBreakGlass,
    };

    private Grant Set(Grant grant, bool value) => Word switch
    {
        PromoteWord => grant with { MayPromote = value },
        ApproveWord => grant with { MayApprove = value },
        _ => grant with { MayBreakGlass = value },
    };
}
