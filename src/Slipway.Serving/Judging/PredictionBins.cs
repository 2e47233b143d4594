namespace Slipway.Serving.Judging;

/// <summary>Sorts predictions into few bins: classes by their hash, numbers between quantiles of the first ones.</summary>
internal sealed class PredictionBins
{
    public const int Most = 32;

    /// <summary>So many numbers decide where the bins of numbers end.</summary>
    private const int Learned = 200;

    private const int NumberBins = 10;

    private readonly double[] _first = new double[Learned];
    private int _seen;

    public PredictionBins(IReadOnlyList<double>? edges) => Edges = edges is null ? null : [.. edges];

    /// <summary>Where the bins of numbers end, once that is decided.</summary>
    public double[]? Edges { get; private set; }

    /// <summary>The bin, or -1 while there is none.</summary>
    public int BinOf(Prediction prediction) => prediction.Kind switch
    {
        PredictionKind.Class => prediction.Hash % Most,
        PredictionKind.Number when Edges is not null => BinOf(prediction.Number),
        PredictionKind.Number => Learn(prediction.Number),
        _ => -1,
    };

    // A number equal to an edge belongs below it, so that a prediction that is made often has a bin of its own.
    private int BinOf(double number)
    {
        var at = Array.BinarySearch(Edges!, number);
        return at < 0 ? ~at : at;
    }

    private int Learn(double number)
    {
        _first[_seen++] = number;
        if (_seen == Learned)
        {
            Array.Sort(_first);
            Edges = [.. Enumerable.Range(1, NumberBins - 1).Select(i => _first[i * Learned / NumberBins]).Distinct()];
        }

        return -1;
    }
}
