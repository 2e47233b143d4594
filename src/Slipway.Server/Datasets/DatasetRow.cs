namespace Slipway.Server.Datasets;

/// <summary>A row of <c>datasets</c>.</summary>
/// <param name="Id">Never given again.</param>
/// <param name="Name">For good.</param>
/// <param name="Description">Null when there is none.</param>
/// <param name="Revision">Counts the edits of the description.</param>
internal sealed record DatasetRow(long Id, string Name, string? Description, long Revision)
{
    public required long CreatedAt { get; init; }

    public required long UpdatedAt { get; init; }
}
