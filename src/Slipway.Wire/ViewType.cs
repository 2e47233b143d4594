namespace Slipway.Wire;

/// <summary>Which of the experiments or runs a search looks at; sent as name or number.</summary>
public enum ViewType
{
    /// <summary>Not deleted; the default.</summary>
    ActiveOnly = 1,

    /// <summary>Deleted, but not yet removed for good.</summary>
    DeletedOnly = 2,

    /// <summary>Both.</summary>
    All = 3,
}
