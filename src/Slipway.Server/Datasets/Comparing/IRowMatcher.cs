namespace Slipway.Server.Datasets.Comparing;

/// <summary>Finds out what became of the rows of one partition after another: all left rows come first, then all right ones.</summary>
internal interface IRowMatcher
{
    void AddLeft(RowRecord record);

    void AddRight(RowRecord record);

    /// <summary>Ends a partition; the matcher is empty again.</summary>
    void Finish();
}
