namespace Slipway.Wire.Auditing;

/// <summary>Which two versions to compare.</summary>
public sealed record VersionDiffRequest
{
    /// <summary>The number of one.</summary>
    public string? A { get; init; }

    /// <summary>The number of the other.</summary>
    public string? B { get; init; }
}

/// <summary>What two versions of a model differ in.</summary>
/// <param name="Name">The model.</param>
/// <param name="A">The number of one.</param>
/// <param name="B">The number of the other.</param>
/// <param name="Sections">Params, metrics, datasets, tests, files and signature, in this order.</param>
public sealed record VersionDiff(string Name, string A, string B, IReadOnlyList<DiffSection> Sections);

/// <summary>One kind of things that are compared.</summary>
/// <param name="Section"><c>params</c>, <c>metrics</c>, <c>datasets</c>, <c>tests</c>, <c>files</c> or <c>signature</c>.</param>
/// <param name="Same">How many are the same in both.</param>
/// <param name="Differences">Those that are not.</param>
public sealed record DiffSection(string Section, long Same, IReadOnlyList<Difference> Differences)
{
    /// <summary>Why a side could not be looked at.</summary>
    public string? Note { get; init; }
}

/// <summary>Something that is not the same in both.</summary>
/// <param name="Key">What, such as the name of a param.</param>
/// <param name="A">What it is in one; absent if that lacks it.</param>
/// <param name="B">What it is in the other.</param>
public sealed record Difference(string Key, string? A, string? B);
